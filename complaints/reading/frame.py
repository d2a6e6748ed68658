"""Stretches of days, and what is known where one is named: when the complaint came, and the days named before."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta


@dataclass(frozen=True)
class Days:
    """From the first day to the last, both inclusive. `dated` tells its month, `open` runs on (从9月起)."""

    first: date
    last: date
    vague: bool = False
    dated: bool = False
    open: bool = False


@dataclass(frozen=True)
class Frame:
    """The day of receipt, the days named last, and those named last together with their month."""

    received: date
    named: Days | None = None
    dated: Days | None = None

    def after(self, days: Days) -> "Frame":
        """The frame for what follows."""
        return replace(self, named=days, dated=days if days.dated else self.dated)


def back(received: date, most: int, least: int, vague: bool = False) -> Days:
    """The days from so many before receipt to so many before it."""
    return Days(received - timedelta(days=most), received - timedelta(days=max(least, 0)), vague or most != least)


def day_in(year: int, month: int, day: int) -> date | None:
    """That day, or None where the calendar has none."""
    return date(year, month, day) if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] else None


def month_of(year: int, month: int, first: int = 1, last: int = 31) -> Days:
    """A month, or the part of it between two days."""
    end = min(last, monthrange(year, month)[1])
    return Days(date(year, month, first), date(year, month, end), vague=True, dated=True)


def months_back(received: date, months: int) -> tuple[int, int]:
    """(year, month) so many months before that of receipt."""
    count = received.year * 12 + received.month - 1 - months
    return count // 12, count % 12 + 1
