"""What is to be hidden in the lines of a talk or in a text, and what stands in its place."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from classifiers.folding import Folded, fold
from classifiers.personal import Datum, PersonalDatum, SpokenLine, find_in_talk
from classifiers.spoken_digits import readings, runs
from reports.redaction.names import asked_for, by_sound, find_name, sounds_like
from reports.redaction.people import STAFF, KnownPeople, Person, Role

LABELS = {
    Datum.id_card: "身份证号",
    Datum.phone: "电话号码",
    Datum.bank_card: "银行卡号",
    Datum.plate: "车牌号",
    Datum.email: "电子邮箱",
    Datum.wechat: "微信号",
    Datum.qq: "QQ号",
    Datum.address: "住址",
    Datum.employer: "工作单位",
    Datum.name: "姓名",
}
PEOPLE = {Role.debtor: "债务人", Role.contact: "联系人", Role.complainant: "投诉人", Role.collector: "催收员"}
NUMBER, PLACE, ANSWER = "号码", "住址或单位", "核身答复"

_FEWEST = 7  # digits of a number that is hidden whatever it is
_TAIL = 4  # digits by which people name a number: 尾号1226
_AFTER_WORD = re.compile(
    "(?:[尾末委微伟]号|[后末][四六46]位|身份证|卡号|验证码|密码)[^0-9，。]{0,8}?(?P<part>[0-9]{3,}x?)"
)
_LIVES = re.compile("(?:家住|住在|[住地]址(?:就?是|在|：)?)(?P<part>[^，。？！]{2,20})")
_DATA = "(?:身份证|[后末][四六46]位|[尾末]号|卡号|手机号|住址|地址|生日|出生|验证码|密码)"
_TELL = "(?:报|抱|说|核对|核实|提供|多少|哪|什么|吗|告诉)"
_ASKS = re.compile(f"{_TELL}.{{0,16}}{_DATA}|{_DATA}.{{0,16}}{_TELL}")
_ANSWERS = 3  # lines behind such a question that may hold the answer
_PROMPT = 6  # characters of what the one who asked may say in between: 嗯，请说
_PART = re.compile(r".+?(?:省|市|区|县|镇|乡|村|路|街|巷|弄|号|栋|幢|室|组|里|园|$)")
_LEGAL_FORM = re.compile("(?:股份|有限|责任)*公司$|集团$")
_LEAST_PLACE = 3  # characters of a part of an address that tell something


class Line(NamedTuple):
    """A line of a talk as it was written down, and who says it."""

    text: str
    speaker: str = ""


class Mark(NamedTuple):
    """text[start:end] is to be hidden, with what it is called instead. `sure`: it is on file, or a number by its form;
    the rest is guessed, on the safe side.
    """

    start: int
    end: int
    label: str
    sure: bool = True


def marks(lines: Sequence[Line], known: KnownPeople, keep: Collection[Role] = STAFF) -> list[list[Mark]]:
    """What is to be hidden in each line, from left to right and without overlaps."""
    folded = [fold(line.text) for line in lines]
    spoken = [SpokenLine(one.text, line.speaker) for one, line in zip(folded, lines, strict=True)]
    placed = []
    for one, data in zip(folded, find_in_talk(spoken, names=True), strict=True):
        found = [*_by_file(one.text, known, keep), *_personal(data, known), *_by_form(one.text, known)]
        placed.append(_merged(_back(one, (mark for mark in found if not _is_kept(one.text, mark, known, keep)))))
    for n in _answers(lines, folded):
        placed[n] = [Mark(0, len(lines[n].text), ANSWER, sure=False)] if lines[n].text else []
    return placed


def redact(text: str, known: KnownPeople, *, keep: Collection[Role] = STAFF) -> str:
    """The text with a label such as 〔债务人〕 or 〔电话号码〕 in place of all that tells who somebody is.

    A label and not stars: a reader can follow who and what is spoken of, and the length of what is hidden, which
    narrows down names, is not told. The people of `keep` stay named.
    """
    return replaced(text, marks([Line(text)], known, keep)[0])


def replaced(text: str, hidden: Sequence[Mark]) -> str:
    """The text with labels in place of what is hidden."""
    at, pieces = 0, []
    for mark in hidden:
        pieces += [text[at : mark.start], f"〔{mark.label}〕"]
        at = mark.end
    return "".join([*pieces, text[at:]])


def _by_file(folded: str, known: KnownPeople, keep: Collection[Role]) -> Iterator[Mark]:
    """What the registers hold."""
    for person in known.hidden(keep):
        if person.name:
            yield from (Mark(*span, PEOPLE[person.role]) for span in find_name(folded, fold(person.name).text))
        for part in _parts(person):
            yield from (Mark(*span, PLACE) for span in by_sound(folded, part))
    tails = {digits[-n:] for person in known.hidden(keep) for digits in _digits(person) for n in (4, 6, len(digits))}
    for run in runs(folded):
        for piece in readings(run):
            if len(piece.digits) >= _TAIL and piece.digits in tails:
                yield Mark(piece.start, piece.end, NUMBER)


def _personal(data: Iterable[PersonalDatum], known: KnownPeople) -> Iterator[Mark]:
    """What the recognisers of personal data find; names are their guess."""
    for datum in data:
        if _is_private(datum.value, known):
            yield Mark(*datum.span, LABELS[datum.kind], sure=datum.kind is not Datum.name)


def _by_form(folded: str, known: KnownPeople) -> Iterator[Mark]:
    """What looks like somebody's: long numbers that passed no check, ends of numbers, and who is asked for."""
    for run in runs(folded):
        digits = "".join(piece.digits for piece in run)
        if len(digits) >= _FEWEST and _is_private(digits, known):
            yield Mark(run[0].start, run[-1].end, NUMBER)
    yield from (Mark(*match.span("part"), NUMBER) for match in _AFTER_WORD.finditer(folded))
    yield from (Mark(*match.span("part"), LABELS[Datum.address], sure=False) for match in _LIVES.finditer(folded))
    yield from (Mark(*span, LABELS[Datum.name], sure=False) for span in asked_for(folded))


def _is_private(value: str, known: KnownPeople) -> bool:
    return value not in known.official


def _is_kept(folded: str, mark: Mark, known: KnownPeople, keep: Collection[Role]) -> bool:
    """Whether what was only guessed to be a name is that of somebody who stays named."""
    text = folded[mark.start : mark.end]
    kept = (person.name for person in known.people if person.role in keep)
    return not mark.sure and any(sounds_like(text, name) for name in kept)


def _digits(person: Person) -> Iterator[str]:
    """The end of each number that can be seen: that of a masked one behind the mask."""
    for number in person.numbers:
        seen = re.sub(r"[\s-]", "", number).split("*")[-1]
        if len(seen) >= _TAIL:
            yield seen.upper()


def _parts(person: Person) -> Iterator[str]:
    """The parts of addresses and names of employers that tell something by themselves."""
    for place in person.places:
        text = fold(place).text
        core = _LEGAL_FORM.sub("", text)
        yield from {part for part in (text, core, *_PART.findall(text)) if len(part) >= _LEAST_PLACE}


def _back(one: Folded, held: Iterable[Mark]) -> Iterator[Mark]:
    """The marks on the text as it was written."""
    return (Mark(*one.back(mark.start, mark.end), mark.label, mark.sure) for mark in held if mark.end > mark.start)


def _merged(held: Iterable[Mark]) -> list[Mark]:
    """From left to right; what overlaps is one, called by what tells most of it."""
    kept: list[Mark] = []
    for mark in sorted(held):
        if kept and mark.start < kept[-1].end:
            last = kept[-1]
            label = max(last, mark, key=_telling).label
            kept[-1] = Mark(last.start, max(last.end, mark.end), label, last.sure or mark.sure)
        else:
            kept.append(mark)
    return kept


def _telling(mark: Mark) -> tuple[bool, bool, bool, int]:
    """Whose it is, then what it is, then what was guessed of it."""
    return mark.label in PEOPLE.values(), mark.label not in {NUMBER, PLACE}, mark.sure, mark.end - mark.start


def _answers(lines: Sequence[Line], folded: Sequence[Folded]) -> Iterator[int]:
    """The lines in which the other side answers a question for personal data: digits are too often misheard there."""
    for n, line in enumerate(lines):
        if line.speaker != "collector" or not _ASKS.search(folded[n].text):
            continue
        for m in range(n + 1, min(n + 1 + _ANSWERS, len(lines))):
            if lines[m].speaker != line.speaker:
                yield m
            elif len(lines[m].text) > _PROMPT:
                break
