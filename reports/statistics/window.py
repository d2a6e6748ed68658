"""A period as moments: from when to when it lasts, and up to when things are counted; and the months before it ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from audit.calls.today import moment
from audit.store.types import LOCAL, local_day
from reports.period import Period

_MONTHS = 12  # of a trend


@dataclass(frozen=True)
class Window:
    """From `start` up to but without `end`; what happened at `cutoff` or later does not count."""

    start: datetime
    end: datetime
    cutoff: datetime

    @property
    def is_over(self) -> bool:
        """Whether all of the period lies behind the cutoff."""
        return self.cutoff >= self.end

    @property
    def last_day(self) -> date:
        """The last local day of which anything is counted."""
        return local_day(self.cutoff - timedelta(microseconds=1))


def window(session: Session, period: Period) -> Window:
    """The moments of a period; one that still runs is counted up to the present."""
    start, end = _midnight(period.first), _midnight(period.last + timedelta(days=1))
    return Window(start, end, min(end, moment(session)))


def months(period: Period) -> list[Period]:
    """The twelve months up to the end of a period, in their order."""
    return [*_back(Period.parse(f"{period.last:%Y-%m}"))][::-1]


def _back(month: Period) -> Iterator[Period]:
    for _ in range(_MONTHS):
        yield month
        month = month.before


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL)
