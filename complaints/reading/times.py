"""When it happened: windows of local time for what is told, relative to receipt, from 昨天 to 上周三晚上快十点."""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from audit.store.types import LOCAL
from complaints.reading.days import Named, future, resolved
from complaints.reading.frame import Days
from complaints.reading.hours import Hours, hours
from complaints.reading.text import Stretch, plain, sentence_start

_BETWEEN = re.compile(r"[ ，的t在是就又我大概约差不多他们她您从自（]{0,6}")
_NEAR = 4  # characters between a day ahead and its hours
_TO = re.compile("(?:一直)?[到至~—-]+")
_LAST_MINUTE = 24 * 60 - 1


class Certainty(StrEnum):
    """How sure a window is: told in full, told loosely, or worked out from what stands around it."""

    stated = "stated"
    vague = "vague"
    guessed = "guessed"


@dataclass(frozen=True)
class TimeReading(Stretch):
    """A window in local time, both ends inclusive; `last` is never after receipt."""

    first: datetime
    last: datetime
    certainty: Certainty


def times(text: str, received_at: datetime) -> list[TimeReading]:
    """The windows told in a text, from left to right; none lies after receipt.

    Hours belong to the day just before them, or else to the one named last, or to the next one of their sentence.
    """
    received, folded = received_at.astimezone(LOCAL), plain(text)
    setting = _Setting(text, folded, received, _joined(folded, list(resolved(folded, received.date()))))
    ahead = future(folded)
    told = [setting.of_hours(each) for each in hours(folded) if not _is_ahead(ahead, each.start)]
    beside = {named for _, named in told}
    found = [reading for reading, _ in told]
    found += [setting.of_day(named) for named in setting.named if named not in beside]
    standing = (replace(each, last=min(each.last, received)) for each in found if each and each.first <= received)
    return sorted(standing, key=lambda each: (each.start, each.end))


def _is_ahead(ends: list[int], start: int) -> bool:
    """Whether a word for a day ahead ends just before (明天上午九点)."""
    n = bisect_right(ends, start) - 1
    return n >= 0 and start - ends[n] <= _NEAR


def _joined(text: str, named: list[Named]) -> list[Named]:
    """20号到22号 as one, and 从20号起连续三天."""
    joined: list[Named] = []
    for each in named:
        before = joined[-1] if joined else None
        if before and _TO.fullmatch(text, before.end, each.start) and before.days.first <= each.days.last:
            joined[-1] = Named(before.start, each.end, replace(before.days, last=each.days.last))
        elif before and before.days.open and before.end == each.start:
            joined[-1] = Named(before.start, each.end, each.days)
        else:
            joined.append(each)
    return joined


@dataclass(frozen=True)
class _Setting:
    """A text as given and in plain form, when it came, and the days named in it."""

    text: str
    folded: str
    received: datetime
    named: list[Named]

    def of_hours(self, told: Hours) -> tuple[TimeReading | None, Named | None]:
        """The window of hours, and the day right beside them, if they have one."""
        day = self._day_for(told)
        if day is None:
            return (self._latest(told) if self.text[told.start : told.end] != told.part else None), None
        beside = _BETWEEN.fullmatch(self.folded, day.end, told.start) is not None
        return self._window(told, day, beside), day if beside else None

    def of_day(self, day: Named) -> TimeReading:
        """The window of whole days."""
        certainty = Certainty.vague if day.days.vague else Certainty.stated
        return self._reading(day.start, day.end, _at(day.days.first, 0), _at(day.days.last, _LAST_MINUTE), certainty)

    def _day_for(self, told: Hours) -> Named | None:
        """The day named last before the hours, or else the first one of their sentence."""
        n = bisect_right(self.named, told.start, key=lambda day: day.end) - 1
        if n >= 0:
            return self.named[n]
        same = bool(self.named) and (
            sentence_start(self.folded, self.named[0].start) == sentence_start(self.folded, told.start)
        )
        return self.named[0] if same else None

    def _window(self, told: Hours, day: Named, beside: bool) -> TimeReading:
        vague = Certainty.vague if told.vague or day.days.vague else Certainty.stated
        into_next = told.small and not (day.days.dated or day.days.last == self.received.date())
        on = 24 * 60 if into_next else 0
        start = min(told.start, day.start) if beside else told.start
        first, last = _at(day.days.first, told.first + on), _at(day.days.last, told.last + on)
        return self._reading(start, told.end, first, last, vague if beside else Certainty.guessed)

    def _latest(self, told: Hours) -> TimeReading:
        """Hours with no day anywhere: the latest that are past."""
        day = self.received.date()
        if _at(day, told.first) > self.received:
            day -= timedelta(days=1)
        return self._window(told, Named(told.start, told.start, Days(day, day, dated=True)), beside=False)

    def _reading(self, start: int, end: int, first: datetime, last: datetime, certainty: Certainty) -> TimeReading:
        return TimeReading(start, end, self.text[start:end], first, last + timedelta(seconds=59), certainty)


def _at(day: date, minutes: int) -> datetime:
    """That minute, counted from the day's midnight."""
    return datetime.combine(day, time(), LOCAL) + timedelta(minutes=minutes)
