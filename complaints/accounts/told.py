"""What a complaint tells of whose it is, beyond its reading: names, titles, places, channels, how long it is owed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from complaints.accounts.names import UNSEEN
from complaints.accounts.words import kin, surname_pattern, words
from complaints.reading import Reading
from complaints.reading.quantities import QUANTITY, Quantity, quantity
from complaints.reading.text import any_of, plain
from complaints.reading.text import data as reading_data
from complaints.statement import Statement

_NAME_LENGTHS = (2, 3, 4)
_PLACES = 4  # told places that are looked for
_LONGEST = 36_500  # days that a debt may be overdue


@dataclass(frozen=True)
class Told:
    """A complaint and its reading, with what else tells whose it is.

    `own_names` may have a star for what is not seen; `pieces` of the text may be names. `windows` are inclusive, none
    is later than receipt; where no time is told they are the last weeks, and `timed` is false.
    """

    statement: Statement
    reading: Reading
    own_names: tuple[str, ...]
    debtor_names: tuple[str, ...]
    pieces: frozenset[str]
    surnames: tuple[str, ...]
    gender: str
    windows: tuple[tuple[datetime, datetime], ...]
    timed: bool
    channels: frozenset[str]
    overdue: Quantity | None
    places: tuple[tuple[str, str], ...]

    @property
    def has_full_name(self) -> bool:
        """Whether the intake has what looks like a person's whole name; in public people use others."""
        name = plain(self.statement.complainant).strip()
        return self.statement.channel not in words()["public"] and bool(
            re.fullmatch(rf"{surname_pattern()}[\u4e00-\u9fff]{{1,2}}", name) and name in self.own_names
        )

    @property
    def names_debtor(self) -> bool:
        """Whether the debtor is named beyond doubt: 我爸高血压 names none, 我爸高建国欠的钱 does."""
        stated = self.reading.people.debtor
        if not stated:
            return False
        folded = plain(self.statement.text)
        after_kin = re.search(rf"(?:{any_of(kin())})$", folded[: stated.start])
        return not after_kin or bool(re.match(f".{{0,2}}(?:{words()['debt']})", folded[stated.end :]))

    @property
    def first(self) -> datetime:
        """Where the contacts that are looked at begin."""
        return min([_days_back(self.statement, "looked_back"), *(first for first, _ in self.windows)])


def told_by(statement: Statement, reading: Reading) -> Told:
    """All that a complaint tells of whose it is."""
    folded = plain(statement.text)
    title, gender = _title(statement.complainant)
    called = _called(folded)
    own, others = _names(statement, reading, folded)
    windows = _windows(statement, reading)
    return Told(
        statement=statement,
        reading=reading,
        own_names=() if title else own,
        debtor_names=others,
        pieces=frozenset(_pieces(folded, reading)),
        surnames=tuple(dict.fromkeys(filter(None, (title, *(surname for surname, _ in called))))),
        gender=gender or next((sex for _, sex in called if sex), ""),
        windows=windows or ((_days_back(statement, "untold"), statement.received_at),),
        timed=bool(windows),
        channels=frozenset(c for c, said in words()["channels"].items() if re.search(said, folded)),
        overdue=_overdue(folded),
        places=tuple(_places(folded)),
    )


def _days_back(statement: Statement, span: str) -> datetime:
    return statement.received_at - timedelta(days=words()["days"][span])


@cache
def _titles() -> dict[str, str]:
    """Each title with the sex that it tells."""
    return {title: sex for sex, titles in words()["titles"].items() for title in titles}


def _title(complainant: str) -> tuple[str, str]:
    """Surname and sex of somebody called 周女士 or 老马; empty where it is something else."""
    known = any_of(_titles())
    called = re.fullmatch(
        rf"(?:[老小阿](?P<a>{surname_pattern()})|(?P<b>{surname_pattern()})(?P<title>{known}|[{UNSEEN}]+))",
        plain(complainant).strip(),
    )
    return (called["a"] or called["b"], _titles().get(called["title"] or "", "")) if called else ("", "")


def _called(folded: str) -> list[tuple[str, str]]:
    """Surnames, with the sex that the title tells, of the one who complains or of the debtor."""
    known = any_of(_titles())
    pattern = re.compile(rf"{words()['called']}(?P<surname>{surname_pattern()})(?:(?P<title>{known})|(?=[，。；]))")
    return [(each["surname"], _titles().get(each["title"] or "", "")) for each in pattern.finditer(folded)]


def _names(statement: Statement, reading: Reading, folded: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The complainant's own names, and those told to be the debtor's (我是李想的姐姐 tells no own name)."""
    own = [re.split("[（(、，,]", plain(statement.complainant).strip())[0]]
    others = [_without_debt(reading.people.debtor.name)] if reading.people.debtor else []
    others += [_without_debt(match["name"]) for match in _sought().finditer(folded)]
    if stated := reading.people.complainant:
        of_kin = re.match(rf"的?(?:{any_of(kin())})", folded[stated.end :])
        (others if of_kin else own).append(_without_debt(stated.name))
    own = [re.sub(f"[{UNSEEN}]+", "*", name) for name in own if re.fullmatch(rf"[\u4e00-\u9fff{UNSEEN}]{{2,4}}", name)]
    return tuple(dict.fromkeys(own)), tuple(dict.fromkeys(others))


@cache
def _sought() -> re.Pattern[str]:
    """Names of those who were asked for: 不认识什么程立."""
    given = f"[^{reading_data('people')['no_name']}]{{1,2}}"
    return re.compile(rf"(?:{words()['sought']})(?P<name>{surname_pattern()}{given})")


def _without_debt(name: str) -> str:
    """丁盈欠 of 我儿子丁盈欠钱 is 丁盈."""
    return re.sub(rf"(?<=..)(?:{words()['debt']})$", "", name)


def _pieces(folded: str, reading: Reading) -> Iterator[str]:
    """Pieces that begin with a surname and may be names; collectors' are not taken."""
    theirs = {place for each in reading.people.collectors for place in range(each.start, each.end)}
    for match in re.finditer(rf"(?={surname_pattern()})", folded):
        if match.start() in theirs:
            continue
        for length in _NAME_LENGTHS:
            piece = folded[match.start() : match.start() + length]
            if len(piece) == length and re.fullmatch("[\u4e00-\u9fff]+", piece):
                yield piece


def _windows(statement: Statement, reading: Reading) -> tuple[tuple[datetime, datetime], ...]:
    earliest = _days_back(statement, "looked_back")
    return tuple(dict.fromkeys((each.first, each.last) for each in reading.times if each.last >= earliest))


def _overdue(folded: str) -> Quantity | None:
    """How many days it has been owed: 逾期四个月了, 一个来月没还."""
    units = words()["overdue_units"]
    number = rf"(?P<n>{QUANTITY}|半)(?P<unit>{any_of(units)})"
    before = re.search(rf"{words()['overdue_words']}{number}", folded)
    match = before or re.search(rf"{number}(?:以?前)?(?:都|就|了|左右){{0,2}}(?:没还|未还|逾期|没能还)", folded)
    said = quantity(match["n"].replace("半", "一")) if match else None
    if not match or not said:
        return None
    days = units[match["unit"]] * (0.5 if match["n"] == "半" else 1)
    more = 0.5 * days if re.search("[多来]", match["unit"]) else 0
    if said.high * days > _LONGEST:
        return None
    return Quantity(said.low * days, said.high * days + more)


def _places(folded: str) -> Iterator[tuple[str, str]]:
    """Streets, shops and employers, each in two parts between which more may stand: 盐场 and 街, 顺和 and 修理部."""
    found = re.finditer(rf"(?=(?P<own>[\u4e00-\u9fff]{{2}})(?P<of>{words()['places']}))", folded)
    told = dict.fromkeys((match["own"], match["of"]) for match in found)
    yield from [place for place in told if not re.search(words()["no_places"], "".join(place))][:_PLACES]
