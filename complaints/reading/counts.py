"""How often: 一天打了五六个, 每天十几通, 一个小时打了八次, 三次."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from complaints.reading.quantities import QUANTITY, quantity
from complaints.reading.text import Stretch, plain

_THINGS = r"(?:个(?:多)?(?:电话|来电|未接)|通电话|通|遍|次|条(?:短信|信息|微信|消息)|封)"
_UNITS = {"天": 1.0, "日": 1.0, "上午": 0.5, "下午": 0.5, "晚上": 0.5, "周": 7.0, "星期": 7.0, "礼拜": 7.0, "月": 30.0}
_HOURS = {"小时": 1.0, "钟头": 1.0, "分钟": 1 / 60}
_PER = re.compile(
    rf"(?:(?P<n>{QUANTITY}|半)个?|每个?|平均每?|一?整)(?P<unit>天|日|上午|下午|晚上|周|星期|礼拜|月|小时|钟头|分钟)"
    rf"[^，。！？；\d每]{{0,10}}?(?P<many>{QUANTITY})(?:个(?![月小人星礼钟])|{_THINGS})"
)
_COUNT = re.compile(rf"(?<!第)(?<![首上这那某])(?P<many>{QUANTITY})(?:{_THINGS})(?![性日])")


@dataclass(frozen=True)
class CountReading(Stretch):
    """From `n_low` to `n_high` contacts in each stretch of time `per`; None where it is not said."""

    n_low: int
    n_high: int
    per: timedelta | None


def counts(text: str) -> list[CountReading]:
    """The counts of calls and messages told in a text, from left to right."""
    folded = plain(text)
    found = list(_read(text, _PER, folded))
    rest = (each for each in _read(text, _COUNT, folded) if not any(p.start <= each.start < p.end for p in found))
    return sorted([*found, *rest], key=lambda each: each.start)


def _read(text: str, pattern: re.Pattern[str], folded: str) -> Iterator[CountReading]:
    for match in pattern.finditer(folded):
        many = quantity(match["many"])
        if many and many.high < 10_000:
            per = _per(match) if pattern is _PER else None
            start, end = match.span()
            yield CountReading(start, end, text[start:end], int(many.low), int(many.high), per)


def _per(match: re.Match[str]) -> timedelta:
    said = quantity(match["n"]) if match["n"] and match["n"] != "半" else None
    times = 0.5 if match["n"] == "半" else said.high if said else 1
    if hours := _HOURS.get(match["unit"]):
        return timedelta(hours=hours * times)
    return timedelta(days=_UNITS[match["unit"]] * times)
