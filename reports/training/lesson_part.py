"""The blocks of a lesson as sheets and packs show it: words that were confirmed, why, and what to say instead."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from audit.findings.models import Finding
from audit.ledger.limits import rule_pack
from classifiers.taxonomy import Kind
from reports.articles import cited
from reports.document.model import Block, Clip, Items, Paragraph
from reports.names import CHECKED
from reports.training.hits import Hit
from reports.training.lessons import Lesson, Library

Sound = Callable[[Finding], bytes | None]


@dataclass(frozen=True)
class Telling:
    """What all points of a document are told with: the database, the library, the sounds, and the law of which day."""

    session: Session
    library: Library
    sound: Sound
    day: date


def no_sound(_: Finding) -> None:
    """No clips."""


def clip(tell: Telling, hit: Hit, caption: str) -> Iterator[Clip]:
    """The hit's sound, if it was spoken."""
    if hit.finding.at_ms is not None:
        yield Clip(caption=caption, sound=tell.sound(hit.finding), without="录音不在库中，或不能脱敏")


def reasons(tell: Telling, hits: Sequence[Hit], kind: Kind) -> Paragraph:
    """Why the hits count, by which rules and articles; those of a kind that a person put right are the library's."""
    lesson = tell.library.kinds[kind]
    own = [hit.finding for hit in hits if hit.finding.reviewed_kind in {None, kind} and hit.finding.kind is kind]
    told = list(dict.fromkeys(f"{finding.explanation['why']}" for finding in own if "why" in finding.explanation))
    laws = [law for finding in own for law in finding.explanation.get("laws", ())] or lesson.cited(tell.day)
    why = "；".join(told) or lesson.wrong.rstrip("。")
    return Paragraph(text=f"认定理由：{why}。{basis(tell.session, laws)}")


def basis(session: Session, laws: Iterable[Mapping[str, str]]) -> str:
    """The articles in words; those whose wording nobody saw are marked."""
    found = cited(session, laws)
    named = [one.text if one.is_sure else f"{one.text}（{CHECKED[one.checked]}）" for one in found]
    return f"依据：{'；'.join(named)}。" if named else "依据：机构内部要求。"


def instead(lesson: Lesson) -> list[Block]:
    """What to say, by situation, and what is allowed though it looks alike."""
    say = [f"{say.when}：“{say.words}”" for say in lesson.say]
    return [
        Paragraph(text="应当怎么说", tone="strong"),
        Items(items=say),
        Paragraph(text=f"不算违规的：{' '.join(lesson.allowed)}", tone="note"),
    ]


def rule_titles(rules: Iterable[str]) -> str:
    """What the pack's rules are called; one that is in it no longer keeps its id."""
    titles = {rule.id: rule.title.zh for rule in rule_pack().rules}
    return "、".join(titles.get(rule, rule) for rule in rules)
