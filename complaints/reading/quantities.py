"""How many, said exactly or loosely: 五六 → 5–6, 十几 → 11–19, 好几 → 3–9, 八千多 → 8000–8999."""

import re
from typing import NamedTuple

DIGITS = "零〇一二两三四五六七八九"
MIXED = r"\d{1,3}万\d(?!\d)千?"  # 2万3, 1万2千
# exact ones, short enough to be told
NUMBER = rf"(?:{MIXED}|\d[\d,，]{{0,14}}(?:\.\d{{1,4}})?|[{DIGITS}十百千万廿]{{1,12}})"
_LOOSE_TENS = "(?:好?几十|十几|十来|十多|几百|上百|上千|好?几千|好?几万|好?几|若干|数十|数百|数千|数万|数|多)"
QUANTITY = rf"(?:{_LOOSE_TENS}|{NUMBER}(?:几|来|多|余)?[百千万]?(?:多|余)?)"
_VALUES = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
_PAIR = re.compile(
    r"([一二两三四五六七八])([二两三四五六七八九])([十百千万]*)$|十([一二三四五六七八])([二三四五六七八九])$"
)
_TAIL_PAIR = re.compile(rf"(.*[千万])([{DIGITS}])([{DIGITS}])")  # 一万五六
_FEW = (3, 9)


class Quantity(NamedTuple):
    """From the least to the most that may be meant."""

    low: float
    high: float

    def times(self, factor: float) -> "Quantity":
        """So many of something."""
        return Quantity(self.low * factor, self.high * factor)


def exact(number: str) -> float | None:
    """The value of digits or of a Chinese numeral, or None."""
    if parts := re.fullmatch(r"(\d+)万(\d)千?", number):
        return int(parts[1]) * 10_000.0 + int(parts[2]) * 1_000
    digits = re.sub("[,，]", "", number)
    if re.fullmatch(r"\d+(?:\.\d+)?", digits):
        return float(digits)
    mixed = re.fullmatch(r"(\d+(?:\.\d+)?)([百千万])", digits)
    if mixed:
        return float(mixed[1]) * _UNITS[mixed[2]]
    if re.fullmatch(f"[{DIGITS}]{{2,}}", number):
        return float("".join(str(_VALUES[digit]) for digit in number))
    return _numeral(number.replace("廿", "二十")) if re.fullmatch(f"[{DIGITS}十百千万廿]+", number) else None


def quantity(words: str) -> Quantity | None:
    """What a number or a loose one may mean, or None where it is none."""
    pair = _PAIR.match(words)
    if pair:
        return _pair(pair)
    if tail := _TAIL_PAIR.fullmatch(words):
        return _between(exact(tail[1] + tail[2]), exact(tail[1] + tail[3]))
    head = re.match("(?:好?几|数|若干)", words)
    if head:
        return Quantity(*_FEW).times(_factor(words[head.end() :]))
    loose = re.fullmatch("上([百千万])", words)
    if loose:
        return Quantity(_UNITS[loose[1]], 2 * _UNITS[loose[1]])
    return _rounded(words)


def _between(low: float | None, high: float | None) -> Quantity | None:
    return Quantity(low, high) if low is not None and high is not None else None


def _pair(pair: re.Match[str]) -> Quantity:
    if pair[4]:
        return Quantity(10 + _VALUES[pair[4]], 10 + _VALUES[pair[5]])
    return Quantity(_VALUES[pair[1]], _VALUES[pair[2]]).times(_factor(pair[3]))


def _rounded(words: str) -> Quantity | None:
    """A number, with or without 几, 多, 来, 余 for what is left of its last unit (三万多: up to 39,999)."""
    match = re.fullmatch(r"(.+?)([几多来余])([百千万]?)", words)
    value = exact(words if not match else match[1])
    if value is None:
        return None
    if not match:
        return Quantity(value, value)
    unit = _last_unit(value)
    return Quantity(value + (match[2] == "几"), value + max(unit - 1, 0.99)).times(_factor(match[3]))


def _last_unit(value: float) -> float:
    unit = 1.0
    while value >= 10 * unit and value % (10 * unit) == 0:
        unit *= 10
    return unit if value >= 10 else 1.0


def _factor(units: str) -> float:
    product = 1.0
    for unit in units:
        product *= _UNITS.get(unit, 1)
    return product


def _numeral(numeral: str) -> float:
    total = section = digit = 0
    last = 10
    for sign in numeral:
        if sign in _VALUES:
            digit, last = _VALUES[sign], 10 if sign in "零〇" else last
        elif sign == "万":
            total, section, digit, last = (total + section + digit) * 10_000, 0, 0, 10_000
        else:
            section, digit, last = section + (digit or 1) * _UNITS[sign], 0, _UNITS[sign]
    tail = digit * (last // 10) if digit and last > 10 else digit  # 三千五 is 3500
    return float(total + section + tail)
