"""What a clock is, and how its days are counted: from receipt, paused days left out, to the end of a local day."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from audit.store.types import LOCAL, local_day
from classifiers.errors import BadInput
from complaints.calendar import CountedDay, Overrides, WorkingDay, count_days, is_working
from complaints.clock_rules import ClockKind, Unit, Version


class Extension(NamedTuple):
    """Who let the clock run on, when the complainant was told, and why."""

    approver: str
    notice_on: date
    reason: str


class Pause(NamedTuple):
    """Days that do not count: those after `start` up to and with `end`, which is None while it lasts; and when the
    complainant was told.
    """

    reason: str
    start: date
    told_on: date
    end: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day is not counted."""
        return self.end is not None and self.start < day <= self.end


@dataclass(frozen=True)
class Clock:
    """One time limit of a complaint: `due_at` in UTC, local days on which to warn, and the articles behind it.

    `version` is the rule that was in force on the day of receipt, None for a regulator's own due date.
    """

    kind: ClockKind
    rule: str
    received_at: datetime
    due_at: datetime
    warn_on: tuple[date, ...]
    provisional: bool
    laws: tuple[dict[str, str], ...] = ()
    unit: Unit = Unit.calendar
    version: Version | None = None
    overrides: Overrides | None = None
    extensions: tuple[Extension, ...] = ()
    pauses: tuple[Pause, ...] = ()
    met_at: datetime | None = None

    @property
    def due_on(self) -> date:
        """The local day on which it is due."""
        return local_day(self.due_at)


def timed(clock: Clock) -> Clock:
    """The clock with what follows from its rule, extensions and pauses."""
    assert clock.version  # noqa: S101  only a rule's clock can be changed
    stage = clock.version.stages[len(clock.extensions)]
    due, *warnings = [count(clock, days) for days in (stage.days, *stage.warn_on)]
    return replace(clock, due_at=end_of(due.day), warn_on=tuple(w.day for w in warnings), provisional=due.provisional)


def count(clock: Clock, days: int) -> CountedDay:
    """That day of the clock's count, paused days left out."""

    def judge(day: date) -> WorkingDay:
        if any(past.covers(day) for past in clock.pauses):
            return WorkingDay(working=False, provisional=False)
        return _JUDGES[clock.unit](day, clock.overrides)

    return count_days(local_day(clock.received_at), days, judge)


_JUDGES: dict[Unit, Callable[[date, Overrides | None], WorkingDay]] = {
    Unit.calendar: lambda day, overrides: WorkingDay(working=True, provisional=False),
    Unit.working: is_working,
}


def end_of(day: date) -> datetime:
    """The last moment of a local day, in UTC."""
    return datetime.combine(day, time.max, LOCAL).astimezone(UTC)


def aware(moment: datetime) -> datetime:
    """The moment in UTC. Raises BadInput where it has no zone."""
    if moment.tzinfo is None:
        raise BadInput(f"{moment} has no time zone", "give it like 2026-10-19T08:40:55+08:00")
    return moment.astimezone(UTC)
