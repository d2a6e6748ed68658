"""Days told: the tokens of a text (昨天, 上周三, 十月二十日, 国庆前后, 那天), and which days each one means."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from complaints.reading import dates, feasts
from complaints.reading.frame import Days, Frame, back
from complaints.reading.quantities import QUANTITY, quantity
from complaints.reading.text import any_of, data

Resolve = Callable[[re.Match[str], Frame], Days | None]
_UNITS = {"天": (1, 0), "日": (1, 0), "周": (7, 2), "星期": (7, 2), "礼拜": (7, 2), "月": (30, 7), "年": (365, 45)}
_OPEN = re.compile(r"就?(?:起(?![诉来])|开始|以来|至今|到现在|到今天|到目前)")
_ABOUT = re.compile("左右|前后|上下|那几天|那阵子")
_OFF = timedelta(days=2)
_UNIT = "(?:个多?|多个?)?(?P<unit>天|日(?!元)|周|星期|礼拜|月|年)"


@dataclass(frozen=True)
class Named:
    """Days named at text[start:end]."""

    start: int
    end: int
    days: Days


def resolved(text: str, received: date) -> Iterator[Named]:
    """Each token with its days; one that means days ahead of receipt has none and is left out."""
    frame = Frame(received)
    for match, resolve in _tokens(text):
        meant = resolve(match, frame)
        if meant and meant.first <= received:
            each = _widened(text, Named(match.start(), match.end(), meant), received)
            yield replace(each, days=replace(each.days, last=min(each.days.last, received)))
            frame = frame.after(each.days)


def _widened(text: str, named: Named, received: date) -> Named:
    """从9月起 runs until receipt, and 20号左右 may be some days off."""
    about, opening = _ABOUT.match(text, named.end), _OPEN.match(text, named.end)
    if opening:
        return Named(named.start, opening.end(), replace(named.days, last=received, vague=True, open=True))
    if about:
        first, last = named.days.first - _OFF, named.days.last + _OFF
        return Named(named.start, about.end(), replace(named.days, first=first, last=last, vague=True))
    return named


def future(text: str) -> list[int]:
    """Where words for days ahead end (明天, 下周), whose hours are nobody's past."""
    return [match.end() for match in _FUTURE.finditer(text)]


def _tokens(text: str) -> Iterator[tuple[re.Match[str], Resolve]]:
    found = [(match, resolve) for pattern, resolve in _table() for match in pattern.finditer(text)]
    end = 0
    for match, resolve in sorted(found, key=lambda pair: (pair[0].start(), -pair[0].end())):
        if match.start() >= end:
            yield match, resolve
            end = match.end()


@cache
def _table() -> list[tuple[re.Pattern[str], Resolve]]:
    words = data("calendar")
    table: list[tuple[str, Resolve]] = [
        (rf"(?<![以之从目提])(?P<ago>{any_of(words['ago'])})(?!天)", _ago),
        (r"(?P<ago>昨|今|前)(?=早|晨|晚(?!期)|夜|上午|中午|下午|凌晨)", _ago_short),
        (rf"(?P<after>{any_of(words['after'])})(?!天)", _after),
        (r"(?P<after>当)(?=晚|夜|天(?!天)|早上)", _after),
        (rf"(?P<n>{QUANTITY}|半){_UNIT}(?:之|以)?前", _before),
        (rf"(?:最近|过去|近|这)的?(?P<n>{QUANTITY}|半){_UNIT}(?:以来|来|里|内|之内|间)?", _until_now),
        (rf"(?P<n>{QUANTITY}|半){_UNIT}(?:以来|下来|来(?![了电访]))", _until_now),
        (rf"(?:连续|一连|接连|连着)(?P<n>{QUANTITY}){_UNIT}", _running),
        *dates.TABLE,
        *feasts.table(),
    ]
    return [(re.compile(pattern), resolve) for pattern, resolve in table]


_FUTURE = re.compile(
    r"大?后天(?!天)|明[天早晚日]|下(?:个?月|周|个?星期|个?礼拜)[一二三四五六日天]?|[之以]?后[一二两三四五六七八九十]天"
)


def _ago(match: re.Match[str], frame: Frame) -> Days:
    low, high = data("calendar")["ago"][match["ago"]]
    return back(frame.received, low, high)


def _ago_short(match: re.Match[str], frame: Frame) -> Days:
    ago = {"今": 0, "昨": 1, "前": 2}[match["ago"]]
    return back(frame.received, ago, ago)


def _after(match: re.Match[str], frame: Frame) -> Days | None:
    """The day named last, or so many days after it."""
    if frame.named is None:
        return None
    on = timedelta(days=data("calendar")["after"].get(match["after"], 0))
    base = frame.named
    if on:
        day = (base.first if on.days < 0 else base.last) + on
        return Days(day, day)
    return base


def _span(match: re.Match[str]) -> tuple[float, float, int] | None:
    """(the least days meant, the most, the slack of such a unit)."""
    unit, slack = _UNITS[match["unit"]]
    if match["n"] == "半":
        return (unit / 2, unit / 2, max(slack // 2, 2))
    amount = quantity(match["n"])
    more = 0.5 * unit if "个多" in match.group() else 0
    return (amount.low * unit, amount.high * unit + more, slack) if amount and amount.high * unit < 4000 else None


def _before(match: re.Match[str], frame: Frame) -> Days | None:
    span = _span(match)
    if span is None:
        return None
    low, high, slack = span
    return back(frame.received, round(high) + slack, round(low) - slack, vague=slack > 0 or low != high)


def _until_now(match: re.Match[str], frame: Frame) -> Days | None:
    span = _span(match)
    return back(frame.received, round(span[1]), 0, vague=True) if span else None


def _running(match: re.Match[str], frame: Frame) -> Days | None:
    """连续三天: after 从20号起 the days from that one on, otherwise those up to receipt."""
    span = _span(match)
    if span is None:
        return None
    if frame.named and frame.named.open:
        first = frame.named.first
        return Days(first, first + timedelta(days=max(round(span[1]) - 1, 0)))
    return back(frame.received, round(span[1]), 0, vague=True)
