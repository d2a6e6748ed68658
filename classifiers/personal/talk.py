"""A talk: numbers that a speaker says over several lines, put together."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from classifiers.folding import Span
from classifiers.personal import numbers
from classifiers.personal.datum import PersonalDatum, without_overlaps
from classifiers.personal.finding import find
from classifiers.spoken_digits import DIGIT

_SAID = f"(?:{DIGIT}|x|叉|艾克斯)"
_DIGIT = re.compile(_SAID)
_DIGITS = re.compile(f"{_SAID}(?:.*{_SAID})?")
_LISTENING = re.compile(  # what the other side says, or repeats, while a number is being said
    rf"(?:[嗯哦啊好对是行噢喔呃额哎诶的了吧呢，。？！ ]|{_SAID}"
    r"|您说|你说|请说|继续|然后|还有|记下|知道|明白|收到|稍等|等一?下|在记)*"
)
_BETWEEN = "，"


class SpokenLine(NamedTuple):
    """The folded text of a line, and who says it."""

    text: str
    speaker: str


def find_in_talk(lines: Sequence[SpokenLine], *, names: bool = False) -> list[list[PersonalDatum]]:
    """The personal data of each line. A number said over several lines stands in each, with its part's place there.

    The value is always the whole number. Short replies of the other side do not break a number off.
    """
    split: list[list[PersonalDatum]] = [[] for _ in lines]
    for turn in _turns(lines):
        for n, datum in _split_numbers(turn, lines):
            split[n].append(datum)
    return [without_overlaps([*split[n], *find(line.text, names=names)]) for n, line in enumerate(lines)]


def _turns(lines: Sequence[SpokenLine]) -> list[list[int]]:
    """Wherever a speaker may carry a number on from line to line, those lines: two or more."""
    going_on: dict[str, list[int]] = {}
    turns: list[list[int]] = []
    for n, (text, speaker) in enumerate(lines):
        says_digits = _DIGIT.search(text)
        if not _LISTENING.fullmatch(text):
            going_on = {speaker: going_on.get(speaker, [])} if says_digits else {}
        if says_digits:
            turn = going_on.setdefault(speaker, [])
            turn.append(n)
            turns += [turn] if len(turn) == 2 else []
    return turns


def _split_numbers(turn: list[int], lines: Sequence[SpokenLine]) -> Iterator[tuple[int, PersonalDatum]]:
    """(line, the part of the number there) for the numbers that reach over the end of a line."""
    joined = _BETWEEN.join(lines[n].text for n in turn)
    starts = list(accumulate((len(lines[n].text) + len(_BETWEEN) for n in turn), initial=0))
    for kind, span, value in numbers.find(joined) if numbers.may_hold(joined) else ():
        touched = range(bisect_right(starts, span.start) - 1, bisect_left(starts, span.end))
        placed = ((turn[m], _part(lines[turn[m]].text, span.start - starts[m], span.end - starts[m])) for m in touched)
        parts = [(n, part) for n, part in placed if part]
        if len(parts) > 1:
            yield from ((n, PersonalDatum(kind, part, value)) for n, part in parts)


def _part(text: str, start: int, end: int) -> Span | None:
    """Where digits stand in text[start:end], without the fillers around them; both may lie outside of the text."""
    match = _DIGITS.search(text, max(start, 0), max(end, 0))
    return Span(*match.span()) if match else None
