"""Interest and penalties named in a sentence, as per cent a year, to be held against a cap of the day."""

import re
from collections.abc import Iterator

from classifiers.folding import Span

_DIGITS = "零一二三四五六七八九"
_FIGURE = f"[{_DIGITS}两]"
_NUMBER = rf"(?P<number>\d+(?:\.\d+|点{_FIGURE}+)?|半|{_FIGURE}(?:点{_FIGURE}+)?)"
_PERIODS = {"年": 1.0, "月": 12.0, "日": 365.0, "天": 365.0, "周": 52.0}
_PARTS = {
    "%": 1.0,
    "百分之": 1.0,
    "‰": 0.1,
    "千分之": 0.1,
    "万分之": 0.01,
    "分": 1.0,
    "厘": 0.1,
    "毛": 10.0,
    "角": 10.0,
}
_BY_THE_YEAR = {"分": 10.0, "厘": 1.0}  # 年息2分 is a fifth, 月息2分 a fiftieth

_FEE = "化?(?:利率|利息|费率|罚息|违约金|滞纳金|息|利)|化"
_PERIOD = (  # the month of a date or 今天 is no period of a rate
    f"(?:(?<![0-9{_DIGITS}十今明昨后当本这上下个])(?P<named>[年月日天周])(?:{_FEE})"
    "|(?:每|按|一|1|逐)个?(?P<every>[年月日天周]))"
)
_BETWEEN = "(?:利率|利息|费率|罚息|违约金|滞纳金|加收|收取|息|的|收|计|按|是|算|要|加|给|你|您|为|，|：){0,6}"
_RATES = (
    re.compile(f"{_PERIOD}{_BETWEEN}{_NUMBER}(?P<part>%|‰|分|厘|毛|角)(?![钟之])(?P<rest>半|{_FIGURE})?"),
    re.compile(f"{_PERIOD}{_BETWEEN}(?P<part>百分之|千分之|万分之){_NUMBER}(?P<rest>)"),
)


def yearly_rates(folded: str) -> Iterator[tuple[float, Span]]:
    """Each rate in a folded text with a period to it, in per cent a year: 月息3分 is 36, 每天千分之一 is 36.5.

    A share of the month is twelvefold and of the day 365-fold, without compounding, as the courts reckon.
    """
    for pattern in _RATES:
        for match in pattern.finditer(folded):
            period, part = match["named"] or match["every"], match["part"]
            share = _BY_THE_YEAR.get(part, _PARTS[part]) if period == "年" else _PARTS[part]
            number = _number(match["number"]) + (_number(match["rest"]) % 1 or _number(match["rest"]) / 10)
            yield number * share * _PERIODS[period], Span(*match.span())


def _number(words: str | None) -> float:
    if not words:
        return 0.0
    if words == "半":
        return 0.5
    whole, _, fraction = words.replace("点", ".").replace("两", "二").partition(".")
    return float(f"{_figures(whole)}.{_figures(fraction) or 0}")


def _figures(words: str) -> str:
    return "".join(str(_DIGITS.index(c)) if c in _DIGITS else c for c in words)
