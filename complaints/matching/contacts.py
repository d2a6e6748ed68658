"""The calls, messages and visits that a complaint may be about, each with what was said in it and what was found."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlmodel import Session, col, or_, select

from audit.calls.models import Call, Direction
from audit.contacts.models import Message, Visit
from audit.findings.models import Finding, Run, State
from audit.ledger.models import LedgerResult
from audit.parties.models import Collector
from audit.parties.numbers import BEHIND, visible_part
from audit.store.types import LOCAL
from audit.transcripts.models import Segment
from classifiers.taxonomy import Kind, Speaker, Verdict

CALL, MESSAGE, VISIT = "call", "message", "visit"  # tables; calls and visits are channels too


class Found(NamedTuple):
    """What was found in a contact: with its place in seconds where it was spoken; `weak` ones are only suggested."""

    kind: Kind
    quote: str
    at: float | None
    rule: str
    weak: bool
    line: str


@dataclass
class Contact:
    """One contact: `texts` are the collector's lines. `talked` is None for what is written."""

    id: int
    number: str
    channel: str
    at: datetime
    account_id: int | None
    collector_id: int | None
    collector: str = ""
    staff_no: str = ""
    key: str | None = None
    relation: str | None = None
    inbound: bool = False
    talked: int | None = None
    recorded: bool = False
    judged: bool = False
    verdict: Verdict | None = None
    texts: list[str] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    limits: list[LedgerResult] = field(default_factory=list)

    @property
    def table(self) -> str:
        """`call`, `message` or `visit`."""
        return self.channel if self.channel in (CALL, VISIT) else MESSAGE

    @property
    def subject(self) -> str:
        """Table and id, as links name it."""
        return f"{self.table}:{self.id}"

    @property
    def connected(self) -> bool:
        """Whether somebody was reached; what is written reaches always."""
        return self.talked is None or self.talked > 0


class Days(NamedTuple):
    """Local days, both inclusive."""

    first: date
    last: date


def contacts_of(session: Session, accounts: Collection[int], key: str | None, days: Days) -> list[Contact]:
    """All contacts of those accounts, and with that number whatever their account, by time."""
    calls = _rows(session, Call, accounts, key, days)
    messages = _rows(session, Message, accounts, key, days)
    of_day = col(Visit.day).between(*days)
    visits = session.exec(select(Visit).where(col(Visit.account_id).in_(accounts), of_day)).all()
    found = [*map(_call, calls), *map(_message, messages), *map(_visit, visits)]
    _name_collectors(session, found)
    _add_said(session, calls, messages, {contact.subject: contact for contact in found})
    _add_limits(session, found, days)
    return sorted(found, key=lambda contact: contact.at)


def _rows(session: Session, model: Any, accounts: Collection[int], key: str | None, days: Days) -> Sequence[Any]:
    """By account and by number apart: one condition over both would use no index."""
    of_day = select(model).where(col(model.day).between(*days))
    by_account = session.exec(of_day.where(col(model.account_id).in_(accounts))).all() if accounts else []
    by_key = session.exec(of_day.where(_of_number(model, key))).all() if key else []
    return list({row.id: row for row in (*by_account, *by_key)}.values())


def _of_number(model: Any, key: str) -> Any:
    """A masked number's key is the beginning of the whole number's, whichever of the two is on file."""
    on_file = col(model.number_key)
    return or_(on_file == visible_part(key), on_file.between(key, key + BEHIND))


def _call(call: Call) -> Contact:
    return Contact(
        id=call.id or 0,
        number=call.call_id,
        channel=CALL,
        at=_told(call.started_at).astimezone(LOCAL),
        account_id=call.account_id,
        collector_id=call.collector_id,
        key=call.number_key,
        relation=call.relation,
        inbound=call.direction == Direction.inbound,
        talked=call.talk_seconds or 0,
        recorded=call.recording_id is not None,
        judged=call.run_id is not None,
    )


def _told(at: datetime | None) -> datetime:
    assert at is not None  # noqa: S101 - it has a day
    return at


def _message(message: Message) -> Contact:
    return Contact(
        id=message.id or 0,
        number=message.message_id,
        channel=message.channel,
        at=message.sent_at.astimezone(LOCAL),
        account_id=message.account_id,
        collector_id=message.collector_id,
        key=message.number_key,
        relation=message.relation,
        recorded=True,
        judged=message.run_id is not None,
        texts=[message.text],
    )


def _visit(visit: Visit) -> Contact:
    went = visit.collectors[0] if visit.collectors else None
    return Contact(visit.id or 0, visit.visit_id, VISIT, visit.at.astimezone(LOCAL), visit.account_id, went)


def _name_collectors(session: Session, contacts: Iterable[Contact]) -> None:
    named = {contact.collector_id for contact in contacts}
    told: Any = select(Collector.id, Collector.name, Collector.staff_no)
    known = {row[0]: (row[1] or "", row[2]) for row in session.execute(told.where(col(Collector.id).in_(named)))}
    for contact in contacts:
        contact.collector, contact.staff_no = known.get(contact.collector_id, ("", ""))


def _add_said(
    session: Session, calls: Sequence[Call], messages: Sequence[Message], contacts: Mapping[str, Contact]
) -> None:
    """Verdict, lines and findings of the judgement that stands of each."""
    of_run: dict[int | None, Contact] = {call.run_id: contacts[f"call:{call.id}"] for call in calls if call.run_id}
    of_run |= {message.run_id: contacts[f"message:{message.id}"] for message in messages if message.run_id}
    lines: dict[int | None, str] = {}
    for run in session.exec(select(Run).where(col(Run.id).in_(of_run))):
        of_run[run.id].verdict = run.verdict_now
        if run.transcript_id:
            lines |= _lines(session, run.transcript_id, of_run[run.id])
    for finding in session.exec(select(Finding).where(col(Finding.run_id).in_(of_run))):
        contact = of_run[finding.run_id]
        if finding.state != State.rejected and not finding.kind_now.is_signal:
            contact.found.append(_found(finding, lines.get(finding.segment_id) or "".join(contact.texts[:1])))


def _lines(session: Session, transcript_id: int, contact: Contact) -> dict[int | None, str]:
    """The lines of a transcript by segment; the collector's become the contact's."""
    spoken = session.exec(select(Segment).where(Segment.transcript_id == transcript_id).order_by(col(Segment.position)))
    segments = spoken.all()
    contact.texts = [segment.text for segment in segments if segment.speaker == Speaker.collector]
    return {segment.id: segment.text for segment in segments}


def _found(finding: Finding, line: str) -> Found:
    at = None if finding.at_ms is None else finding.at_ms / 1000
    return Found(finding.kind_now, finding.quote, at, finding.rule, finding.state == State.suggested, line)


def _add_limits(session: Session, contacts: Sequence[Contact], days: Days) -> None:
    """What the ledger has of each contact."""
    named: dict[tuple[str, str], list[Contact]] = defaultdict(list)
    for contact in contacts:
        named[contact.table, contact.number].append(contact)
    accounts = {contact.account_id for contact in contacts}
    meant = or_(col(LedgerResult.account_id).in_(accounts), col(LedgerResult.account_id).is_(None))
    of_days = select(LedgerResult).where(meant, col(LedgerResult.day).between(*days))
    for result in session.exec(of_days.where(LedgerResult.standing, LedgerResult.state != State.rejected)):
        for table, numbers in ((CALL, result.calls), (MESSAGE, result.messages), (VISIT, result.visits)):
            for contact in (contact for number in numbers for contact in named.get((table, number), ())):
                contact.limits.append(result)
