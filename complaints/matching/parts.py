"""A complaint's text cut into parts, one for each time told at which something happened."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from audit.store.types import LOCAL
from complaints.matching.words import channels, pattern, tells, without_left
from complaints.reading import Reading
from complaints.reading.text import Stretch, sentence_start
from complaints.reading.times import Certainty, TimeReading

QUOTED = re.compile('[“「"]([^”」"\n]{2,200})[”」"]')
_MARKS = "，。！？；\n"

S = TypeVar("S", bound=Stretch)


class Part(NamedTuple):
    """folded[start:end] with the time it is about, if it tells one."""

    time: TimeReading | None
    start: int
    end: int


def parts(folded: str, reading: Reading, received_at: datetime) -> Iterator[Part]:
    """The parts from left to right; what stands before the first time is part of it, unless it tells of a contact by
    itself.
    """
    told = _merged(folded, reading, _by_times(folded, reading.times))
    return _with_others(folded, reading, _with_later(folded, told, received_at))


def _by_times(folded: str, times: list[TimeReading]) -> list[Part]:
    """The text by the times told in it; deadlines are none."""
    deadline = pattern("deadline")
    kept = list(_apart(folded, [time for time in times if not deadline.match(folded, time.end)]))
    if not kept:
        return [Part(None, 0, len(folded))]
    begins = [_clause_start(folded, time.start) for time in kept]
    ends = [*begins[1:], len(folded)]
    return [Part(None, 0, begins[0]), *(Part(*part) for part in zip(kept, begins, ends, strict=True))]


def _apart(folded: str, times: list[TimeReading]) -> Iterator[TimeReading]:
    """Of the times told in one clause the narrowest, as the others only place it; 22号还是23号 is both."""
    clauses: dict[int, list[TimeReading]] = {}
    for time in times:
        clauses.setdefault(_clause_start(folded, time.start), []).append(time)
    for told in clauses.values():
        width = min(time.last - time.first for time in told)
        alike = [time for time in told if time.last - time.first == width]
        yield replace(alike[0], first=min(t.first for t in alike), last=max(t.last for t in alike))


def _merged(folded: str, reading: Reading, parts: list[Part]) -> list[Part]:
    """Parts that tell of no contact of their own go to the one before, or else to the one behind."""
    kept: list[Part] = []
    waiting: int | None = None
    for part in parts:
        if _tells_of_contact(folded, reading, part):
            kept.append(part if waiting is None else part._replace(start=waiting))
            waiting = None
        elif kept:
            kept[-1] = kept[-1]._replace(end=part.end)
        elif waiting is None:
            waiting = part.start
    return kept or [max(parts, key=lambda part: part.end - part.start)]


def _tells_of_contact(folded: str, reading: Reading, part: Part) -> bool:
    words = without_left(folded[part.start : part.end])
    if channels(words):
        return True
    if part.time and part.time.certainty is Certainty.guessed:
        return False
    accused = bool(within(reading.kinds, part.start, part.end) or QUOTED.search(words))
    return accused or (part.time is not None and tells("again", words))


def _clause_start(folded: str, place: int) -> int:
    return max(folded.rfind(mark, 0, place) for mark in _MARKS) + 1


def _with_later(folded: str, parts: list[Part], received_at: datetime) -> Iterator[Part]:
    """The parts, with what came after the time told (之后又打来两次) as one of its own: until receipt."""
    afterwards = pattern("afterwards")
    for part in parts:
        later = afterwards.search(folded, part.time.end, part.end) if part.time else None
        if not (later and part.time):
            yield part
            continue
        until = replace(part.time, last=received_at.astimezone(LOCAL), certainty=Certainty.guessed)
        yield part._replace(end=later.start())
        yield Part(until, later.start(), part.end)


def _with_others(folded: str, reading: Reading, told: Iterable[Part]) -> Iterator[Part]:
    """The parts, with the sentence from which on others are told to have been contacted as one of its own."""
    for part in told:
        others = within(reading.people.contacts, part.start, part.end)
        start = sentence_start(folded, others[0].start) if others else part.start
        before, behind = folded[part.start : max(part.start, start)], folded[start : part.end]
        if channels(without_left(before)) and channels(without_left(behind)):
            yield part._replace(end=start)
            yield Part(part.time and _whole_days(part.time), start, part.end)
        else:
            yield part


def _whole_days(time: TimeReading) -> TimeReading:
    first = time.first.replace(hour=0, minute=0)
    return replace(time, first=first, last=max(time.last, first + timedelta(days=1)), certainty=Certainty.guessed)


def within(stretches: Iterable[S], start: int, end: int) -> list[S]:
    """Those that begin in text[start:end]."""
    return [each for each in stretches if start <= each.start < end]
