"""Lines as a stream: in order, whatever they belong to, and no more held than a few conversations."""

import tracemalloc
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from classifiers import Classifier, Turn, load_pack

CLASSIFIER = Classifier(load_pack())
TEXTS = ["你好", "你这个废物", "我要投诉你们", "好的，明天还", "再不还就打断你的腿"]


def endless(count: int) -> Iterator[Turn]:
    return (Turn(id=str(n), text=TEXTS[n % 5], speaker=None) for n in range(count))


def test_memory_does_not_grow_with_the_lines() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        assert sum(1 for _ in CLASSIFIER.stream(endless(count))) == count
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(600)
    assert peak(6000) < 1.5 * peak(1200)


@given(st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(["a", "b", None])), max_size=30))
def test_every_line_is_judged_once_and_in_order(lines: list[tuple[str, str | None]]) -> None:
    turns = [Turn(id=str(n), text=text, conversation=talk) for n, (text, talk) in enumerate(lines)]
    assert [judgement.id for judgement in CLASSIFIER.stream(iter(turns))] == [turn.id for turn in turns]
