"""The pieces of evidence of a case as its list (证据清单) has them."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from audit.calls.models import Call, Recording
from audit.contacts.models import Message
from audit.findings.models import Finding, Run
from audit.ledger.models import LedgerResult
from audit.parties.numbers import shown
from audit.store.types import LOCAL
from complaints.models import ComplaintEvent, EvidenceLink
from complaints.vocabulary import LinkState
from reports.masking import masked, masked_name
from reports.names import CHANNELS, DIRECTIONS, NOT_LISTED, RELATIONS

_SHOWN = 60  # characters of a text


@dataclass(frozen=True)
class Exhibit:
    """A piece of evidence: its number in the list, what it is, from where, and its digest; `subject` is the contact's
    number, and `run` its judgement.
    """

    number: int
    name: str
    system: str
    at: datetime | None
    summary: str
    extent: str
    sha256: str
    purpose: str
    taken_by: str
    subject: str = ""
    run: int | None = None


@dataclass(frozen=True)
class _Draft:
    name: str
    system: str
    at: datetime | None
    summary: str
    extent: str
    sha256: str
    subject: str = ""
    run: int | None = None


def exhibits(session: Session, links: Sequence[EvidenceLink], events: Sequence[ComplaintEvent]) -> list[Exhibit]:
    """The accepted pieces and the files kept with the case, numbered by time."""
    found = [(draft, link.why, link.actor) for link in _accepted(links) for draft in _of_link(session, link)]
    found += [(_file(event), str(event.body.get("note", "")), event.actor) for event in events if event.blob]
    found.sort(key=lambda one: (one[0].at is None, one[0].at, one[0].name))
    return [Exhibit(n, **vars(draft), purpose=why, taken_by=actor) for n, (draft, why, actor) in enumerate(found, 1)]


def _accepted(links: Sequence[EvidenceLink]) -> Iterator[EvidenceLink]:
    return (link for link in links if link.state is LinkState.accepted)


def _of_link(session: Session, link: EvidenceLink) -> Iterator[_Draft]:
    if call := _call_of(session, link):
        yield _call(session, call)
    elif message := session.get(Message, link.message_id or 0):
        yield _message(message)
    elif result := session.get(LedgerResult, link.ledger_result_id or 0):
        yield _result(result)


def _call_of(session: Session, link: EvidenceLink) -> Call | None:
    """The call itself, or that of a finding."""
    if link.finding_id is None:
        return session.get(Call, link.call_id or 0)
    found = select(Call).join(Run, col(Run.call_id) == Call.id).join(Finding, col(Finding.run_id) == Run.id)
    return session.exec(found.where(Finding.id == link.finding_id)).first()


def _call(session: Session, call: Call) -> _Draft:
    recording = session.get(Recording, call.recording_id or 0)
    way = DIRECTIONS[call.direction] if call.direction else "通话"
    other = RELATIONS.get(call.relation or "", NOT_LISTED)
    summary = f"{way} {shown(call.number) or NOT_LISTED}（{other}），话单记通话 {_seconds(call.talk_seconds)}"
    if recording:
        file = f"录音文件 {masked_name(recording.name)}"
        return _Draft(
            f"通话 {call.call_id} 话单与录音",
            "call",
            call.started_at,
            f"{summary}；{file}",
            _length(recording.seconds),
            recording.sha256,
            call.call_id,
            call.run_id,
        )
    digest = _digest({"call_id": call.call_id, "started_at": call.started_at, "talk_seconds": call.talk_seconds})
    return _Draft(
        f"通话 {call.call_id} 话单（无录音）",
        "call",
        call.started_at,
        summary,
        "1 条",
        digest,
        call.call_id,
        call.run_id,
    )


def _message(message: Message) -> _Draft:
    text = masked(message.text)
    told = f"{CHANNELS[message.channel]}，发往 {shown(message.number) or NOT_LISTED}：“{text[:_SHOWN]}”"
    digest = hashlib.sha256(message.text.encode()).hexdigest()
    name = f"消息 {message.message_id}"
    return _Draft(name, "message", message.sent_at, told, "1 条", digest, message.message_id, message.run_id)


def _result(result: LedgerResult) -> _Draft:
    contacts = [*result.calls, *result.messages, *result.visits]
    digest = _digest({"rule": result.rule, "scope": result.scope, "day": result.day, "contacts": contacts})
    name = f"联系台账 {result.day}"
    return _Draft(name, "ledger", result.found_at, result.why["zh"], f"{len(contacts)} 次联系", digest)


def _file(event: ComplaintEvent) -> _Draft:
    size = f"{int(event.body.get('bytes', 0)):,} 字节"
    return _Draft(masked_name(event.file_name or NOT_LISTED), "attachment", event.at, "", size, event.sha256 or "")


def _digest(told: dict[str, Any]) -> str:
    """SHA-256 of a record in canonical JSON."""
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def _seconds(seconds: int | None) -> str:
    return NOT_LISTED if seconds is None else f"{seconds} 秒"


def _length(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))


def moment(at: datetime | None) -> str:
    """A point in time as the letter has it, in Beijing time."""
    return at.astimezone(LOCAL).strftime("%Y年%-m月%-d日 %H:%M") if at else NOT_LISTED
