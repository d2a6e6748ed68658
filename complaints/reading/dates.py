"""Days by the calendar: dates, days of the month, months, weeks, years. A year not written is the latest past one."""

import re
from datetime import date, timedelta

from complaints.reading.frame import Days, Frame, back, day_in, month_of, months_back
from complaints.reading.quantities import DIGITS, exact
from complaints.reading.text import data

_N = rf"(?:\d{{1,2}}|[{DIGITS}十廿]{{1,3}})"
_YEAR = rf"(?:(?P<y>20\d{{2}}|\d{{2}}|二[{DIGITS}]{{3}}|[去今前当本])年度?)?"
_TO = "(?:到|至|~|—+|-+)"
_NOT_A_DAY = "(?![楼线院店门房桌窗室码内栋令个次元万%])"
_WEEK = "(?:周|星期|礼拜)"
_LAST = {"这": 0, "这个": 0, "本": 0, "上": 1, "上个": 1, "上上": 2, "上上个": 2, "前个": 2}
_WHICH = "上上个?|上个?|这个?|本"
_WEEKDAYS = "一二三四五六日"


def _number(words: str) -> int:
    return int(exact(words) or 0)


def _year(match: re.Match[str], received: date) -> int | None:
    """The year written, or None."""
    words = match["y"]
    if not words:
        return None
    said = {"去": received.year - 1, "前": received.year - 2, "今": received.year, "本": received.year}
    if words in said or words == "当":
        return said.get(words, received.year)
    number = _number(words)
    return number if number > 100 else 2000 + number


def _latest(month: int, day: int, received: date) -> date | None:
    """The latest such day that is not ahead; a 29 February may be some years back."""
    past = (day_in(received.year - n, month, day) for n in range(5))
    return next((d for d in past if d and d <= received), None)


def _date(match: re.Match[str], frame: Frame) -> Days | None:
    year, month, day = _year(match, frame.received), _number(match["m"]), _number(match["d"])
    meant = day_in(year, month, day) if year else _latest(month, day, frame.received)
    return Days(meant, meant, dated=True) if meant else None


def _dates(match: re.Match[str], frame: Frame) -> Days | None:
    """10月20日至22日, 20到22号, 9月28日至10月3日."""
    last_month = match["m2"] or match["m"]
    last = _month_day(match, last_month, match["d2"], frame)
    first = _month_day(match, match["m"], match["d"], frame)
    if not (first and last):
        return None
    return Days(first, last, dated=True) if first <= last else None


def _month_day(match: re.Match[str], month: str | None, day: str, frame: Frame) -> date | None:
    if not month:
        return _day_alone(_number(day), frame)
    year = _year(match, frame.received)
    return day_in(year, _number(month), _number(day)) if year else _latest(_number(month), _number(day), frame.received)


def _day_alone(day: int, frame: Frame) -> date | None:
    """In the month named last, or else the latest past day of that number."""
    if frame.dated:
        meant = day_in(frame.dated.last.year, frame.dated.last.month, day)
        if meant and meant <= frame.received:
            return meant
    past = (day_in(*months_back(frame.received, n), day) for n in range(4))
    return next((d for d in past if d and d <= frame.received), None)


def _day(match: re.Match[str], frame: Frame) -> Days | None:
    if match["which"]:
        meant = day_in(*months_back(frame.received, _LAST[match["which"]]), _number(match["d"]))
    else:
        meant = _day_alone(_number(match["d"]), frame)
    return Days(meant, meant, dated=True) if meant else None


def _month(match: re.Match[str], frame: Frame) -> Days | None:
    month = _number(match["m"])
    if not 1 <= month <= 12:
        return None
    year = _year(match, frame.received) or frame.received.year - (month > frame.received.month)
    return month_of(year, month, *_part(match))


def _month_back(match: re.Match[str], frame: Frame) -> Days:
    return month_of(*months_back(frame.received, _LAST[match["which"]]), *_part(match))


def _part(match: re.Match[str]) -> tuple[int, int]:
    first, last = data("calendar")["months"].get(match["part"], (1, 31))
    return first, last


def _bare_part(match: re.Match[str], frame: Frame) -> Days:
    """月初, 月底: of this month, or the last one where it is still ahead."""
    first, last = _part(match)
    back_by = 0 if first <= frame.received.day else 1
    return month_of(*months_back(frame.received, back_by), first, last)


def _weekday(match: re.Match[str], frame: Frame) -> Days:
    """上周三 is in the week before that of receipt, 周三 the latest one past; 周末 is two days."""
    sign = match["w"].replace("天", "日")
    number = 5 if sign == "末" else int(sign) - 1 if sign.isdigit() else _WEEKDAYS.index(sign)
    weeks = _LAST[match["which"]] if match["which"] else int(number > frame.received.weekday())
    monday = frame.received - timedelta(days=frame.received.weekday() + 7 * weeks)
    first = monday + timedelta(days=number)
    return Days(first, first + timedelta(days=int(sign == "末")))


def _week(match: re.Match[str], frame: Frame) -> Days:
    monday = frame.received.weekday() + 7 * _LAST[match["which"]]
    return back(frame.received, monday, monday - 6, vague=True)


def _whole_year(match: re.Match[str], frame: Frame) -> Days | None:
    year = _year(match, frame.received)
    months = {"初": (1, 2), "上半年": (1, 6), "下半年": (7, 12), "底": (12, 12), "末": (12, 12)}
    first, last = months.get(match["part"], (1, 12))
    return Days(date(year, first, 1), month_of(year, last).last, vague=True) if year else None


TABLE = [
    (
        rf"(?<![\d.年]){_YEAR}(?:(?P<m>{_N})月)?(?P<d>{_N})[日号]?{_TO}(?:(?P<m2>{_N})月)?(?P<d2>{_N})[日号]{_NOT_A_DAY}",
        _dates,
    ),
    (rf"(?<!\d){_YEAR}(?P<m>{_N})月份? ?(?P<d>{_N})(?:[日号]|(?![\d.点时：个次天多%元万年笔期])){_NOT_A_DAY}", _date),
    (
        r"(?<![\d.])(?P<y>20\d\d)[-/.](?P<m>0?[1-9]|1[0-2])[-/.](?P<d>3[01]|[12]\d|0?[1-9])[日号]?(?!\d)",
        _date,
    ),
    (
        r"(?<![\d.¥/])(?P<y>)(?P<m>0?[1-9]|1[0-2])(?:/|[.](?=[1-3]\d|\d[日号 凌早上中下晚夜]))"
        r"(?P<d>3[01]|[12]\d|0?[1-9])[日号]?(?![\d./]|[元万块%折倍个月千百])",
        _date,
    ),
    (
        rf"(?<![\d.月第工编账尾号{DIGITS}十])(?P<which>上个?(?=月)|这个(?=月)|本(?=月))?月?(?P<d>{_N})[号日]{_NOT_A_DAY}(?!起?之内)",
        _day,
    ),
    (
        rf"(?<!\d)(?<!个){_YEAR}(?P<m>{_N})月(?:份|初?)?(?P<part>上旬|中旬|下旬|中|底|末|(?<=初))?(?![供薪费均息饼\d])",
        _month,
    ),
    (rf"(?P<which>{_WHICH})月(?P<part>初|上旬|中旬|下旬|中|底|末)?(?![供薪费息])", _month_back),
    (r"(?<![个本这上\d一二两三四五六七八九十])月(?P<part>初|底|中旬)", _bare_part),
    (rf"(?P<which>{_WHICH})?(?<![每一两三几]){_WEEK}(?P<w>[一二三四五六日天末1-6])(?![次天个年周\d])", _weekday),
    (rf"(?P<which>{_WHICH}){_WEEK}(?![一二三四五六日天末])", _week),
    (r"(?P<y>20\d\d|[去今前])年(?P<part>上半年|下半年|(?<=年)初|底|末)?(?!\d)", _whole_year),
]
