"""What every reading stands on: a text in one form, stretches of it, and the data files beside the modules."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from classifiers.folding import fold

_SENTENCE = re.compile(r"[^。！？\n]+[。！？\n]*")


@dataclass(frozen=True)
class Stretch:
    """A half-open stretch of the text as given, with what stands there."""

    start: int
    end: int
    quote: str


S = TypeVar("S", bound=Stretch)


class _Plain(dict[int, str]):
    """Each character's simplified, half-width form in lower case, where that is one character too."""

    def __missing__(self, code: int) -> str:
        folded = fold(chr(code)).text
        self[code] = folded if len(folded) == 1 else chr(code)
        return self[code]


_PLAIN = _Plain()


def plain(text: str) -> str:
    """The text in the form that patterns are written in, character for character as long as it was."""
    return text.translate(_PLAIN)


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence with the place where it begins."""
    return ((match.start(), match.group()) for match in _SENTENCE.finditer(text))


def sentence_start(text: str, place: int) -> int:
    """Where the sentence begins in which the place stands."""
    return max(text.rfind(mark, 0, place) for mark in "。！？\n") + 1


def without_overlaps(stretches: Iterable[S]) -> list[S]:
    """From left to right, and of those that share a character the one that begins first, then the longest."""
    kept: list[S] = []
    for each in sorted(stretches, key=lambda stretch: (stretch.start, -stretch.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


@cache
def data(name: str) -> Any:
    """The data file of that name."""
    return yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"))


def any_of(words: Iterable[str]) -> str:
    """An expression for one of the words, longer ones first."""
    return "|".join(sorted(words, key=len, reverse=True))
