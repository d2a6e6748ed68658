"""Hours of a day: a part of it (半夜), a clock hour said exactly or loosely (晚上快十点), or from one to another."""

import re
from dataclasses import dataclass, replace
from functools import cache

from complaints.reading.quantities import DIGITS, quantity
from complaints.reading.text import any_of, data

_NOON = 12 * 60
_NEAR = 20  # characters within which 九点 is still of the evening named before
_TO = re.compile("[到至~—-]+")
_EVENING = re.compile("[晚夜]|傍|下午|午后")
_NIGHT = re.compile("[夜晚]")


@dataclass(frozen=True)
class Hours:
    """Minutes from the day's midnight, both inclusive; past 1440 they are the next day's.

    `small` is whether it may be the night's small hours that follow the day (昨天半夜两点).
    """

    start: int
    end: int
    first: int
    last: int
    part: str = ""
    vague: bool = False
    small: bool = False


def hours(text: str) -> list[Hours]:
    """The hours told in a plain text, from left to right; 早上八点到晚上九点 is one."""
    found: list[Hours] = []
    for match in _pattern().finditer(text):
        before = found[-1] if found else None
        near = (
            before is not None and match.start() - before.end < _NEAR and "。" not in text[before.end : match.start()]
        )
        each = _hours(match, match["part"] or (before.part if before and near else ""))
        if each and before and _TO.fullmatch(text, before.end, each.start):
            found[-1] = _from_to(before, each)
        elif each:
            found.append(each)
    return found


def _from_to(first: Hours, last: Hours) -> Hours:
    end = last.last if last.last > first.first else last.last + _NOON
    return replace(first, end=last.end, last=end, part=last.part)


@cache
def _pattern() -> re.Pattern[str]:
    words = data("calendar")
    vague, parts = any_of(words["vague"]), any_of(words["parts"])
    clock = (
        rf"(?P<before>{vague})?(?<![\d.])(?P<h>\d{{1,2}}|[{DIGITS}十]{{1,3}})"
        rf"(?:(?P<o>点钟?|时)(?![间候])(?:(?P<half>半|一刻|三刻)|(?P<m>\d{{1,2}}|[{DIGITS}十]{{1,3}})(?:分|(?![个次天通号])))?"
        rf"|：(?P<screen>[0-5]\d)(?:：[0-5]\d)?(?!\d))(?P<after>{vague})?"
    )
    return re.compile(
        r"(?P<night>[晚夜]上?(?=凌晨|半夜|深夜|后半夜))?"
        rf"(?:(?P<part>{parts})?[ 的]?(?:{clock})|(?P<only>{parts})(?!(?<=晚)[了还交付]))"
    )


def _hours(match: re.Match[str], part: str) -> Hours | None:
    if match["only"]:
        return _part_alone(match)
    hour = quantity(match["h"])
    if hour is None or hour.high > 24 or _no_clock(match, part):
        return None
    minute, kind = _minute(match)
    first, last = (_of_day(int(h), part, kind == "screen") * 60 + minute for h in hour)
    vague = match["before"] or match["after"]
    words = data("calendar")
    less, more = words["vague"][vague] if vague else words["plain"][kind]
    if minute and more == 59:
        more = 59 - minute % 60
    if hour.low != hour.high:
        less, more, vague = 0, 59, vague or "几"
    small = bool(match["night"] or _NIGHT.search(part)) and first < 6 * 60
    return Hours(match.start(), match.end(), first + less, last + more, part, bool(vague), small)


def _no_clock(match: re.Match[str], part: str) -> bool:
    """三点要求, 快一点, 晚一点: no hours."""
    sure = part or match["half"] or match["m"] or match["screen"] or match["after"] or match["o"] == "点钟"
    bare = match["h"] == "一" and not match["after"] and part in ("", "早", "晚")
    return bare or not (sure or match["h"].isdigit() or len(match["h"]) > 1 or match["before"] == "不到")


def _minute(match: re.Match[str]) -> tuple[int, str]:
    if match["screen"]:
        return int(match["screen"]), "screen"
    if match["half"]:
        return {"半": 30, "一刻": 15, "三刻": 45}[match["half"]], "half"
    minute = quantity(match["m"]) if match["m"] else None
    return (int(minute.low), "minutes") if minute and minute.low < 60 else (0, "hour")


def _of_day(hour: int, part: str, on_screen: bool) -> int:
    """The hour on a clock of 24, past 24 for the night that follows."""
    if hour > 12 or (on_screen and not part):
        return hour
    if "中午" in part or part in ("正午", "午休"):
        return hour + 12 if hour < 5 else hour
    if _EVENING.search(part):
        return _in_the_evening(hour, part)
    if part:
        return 0 if part == "凌晨" and hour == 12 else hour
    return hour + 12 if hour < 7 else hour


def _in_the_evening(hour: int, part: str) -> int:
    if part in ("下午", "午后", "傍晚"):
        return hour if hour == 12 else hour + 12
    if hour == 12:
        return 24
    return hour if hour < 5 else hour + 12


def _part_alone(match: re.Match[str]) -> Hours:
    first, last = (int(clock[:2]) * 60 + int(clock[3:]) for clock in data("calendar")["parts"][match["only"]])
    return Hours(match.start(), match.end(), first, last - 1, match["only"], True)
