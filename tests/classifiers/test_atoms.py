"""The literal parts of expressions: whatever an expression matches holds one of each of its groups."""

import pytest
import re2
from hypothesis import assume, given
from hypothesis import strategies as st

from classifiers import load_pack
from classifiers.atoms import groups_of
from classifiers.patterns import Patterns, check_pattern


@pytest.mark.parametrize(
    ("pattern", "groups"),
    [
        ("打断的?腿", [{"打断的腿", "打断腿"}]),
        ("(?:打断|打折)[^，。]{0,3}(?:腿|手)", [{"打断", "打折"}, {"腿", "手"}]),
        ("[你您](?:们)?家", [{"你家", "您家", "你们家", "您们家"}]),
        ("坐牢|判刑", [{"坐牢", "判刑"}]),
        ("(?:很|太)*好+", [{"好"}]),
        (r"\d{4,}", []),
        ("(?:好)?", []),
    ],
)
def test_what_a_match_must_contain(pattern: str, groups: list[set[str]]) -> None:
    assert groups_of(pattern) == [frozenset(group) for group in groups]


ATOM = st.sampled_from(
    ["还", "钱", "不还", "[你您]", "(?:家|单位)", "(?:上门|去(?:你|他)家)", "[^，。]{0,2}", ".?", r"\d", "(?:再)?"]
)


@given(
    st.lists(ATOM, min_size=1, max_size=5).map("".join), st.text(alphabet="还钱不你您家单位上门去他再，3", max_size=16)
)
def test_nothing_is_lost_by_looking_for_them_first(pattern: str, text: str) -> None:
    assume(check_pattern(pattern) is None)  # the loader refuses what fits the empty text
    found = Patterns([pattern]).find(text).get(pattern, [])
    assert [tuple(span) for span in found] == [match.span() for match in re2.finditer(pattern, text)]


def test_few_expressions_of_the_pack_go_without() -> None:
    pack = load_pack(draft=True)
    patterns = [pack.expand(p) for rule in pack.rules for detector in rule.detect for p in detector.patterns]
    assert sum(not groups_of(pattern) for pattern in patterns) < 10
