"""A regulator's own due date: as an officer gives it, as a transfer tells it, and as an event keeps it."""

import re
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from audit.store.types import local_day
from classifiers.detectors import Part
from classifiers.errors import BadInput
from complaints.calendar import read_yaml
from complaints.clock_rules import OTHER, Unit, shipped_rules
from complaints.clocks import OwnDue, Within
from complaints.reading.quantities import NUMBER, exact
from complaints.reading.text import plain

SHIPPED = Path(__file__).with_name("due.yaml")
NONE = "none"
_DAYS = re.compile(r"(\d{1,3}) ?(d|w)")
_UNITS = {"d": Unit.calendar, "w": Unit.working}
_LONGEST = 366  # days


class Words(Part):
    """How a transfer sets its own time limit, in expressions."""

    transfer: str
    answer: str
    days: tuple[str, ...]
    dates: tuple[str, ...]

    def compiled(self, patterns: tuple[str, ...]) -> list[re.Pattern[str]]:
        """The patterns with what they share put in."""
        return [re.compile(each.replace("{n}", NUMBER).replace("{answer}", self.answer)) for each in patterns]


def parse_due(text: str) -> OwnDue | None:
    """A date, so many calendar (`5d`) or working (`5w`) days from receipt, or None for `none`. Raises BadInput."""
    if text == NONE:
        return None
    if told := _DAYS.fullmatch(text):
        return _within(int(told[1]), _UNITS[told[2]])
    with suppress(ValueError):
        return date.fromisoformat(text)
    raise BadInput(f"{text} is no due date", "write 2026-11-05, 5d (calendar days), 5w (working days) or none")


def told_due(text: str, channel: str, received_at: datetime) -> OwnDue | None:
    """The time limit that a regulator's transfer sets in its text, or None."""
    words, folded = _words(), plain(text)
    if channel == OTHER or channel not in shipped_rules().channels or not re.search(words.transfer, folded):
        return None
    for pattern in words.compiled(words.days):
        if (match := pattern.search(folded)) and 1 <= (n := exact(match["n"]) or 0) <= _LONGEST:
            return Within(int(n), Unit.working if match["working"] else Unit.calendar)
    dates = (match for pattern in words.compiled(words.dates) for match in pattern.finditer(folded))
    return next(filter(None, (_date(match, local_day(received_at)) for match in dates)), None)


def as_body(due: OwnDue | None) -> dict[str, Any] | None:
    """For an event's body."""
    if isinstance(due, Within):
        return {"days": due.days, "unit": due.unit}
    return {"date": due.isoformat()} if due else None


def from_body(body: dict[str, Any] | None) -> OwnDue | None:
    """What `as_body` wrote."""
    if not body:
        return None
    return Within(body["days"], Unit(body["unit"])) if "days" in body else date.fromisoformat(body["date"])


@cache
def _words() -> Words:
    return read_yaml(SHIPPED, Words)


def _within(days: int, unit: Unit) -> Within:
    if not 1 <= days <= _LONGEST:
        raise BadInput(f"{days} days", f"give 1 to {_LONGEST}")
    return Within(days, unit)


def _date(match: re.Match[str], received_on: date) -> date | None:
    """The day named; without its year the next one of that name."""
    for year in [int(match["year"])] if match["year"] else [received_on.year, received_on.year + 1]:
        with suppress(ValueError):
            if (day := date(year, int(match["month"]), int(match["day"]))) >= received_on:
                return day
    return None
