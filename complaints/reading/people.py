"""Who: collectors by name, surname or staff number, third persons contacted, the two sides and by what right."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from complaints.reading.text import Stretch, any_of, data, plain, sentence_start, without_overlaps

_WHOSE = "(?:(?:[我他她俺]们?的?)?(?:公司|单位|学校|厂里)?的?)?"
_REACH = 8  # characters on either side within which a person's sex is told
_SPOKEN = re.compile("“[^”]*”|「[^」]*」")
_SEX = {"男": "male", "女": "female"}


class Authority(StrEnum):
    """By what right somebody complains."""

    self = "self"
    agent = "agent"
    relative = "relative"
    unknown = "unknown"


@dataclass(frozen=True)
class CollectorReading(Stretch):
    """A collector: the surnames it may be, the whole name, the staff number; gender is male, female or empty."""

    surnames: tuple[str, ...] = ()
    name: str = ""
    staff_no: str = ""
    gender: str = ""


@dataclass(frozen=True)
class ContactReading(Stretch):
    """A third person told to have been contacted, with the relation to the debtor."""

    relation: str


@dataclass(frozen=True)
class NameReading(Stretch):
    """A name as written."""

    name: str


@dataclass(frozen=True)
class AuthorityReading(Stretch):
    """The right claimed."""

    authority: Authority


@dataclass(frozen=True)
class People:
    """Everybody told of in a text; `authority` is None where nothing tells it."""

    collectors: list[CollectorReading]
    contacts: list[ContactReading]
    complainant: NameReading | None
    debtor: NameReading | None
    authority: AuthorityReading | None

    @property
    def right(self) -> Authority:
        """By what right the complaint is made."""
        return self.authority.authority if self.authority else Authority.unknown


def people(text: str) -> People:
    """Who is told of in a text, each list from left to right."""
    folded = plain(text)
    complainant = next(_names(text, folded, "complainant"), None)
    other = (each for each in _names(text, folded, "debtor") if not complainant or each.name != complainant.name)
    debtor = next(other, None)
    own = {each.name for each in (complainant, debtor) if each}
    collectors = [each for each in without_overlaps(_collectors(text, folded)) if each.name not in own or not each.name]
    return People(collectors, without_overlaps(_contacts(text, folded)), complainant, debtor, _authority(text, folded))


@cache
def _words() -> dict[str, str]:
    """The parts of expressions."""
    told = data("people")
    relatives = [w for code in ("parent", "spouse", "child", "sibling", "relative") for w in told["relations"][code]]
    surname = f"(?:{any_of(told['double'])}|[{told['surnames']}])"
    given = f"[^{told['no_name']}]"
    return {
        "relative": any_of([*relatives, "爸", "妈", "哥", "姐", "弟", "妹"]),
        "surname": surname,
        "name": f"{surname}{given}{{1,2}}",
        "titles": any_of(told["titles"]),
        "staff": any_of(told["staff"]),
    }


@cache
def _collector_patterns() -> list[re.Pattern[str]]:
    w = _words()
    return [
        re.compile(pattern)
        for pattern in (
            rf"姓(?P<a>{w['surname']})(?:，?(?:还是|或者?|要么|要不)(?:是)?姓?(?P<b>{w['surname']}))?",
            rf"(?P<a>{w['surname']})姓(?:的)?(?={w['titles']}|男|女|催|员|工|客)",
            rf"(?:自称|名叫|叫做?|称呼)(?:是|为|作)?(?P<nick>[小老阿])(?P<a>{w['surname']})",
            r"(?:工号|员工编号|工牌号|坐席号?)(?:为|是|：|尾号|叫| )*(?P<no>[a-z]{0,4}-?\d{2,8})",
            rf"(?<!被)(?:{w['staff']})(?:人员)?(?:名叫|叫|姓名|名字|：|是)*(?P<name>{w['name']})(?![\u4e00-\u9fff]?姓)",
            rf"(?<![单位公司们])(?P<a>{w['surname']})(?P<title>{w['titles']})(?!事务|函)",
            rf"(?:自称|名叫|他叫|她叫|名字叫)(?:是)?(?P<name>{w['name']})",
        )
    ]


_OWN = re.compile("(?:客户|投诉人|来电人|举报人|申请人|我是|本人|债务人|借款人|尊敬的|持卡人|落款)：?$")
_CALLS = re.compile("(?:来电|反映|投诉|称|致电|表示)")


def _collectors(text: str, folded: str) -> Iterator[CollectorReading]:
    for pattern in _collector_patterns():
        for match in pattern.finditer(folded):
            if not _is_own(folded, match):
                yield _collector(text, folded, match)


def _is_own(folded: str, match: re.Match[str]) -> bool:
    """张先生来电, 客户李女士: the one who complains."""
    if _OWN.search(folded, max(0, match.start() - 6), match.start()):
        return True
    return match.groupdict().get("title") in ("先生", "女士", "小姐") and bool(_CALLS.match(folded, match.end()))


def _collector(text: str, folded: str, match: re.Match[str]) -> CollectorReading:
    groups = match.groupdict()
    name = groups.get("name") or ""
    surnames = tuple(each for each in (groups.get("a"), groups.get("b")) if each) or (_surname(name),) * bool(name)
    start, end = match.span()
    number = (groups.get("no") or "").upper()
    return CollectorReading(start, end, text[start:end], surnames, name, number, _gender(folded, match))


def _surname(name: str) -> str:
    return name[:2] if name[:2] in data("people")["double"] else name[:1]


def _gender(folded: str, match: re.Match[str]) -> str:
    """Told beside the person, nearest first: 姓王的男的, 一个女的姓李."""
    begin = max(sentence_start(folded, match.start()), match.start() - _REACH)
    after = re.split("[，。；]", folded[match.start() : match.end() + _REACH])[0]
    for near in (after, re.split("[，。；]", folded[begin : match.start()])[-1]):
        told = {sex for sex, words in data("people")["gender"].items() if any(word in near for word in words)}
        if len(told) == 1:
            return _SEX[told.pop()]
    return ""


@cache
def _contact_pattern() -> re.Pattern[str]:
    told = data("people")
    person = any_of(word.lower() for words in told["relations"].values() for word in words)
    before, after = any_of(told["contact_before"]), any_of(told["contact_after"])
    return re.compile(
        rf"(?:(?:{before})了?[^，。；！？]{{0,6}}?{_WHOSE}(?P<a>{person})(?!欠)|{_WHOSE}(?P<b>{person})[^，。；！？]{{0,3}}(?:{after}))"
    )


def _contacts(text: str, folded: str) -> Iterator[ContactReading]:
    codes = {word.lower(): code for code, words in data("people")["relations"].items() for word in words}
    at = 0
    quoted = [match.span() for match in _SPOKEN.finditer(text)]
    while match := _contact_pattern().search(folded, at):
        group = "a" if match["a"] else "b"
        start, end = match.span(group)
        at = end
        if any(first < start < last for first, last in quoted):
            continue  # who is spoken of was not spoken with
        yield ContactReading(start, end, text[start:end], codes[match[group]])
        yield from _listed(text, folded, end, codes)


def _listed(text: str, folded: str, at: int, codes: dict[str, str]) -> Iterator[ContactReading]:
    """我爸、我妈和单位同事: those named on in the same breath."""
    pattern = re.compile(rf"[、和跟及以还有连，]{{1,3}}{_WHOSE}(?P<who>{any_of(codes)})")
    while match := pattern.match(folded, at):
        start, at = match.span("who")
        yield ContactReading(start, at, text[start:at], codes[match["who"]])


def _names(text: str, folded: str, side: str) -> Iterator[NameReading]:
    words = _words()
    heads = "|".join(data("people")[side]).replace("{relative}", words["relative"]).replace("[:：]", "：")
    for match in re.finditer(rf"(?:{heads})(?P<name>{words['name']})(?!姓)", folded):
        start, end = match.span("name")
        yield NameReading(start, end, text[start:end], text[start:end])


def _authority(text: str, folded: str) -> AuthorityReading | None:
    for code, patterns in data("people")["authority"].items():
        joined = "|".join(patterns).replace("{relative}", _words()["relative"]).replace("[:：]", "：")
        if match := re.search(joined, folded):
            return AuthorityReading(match.start(), match.end(), text[match.start() : match.end()], Authority(code))
    return None
