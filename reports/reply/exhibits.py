"""The pieces of evidence of a case as its list (证据清单) has them."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from audit.calls.models import Call, Recording
from audit.contacts.models import Message
from audit.findings.models import Finding, Run
from audit.ledger.limits import limits
from audit.ledger.models import LedgerResult
from audit.parties.models import Collector
from audit.parties.numbers import shown
from audit.store.types import LOCAL
from classifiers.taxonomy import Kind
from complaints.models import ComplaintEvent, EvidenceLink
from reports.masking import masked, masked_name
from reports.names import CHANNELS, DIRECTIONS, NOT_LISTED, RELATIONS, in_words

_SHOWN = 60  # characters of a text
Hide = Callable[[str], str]  # takes names and numbers out of somebody's words


@dataclass(frozen=True)
class Exhibit:
    """A piece of evidence: its number in the list, what it is, from where, its digest, which allegations it is to
    prove (`kinds`, `purpose`) and who took it in. `subject` is the contact's number, `contact` its
    id, `run` its judgement; `result` is the id of what the ledger found.
    """

    name: str
    system: str
    at: datetime | None
    summary: str
    extent: str
    sha256: str
    number: int = 0
    purpose: str = ""
    taken_by: str = ""
    kinds: frozenset[Kind] = frozenset()
    subject: str = ""
    contact: int | None = None
    run: int | None = None
    result: int | None = None


def exhibits(
    session: Session, accepted: Sequence[EvidenceLink], events: Sequence[ComplaintEvent], hide: Hide
) -> list[Exhibit]:
    """The accepted pieces, each once, and the files kept with the case, numbered by time."""
    found: dict[tuple[str, str], Exhibit] = {}
    for link in sorted(accepted, key=lambda link: link.id or 0):
        if told := _of_link(session, link, hide):
            key = told.name, told.sha256
            found[key] = _joined(found[key], told) if key in found else told
    listed = [*found.values(), *(_file(event) for event in events if event.blob)]
    listed.sort(key=lambda one: (one.at is None, one.at, one.name))
    return [replace(exhibit, number=number) for number, exhibit in enumerate(listed, 1)]


def result_kind(result: LedgerResult) -> Kind:
    """What a result of the ledger counts as."""
    rule = limits().rule(result.rule)
    return rule.kind if rule else Kind.procedure


def _of_link(session: Session, link: EvidenceLink, hide: Hide) -> Exhibit | None:
    """What a link is to, a finding as the contact that it is in; None for what is no longer on file."""
    call, message, kinds = link.call_id, link.message_id, {link.kind}
    if finding := session.get(Finding, link.finding_id or 0):
        run = session.get_one(Run, finding.run_id)
        call, message, kinds = run.call_id, run.message_id, {link.kind or finding.kind_now}
    if found := session.get(Call, call or 0):
        told = _call(session, found)
    elif sent := session.get(Message, message or 0):
        told = _message(session, sent, hide)
    elif result := session.get(LedgerResult, link.ledger_result_id or 0):
        told, kinds = _result(result), {link.kind or result_kind(result)}
    else:
        return None
    named = frozenset(kind for kind in kinds if kind)
    why = "：".join(filter(None, (*(f"拟证明{kind.names.zh}" for kind in named), masked(link.why))))
    return replace(told, purpose=why or NOT_LISTED, taken_by=link.actor, kinds=named)


def _joined(one: Exhibit, other: Exhibit) -> Exhibit:
    """A contact to which several links lead."""
    purpose = "；".join(dict.fromkeys((one.purpose, other.purpose)))
    taken_by = "、".join(dict.fromkeys((one.taken_by, other.taken_by)))
    return replace(one, kinds=one.kinds | other.kinds, purpose=purpose, taken_by=taken_by)


def _call(session: Session, call: Call) -> Exhibit:
    recording = session.get(Recording, call.recording_id or 0)
    way = DIRECTIONS[call.direction] if call.direction else "通话"
    spoken = NOT_LISTED if call.talk_seconds is None else f"{call.talk_seconds} 秒"
    told = f"{_staff(session, call.collector_id)}{way} {_other(call)}，话单记通话 {spoken}"
    row = {"call_id": call.call_id, "started_at": call.started_at, "talk_seconds": call.talk_seconds}
    return Exhibit(
        name=f"通话 {call.call_id} 话单{'与录音' if recording else '（无录音）'}",
        system="call",
        at=call.started_at,
        summary=f"{told}；录音文件 {masked_name(recording.name)}" if recording else told,
        extent=str(timedelta(seconds=round(recording.seconds))) if recording else "1 条",
        sha256=recording.sha256 if recording else _digest(row),
        subject=call.call_id,
        contact=call.id,
        run=call.run_id,
    )


def _message(session: Session, message: Message, hide: Hide) -> Exhibit:
    text = hide(message.text)
    quote = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    return Exhibit(
        name=f"{CHANNELS[message.channel]} {message.message_id}",
        system="message",
        at=message.sent_at,
        summary=f"{_staff(session, message.collector_id)}发往 {_other(message)}：“{quote}”",
        extent=f"1 条，{len(message.text)} 字",
        sha256=hashlib.sha256(message.text.encode()).hexdigest(),
        subject=message.message_id,
        contact=message.id,
        run=message.run_id,
    )


def _result(result: LedgerResult) -> Exhibit:
    contacts = [*result.calls, *result.messages, *result.visits]
    row = {"rule": result.rule, "scope": result.scope, "day": result.day, "contacts": contacts}
    return Exhibit(
        name=f"联系台账 L{result.id}（{result.day}）",
        system="ledger",
        at=result.found_at,
        summary=masked(in_words(result.why["zh"])),
        extent=f"{len(contacts)} 次联系",
        sha256=_digest(row),
        result=result.id,
    )


def _file(event: ComplaintEvent) -> Exhibit:
    note = masked(str(event.body.get("note") or ""))
    return Exhibit(
        name=masked_name(event.file_name or NOT_LISTED),
        system="attachment",
        at=event.at,
        summary=note or NOT_LISTED,
        extent=f"{int(event.body.get('bytes', 0)):,} 字节",
        sha256=event.sha256 or "",
        purpose=note or NOT_LISTED,
        taken_by=event.actor,
    )


def _staff(session: Session, collector_id: int | None) -> str:
    who = session.get(Collector, collector_id or 0)
    return f"坐席 {who.staff_no} " if who else "坐席未登记，"


def _other(contact: Call | Message) -> str:
    """The other side: number and relation to the debtor."""
    return f"{shown(contact.number) or '号码未登记'}（{RELATIONS.get(contact.relation or '', '关系未登记')}）"


def _digest(told: dict[str, Any]) -> str:
    """SHA-256 of a record in canonical JSON."""
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def moment(at: datetime | None) -> str:
    """A point in time as the letter has it, in Beijing time."""
    return at.astimezone(LOCAL).strftime("%Y年%-m月%-d日 %H:%M") if at else NOT_LISTED


def numbers(exhibits: Sequence[Exhibit]) -> str:
    """How the text refers to pieces of evidence."""
    return f"证据 {'、'.join(str(exhibit.number) for exhibit in exhibits)}" if exhibits else ""
