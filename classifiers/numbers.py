"""Chinese numerals to digits: 幺三八 → 138, 四十一 → 41, with the place each came from."""

import re
from typing import NamedTuple

from cn2an import cn2an

_DIGITS = str.maketrans("零〇洞一幺二两三四五六七拐八九勾", "0001122345677899")
NUMERALS = "零〇洞一幺二两三四五六七拐八九勾十百千万亿"
_RUN = re.compile(f"[{NUMERALS}]{{2,}}")
_SPOKEN_DIGITS = re.compile("[零〇洞一幺二两三四五六七拐八九勾]{3,}")
_UNIT = re.compile("[十百千万亿]")
_STARTS_WITH_UNIT = re.compile("[百千万亿]")  # 千万别, 万一, 百来个: words, not numbers


class Number(NamedTuple):
    """The digits `value` for the numeral that stands at text[start:end]."""

    start: int
    end: int
    value: str


def find_numbers(text: str) -> list[Number]:
    """The numerals of two or more characters in a text; what is no exact number (三四个, 二三十) is left out."""
    found = ((match, _value(match.group())) for match in _RUN.finditer(text))
    return [Number(match.start(), match.end(), value) for match, value in found if value]


def _value(numeral: str) -> str | None:
    if _SPOKEN_DIGITS.fullmatch(numeral):
        return numeral.translate(_DIGITS)
    if _STARTS_WITH_UNIT.match(numeral) or not _UNIT.search(numeral):
        return None
    try:
        return str(cn2an(numeral, "smart"))
    except (ValueError, KeyError):  # the latter for such as 二十五十
        return None
