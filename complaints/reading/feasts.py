"""Feasts as days: 中秋那天, 国庆期间, 春节前, 国庆前后."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from complaints.reading.frame import Days, Frame
from complaints.reading.text import any_of, data

_AROUND = 7  # days before or after that people mean
_BEFORE_AND_AFTER = 5


def table() -> list[tuple[str, Callable[[re.Match[str], Frame], Days | None]]]:
    """The expression of feasts, and which days a match means."""
    words = data("calendar")
    names = any_of([*words["fixed"], *words["moving"], *words["also"]])
    pattern = (
        rf"(?P<year>去年|前年|今年)?的?(?<!二)(?P<feast>{names})(?!月|点|分|个|块|元|天|号|次|万|法)(?:小?长?假)?"
        r"(?P<when>前一天|第二天|前夕|前后|那天|当天|当晚|期间|假期|放假|那几天|之前|前|之?后(?!来))?"
    )
    return [(pattern, _feast)]


def _feast(match: re.Match[str], frame: Frame) -> Days | None:
    known = _days_of(match["feast"])
    years = {"去年": frame.received.year - 1, "前年": frame.received.year - 2}.get(match["year"] or "")
    past = [day for day in known if day <= frame.received and (years is None or day.year == years)]
    return _when(match["when"], max(past), _off(match["feast"])) if past else None


def _when(when: str | None, day: date, off: int) -> Days:
    end = day + timedelta(days=off - 1)
    if when in ("那天", "当天", "当晚"):
        return Days(day, day, dated=True)
    if when in ("前一天", "前夕", "第二天"):
        other = day + timedelta(days=1 if when == "第二天" else -1)
        return Days(other, other, dated=True)
    if when == "前后":
        return Days(day - timedelta(days=_BEFORE_AND_AFTER), end + timedelta(days=_BEFORE_AND_AFTER), vague=True)
    if when in ("前", "之前"):
        return Days(day - timedelta(days=_AROUND), day - timedelta(days=1), vague=True)
    if when in ("后", "之后"):
        return Days(end + timedelta(days=1), end + timedelta(days=_AROUND), vague=True)
    return Days(day, end, vague=off > 1)


def _name(feast: str) -> str:
    return str(data("calendar")["also"].get(feast, feast))


def _off(feast: str) -> int:
    words = data("calendar")
    fixed = words["fixed"].get(feast)
    return int(fixed[2] if fixed else words["moving"][_name(feast)]["free"])


def _days_of(feast: str) -> list[date]:
    """Its day in every year that the calendar knows."""
    words = data("calendar")
    fixed = words["fixed"].get(feast)
    years = range(2020, 2041)
    return [date(year, *fixed[:2]) for year in years] if fixed else list(words["moving"][_name(feast)]["days"])
