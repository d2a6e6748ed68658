"""Numbers told, often in part (尾号3309), amounts of money, and lenders and agencies by any short name."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from complaints.reading.quantities import DIGITS, MIXED, QUANTITY, quantity
from complaints.reading.text import Stretch, any_of, data, plain, without_overlaps


class NumberKind(StrEnum):
    """What a number is the number of."""

    account = "account"
    card = "card"
    contract = "contract"
    phone = "phone"
    id_card = "id_card"
    case = "case"


@dataclass(frozen=True)
class NumberReading(Stretch):
    """A number or a piece of one: `value` has a star for what is not told (138*1001, *3309)."""

    kind: NumberKind
    value: str


@dataclass(frozen=True)
class AmountReading(Stretch):
    """Yuan, from the least to the most meant."""

    low: float
    high: float


@dataclass(frozen=True)
class PartyReading(Stretch):
    """A known lender or agency, by its full name."""

    name: str


def numbers(text: str) -> list[NumberReading]:
    """Phones, accounts, cards, contracts, identity cards and case numbers in a text, from left to right."""
    folded = plain(text)
    found = (_number(text, match, kind) for pattern, kind in _patterns() for match in pattern.finditer(folded))
    return without_overlaps(found)


@cache
def _patterns() -> list[tuple[re.Pattern[str], str | None]]:
    return [(re.compile(told["pattern"]), told["kind"]) for told in data("numbers")["patterns"]]


def _number(text: str, match: re.Match[str], kind: str | None) -> NumberReading:
    groups = match.groupdict()
    if whole := groups.get("whole"):
        value = _MASKED.sub(lambda stars: "*" * len(stars.group()), whole.replace(" ", "")).upper()
    else:
        value = f"{groups.get('head') or ''}*{(groups.get('tail') or '').upper()}"
    beside = groups.get("of") or groups.get("after") or ""
    known = NumberKind(kind or data("numbers")["of"].get(beside, "account"))
    return NumberReading(match.start(), match.end(), text[match.start() : match.end()], known, value)


_MASKED = re.compile("[*x]{2,}")
_UNIT = r"(?:块钱?|元|圆|人民币|rmb|k(?![a-z])|w(?![a-z]))"
_AMOUNT = re.compile(rf"(?:(?<![\d.*])(?P<a>{QUANTITY}){_UNIT}|[¥￥](?P<b>\d[\d,，]*(?:\.\d+)?))")
_ROUND = re.compile(
    rf"(?<![\d第*])(?P<a>{MIXED}|[{DIGITS}][{DIGITS}十百千万]{{0,7}}(?<=[千万])[{DIGITS}]{{1,2}}|{QUANTITY}(?<=[百千万多几])(?!一))"
    r"(?![个次天多年月分块元遍通条岁人家号倍里米\d])"
)
_MONEY = re.compile("欠|还|借|贷|款|本金|利息|违约金|罚息|费|钱|转|交|账|金额|余额|总共|一共|共计|额度|分期")
_TIMES = {"k": 1_000, "w": 10_000}
_SMALL = 100  # yuan below which a number without its unit is no amount


def amounts(text: str) -> list[AmountReading]:
    """Amounts of money in a text, from left to right; without 元 only round ones in a clause that speaks of money."""
    folded = plain(text)
    sure = [_amount(text, match) for match in _AMOUNT.finditer(folded)]
    loose = [_amount(text, match) for match in _ROUND.finditer(folded) if _of_money(folded, match)]
    return without_overlaps([each for each in (*sure, *(a for a in loose if a and a.low >= _SMALL)) if each])


def _amount(text: str, match: re.Match[str]) -> AmountReading | None:
    groups = match.groupdict()
    amount = quantity((groups["a"] or groups.get("b") or "").rstrip("，,"))
    if amount is None:
        return None
    amount = amount.times(_TIMES.get(match.group()[-1], 1))
    return AmountReading(match.start(), match.end(), text[match.start() : match.end()], *amount)


def _of_money(folded: str, match: re.Match[str]) -> bool:
    """Whether a round number is one of money: it stands alone, or its clause speaks of money."""
    clause = re.split("[，。；！？\n]", folded[max(0, match.start() - 12) : match.start()])[-1]
    return not clause or _MONEY.search(clause) is not None


def parties(text: str, names: Iterable[str]) -> list[PartyReading]:
    """Known lenders and agencies in a text, by full name or by a piece of two or more characters that fits only one."""
    automaton, owners = _fragments(tuple(sorted(set(names))))
    folded = plain(text)
    return [
        PartyReading(start, end, text[start:end], owners[n])
        for n, start, end in automaton.find_matches_as_indexes(folded)
        if not _inside_word(folded, start)
    ]


def _inside_word(folded: str, start: int) -> bool:
    """A Latin name that begins in the midst of a word is none."""
    return start > 0 and bool(re.fullmatch("[a-z0-9]{2}", folded[start - 1 : start + 1]))


@lru_cache(maxsize=8)
def _fragments(names: tuple[str, ...]) -> tuple[AhoCorasick, list[str]]:
    owners: dict[str, set[str]] = defaultdict(set)
    for name in names:
        for piece in {plain(name), *_pieces(plain(name))}:
            owners[piece].add(name)
    own = {plain(name): name for name in names}
    telling = sorted(piece for piece, of in owners.items() if len(of) == 1 or piece in own)
    whose = [own.get(piece) or next(iter(owners[piece])) for piece in telling]
    return AhoCorasick(telling, matchkind=MatchKind.LeftmostLongest), whose


def _pieces(name: str) -> Iterator[str]:
    """Each piece of a name that holds two characters in a row of what is the name's own (橙帆 of 橙帆小额贷款)."""
    words = data("generic")["words"]
    own = re.sub(any_of(words), lambda match: "\0" * len(match.group()), name)
    own = re.sub(rf"^(?:{any_of(data('generic')['places'])})(?=[^\0]{{2}})", lambda m: "\0" * len(m.group()), own)
    for core in re.finditer(r"[^\0（）]{2,}", own):
        for start in range(core.end() - 1):
            for end in range(max(start, core.start()) + 2, len(name) + 1):
                yield name[start:end]
