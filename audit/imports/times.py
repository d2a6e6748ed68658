"""Times, days and lengths of time in cells, in the styles that people, diallers and workbooks write."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from audit.imports.cells import half_width, no, wrong
from audit.store.types import LOCAL

_EARLIEST, _LATEST = 1990, 2100  # what lies outside is an export's empty date
_EXCEL_DAY_0 = datetime(1899, 12, 30)
_A_DAY = 86_400  # seconds

_UNITS = {"hour": 3600, "minute": 60, "second": 1}  # in seconds

_DATE = r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})日?"
_SECOND = r"(?P<second>[0-5]?\d)(?:\.(?P<fraction>\d{1,6}))?秒?"
_TIME = rf"(?P<hour>\d{{1,2}})(?::(?=\d)|[时点])(?:(?P<minute>[0-5]?\d)(?:[分:]{_SECOND}|分)?)?"
_ZONE = r"\s*(?P<zone>Z|[+-]\d\d:?\d\d)?"
_DIGITS = r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:[T\s]?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?)?"
_MOMENTS = [re.compile(style) for style in (rf"{_DATE}(?:(?:\s*T|\s+|(?<=日)){_TIME}{_ZONE})?", _DIGITS)]
_CLOCKS = [re.compile(_TIME)]
_LENGTH = (
    r"(?:(?P<hour>\d{1,9})(?:小时|时|h)\s*)?(?:(?P<minute>\d{1,9})(?:分钟|分|min|m)\s*)?"
    r"(?:(?P<second>\d{1,9}(?:\.\d{1,9})?)(?:秒钟?|sec|s)?)?"
)
_DIAL = r"(?:(?P<hour>\d{1,3}):(?=[0-5]\d:))?(?P<minute>\d{1,3}):(?P<second>[0-5]\d(?:\.\d{1,9})?)"
_SECONDS = [re.compile(_LENGTH), re.compile(_DIAL)]
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")  # days as Excel counts them
_DAY_OR_MONTH_FIRST = re.compile(r"\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d\d)\b.*")


def moment(value: object) -> datetime:
    """The time with its zone, China's where none is written. Raises an error of pydantic for what is no time."""
    found = _in_python(value) or _in_iso(value) or _in_words(value)
    if not _EARLIEST <= found.year <= _LATEST:
        raise wrong(f"the year {found.year} cannot be")
    return found if found.tzinfo else found.replace(tzinfo=LOCAL)


def day(value: object) -> date:
    """The day in China of a moment. Raises as `moment` does."""
    return moment(value).astimezone(LOCAL).date()


def clock(value: object) -> time:
    """The time of day; 24:00 is midnight, a number is a part of a day. Raises an error of pydantic for what is none."""
    if isinstance(value, time):
        return value
    if isinstance(value, timedelta):
        value = value / timedelta(days=1)
    length = _part_of_a_day(value) if isinstance(value, int | float) else _added_up(_CLOCKS, value)
    if length is None or length > _A_DAY:
        raise no("time of day", value)
    return (_EXCEL_DAY_0 + timedelta(seconds=length)).time()


def seconds(value: object) -> int:
    """The length in whole seconds; 1:05 is a minute and five. Raises an error of pydantic for more than a day."""
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if isinstance(value, timedelta):
        value = value.total_seconds()
    length = _added_up(_SECONDS, value)
    if length is None:
        raise no("length in seconds", value)
    if length > _A_DAY:
        raise wrong(f"{length} seconds are more than a day")
    return length


def _in_python(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else None


def _in_iso(value: object) -> datetime | None:
    """The usual style, read fast; only with dashes, for without them a digit may be taken for the T."""
    if not isinstance(value, str) or value[4:5] != "-" or value[10:11] not in "T ":
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _in_words(value: object) -> datetime:
    text = half_width(value).removesuffix(".0")
    if _SERIAL.fullmatch(text):
        return _EXCEL_DAY_0 + timedelta(seconds=round(float(text) * _A_DAY))
    if _DAY_OR_MONTH_FIRST.fullmatch(text):
        raise wrong(f"{text[:40]!r} may have the day or the month first: write it like 2026-11-10")
    try:
        return datetime.fromisoformat(_as_iso(_parts(_MOMENTS, text)))
    except ValueError:
        raise no("time", value) from None


def _as_iso(parts: dict[str, str]) -> str:
    day = f"{parts['year']}-{parts['month']:0>2}-{parts['day']:0>2}" if parts else ""
    hours = ":".join(f"{parts.get(name, '0'):0>2}" for name in ("hour", "minute", "second"))
    return f"{day}T{hours}.{parts.get('fraction', '0'):0<6}{parts.get('zone', '')}"


def _part_of_a_day(value: float) -> int | None:
    return round(value * _A_DAY) if 0 <= value <= 1 and not isinstance(value, bool) else None


def _added_up(styles: Iterable[re.Pattern[str]], value: object) -> int | None:
    """The seconds that a length or time of day comes to, or None where it is written in none of the styles."""
    parts = _parts(styles, half_width(value))
    return round(sum(Decimal(parts.get(name, 0)) * unit for name, unit in _UNITS.items())) if parts else None


def _parts(styles: Iterable[re.Pattern[str]], text: str) -> dict[str, str]:
    """What the first style that fits says of each part named in it; nothing where none fits."""
    found = next(filter(None, (style.fullmatch(text) for style in styles)), None)
    return {name: part for name, part in found.groupdict().items() if part} if found else {}
