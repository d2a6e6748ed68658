"""The figures by which the product is judged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.evaluate import Score, evaluate
from classifiers.taxonomy import Kind

A, T, D = Kind.abuse, Kind.threat, Kind.dispute


def test_kinds_are_counted_line_by_line() -> None:
    result = evaluate(
        [
            (frozenset({A}), frozenset({A, T})),
            (frozenset({A, D}), frozenset()),
            (frozenset(), frozenset({D})),
            (frozenset({D}), frozenset({A, D})),
            (frozenset(), frozenset()),
        ]
    )
    assert result.kinds == {A: Score(1, 1, 1), T: Score(0, 1, 0), D: Score(1, 1, 1)}
    assert result.macro_f1 == pytest.approx(0.5)
    assert result.fpr == pytest.approx(1 / 3)  # of three lines without a violation label, one is accused


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_figure(tp: int, fp: int, fn: int) -> None:
    score = Score(tp, fp, fn)
    low, high = score.interval
    assert 0 <= low <= score.f1 + 1e-9
    assert score.f1 - 1e-9 <= high <= 1


def test_more_lines_make_a_narrower_interval() -> None:
    few, many = Score(8, 1, 1).interval, Score(800, 100, 100).interval
    assert many[1] - many[0] < few[1] - few[0]
