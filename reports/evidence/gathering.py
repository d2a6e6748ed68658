"""What belongs into the pack of a case: the contacts linked to it, and what was judged and decided on them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import Session, SQLModel, col, or_, select

from audit.calls.models import Call, Recording
from audit.contacts.models import Message
from audit.findings.models import Finding, Review, Run, UsedPack
from audit.ledger.models import LedgerResult
from audit.transcripts.models import Segment, Transcript
from audit.transcripts.service import segments
from classifiers.errors import BadInput
from complaints.cases.events import events
from complaints.cases.evidence import links_of
from complaints.models import Complaint, ComplaintEvent, EvidenceLink
from complaints.vocabulary import LinkState

T = TypeVar("T", bound=SQLModel)


@dataclass(frozen=True)
class Item:
    """A call or a message of the pack, and why it is there. `name` is what its files are called."""

    no: int
    contact: Call | Message
    links: list[EvidenceLink]
    recording: Recording | None = None
    run: Run | None = None
    transcript: Transcript | None = None
    segments: list[Segment] = field(default_factory=list)

    @property
    def number(self) -> str:
        """As the registers call it."""
        return self.contact.call_id if isinstance(self.contact, Call) else self.contact.message_id


@dataclass(frozen=True)
class Gathered:
    """All rows that a pack is made of, each list in a fixed order."""

    case: Complaint
    events: list[ComplaintEvent]
    links: list[EvidenceLink]
    items: list[Item]
    runs: list[Run]
    findings: list[Finding]
    ledger: list[LedgerResult]
    reviews: list[Review]
    packs: list[UsedPack]

    @property
    def calls(self) -> list[Item]:
        """The calls."""
        return [item for item in self.items if isinstance(item.contact, Call)]

    @property
    def messages(self) -> list[Item]:
        """The messages."""
        return [item for item in self.items if isinstance(item.contact, Message)]

    @property
    def attached(self) -> list[ComplaintEvent]:
        """The events that a file was kept with."""
        return [event for event in self.events if event.blob]

    @property
    def subjects(self) -> set[str]:
        """What events of the trail that belong to the pack are about."""
        return {
            f"complaint:{self.case.number}",
            *(f"call:{item.contact.id}" for item in self.calls),
            *(f"message:{item.contact.id}" for item in self.messages),
            *(f"recording:{item.recording.id}" for item in self.calls if item.recording),
            *(f"finding:{finding.id}" for finding in self.findings),
            *(f"ledger_result:{result.id}" for result in self.ledger),
        }


def gather(session: Session, case: Complaint, *, proposed: bool = False) -> Gathered:
    """Everything around the evidence that an officer accepted, and with `proposed` what the machine proposed too.

    Raises BadInput for a case without any.
    """
    wanted = {LinkState.accepted, LinkState.proposed} if proposed else {LinkState.accepted}
    links = sorted((link for link in links_of(session, case) if link.state in wanted), key=lambda link: link.id or 0)
    if not links:
        raise BadInput(f"{case.number}: no evidence was accepted", "accept it first, or give --proposed")
    by_run = _runs_of_findings(session, links)
    items = _items(session, links, by_run)
    runs = sorted(
        {run.id: run for run in [item.run for item in items if item.run] + list(by_run.values())}.values(), key=_id
    )
    findings = _all(session, Finding, col(Finding.run_id).in_([run.id for run in runs]))
    ledger = _ledger(session, case, links, items)
    decided = or_(
        col(Review.finding_id).in_([one.id for one in findings]),
        col(Review.ledger_result_id).in_([one.id for one in ledger]),
    )
    return Gathered(
        case,
        list(events(session, case)),
        links,
        items,
        runs,
        findings,
        ledger,
        reviews=_all(session, Review, decided),
        packs=_all(session, UsedPack, col(UsedPack.id).in_({run.rule_pack_id for run in runs})),
    )


def _runs_of_findings(session: Session, links: Iterable[EvidenceLink]) -> dict[int, Run]:
    """The judgement behind each link to a finding, by the link's id."""
    found = {link.id or 0: session.get(Finding, link.finding_id) for link in links if link.finding_id}
    return {number: session.get_one(Run, finding.run_id) for number, finding in found.items() if finding}


def _items(session: Session, links: list[EvidenceLink], by_run: dict[int, Run]) -> list[Item]:
    """The contacts by time, each once, calls before messages."""
    why: dict[tuple[type, int], list[EvidenceLink]] = {}
    for link in links:
        run = by_run.get(link.id or 0)
        call, message = (run.call_id, run.message_id) if run else (link.call_id, link.message_id)
        if call or message:
            why.setdefault((Call, call) if call else (Message, message or 0), []).append(link)
    contacts: list[Call | Message] = [session.get_one(model, number) for model, number in why]
    contacts.sort(key=lambda one: (isinstance(one, Message), str(_at(one)), one.id))
    return [_item(session, no, one, why[type(one), one.id or 0]) for no, one in enumerate(contacts, 1)]


def _item(session: Session, no: int, contact: Call | Message, links: list[EvidenceLink]) -> Item:
    run = session.get(Run, contact.run_id) if contact.run_id else None
    if isinstance(contact, Message):
        return Item(no, contact, links, run=run)
    transcript = session.get(Transcript, run.transcript_id) if run and run.transcript_id else None
    recording = session.get(Recording, contact.recording_id) if contact.recording_id else None
    spoken = segments(session, transcript.id or 0) if transcript else []
    return Item(no, contact, links, recording, run, transcript, spoken)


def _ledger(
    session: Session, case: Complaint, links: Iterable[EvidenceLink], items: Collection[Item]
) -> list[LedgerResult]:
    """The ledger's results that are linked, and those on the account that count one of the contacts."""
    linked = {link.ledger_result_id for link in links if link.ledger_result_id}
    numbers = {item.number for item in items}
    accounts = {case.account_id, *(item.contact.account_id for item in items)} - {None}
    about = or_(col(LedgerResult.id).in_(linked), col(LedgerResult.account_id).in_(accounts))
    return [
        result
        for result in _all(session, LedgerResult, about)
        if result.id in linked or (result.standing and numbers & {*result.calls, *result.messages})
    ]


def _all(session: Session, model: type[T], condition: ColumnElement[bool]) -> list[T]:
    told: Any = model
    return list(session.exec(select(told).where(condition).order_by(told.id)))


def _at(contact: Call | Message) -> object:
    return contact.started_at if isinstance(contact, Call) else contact.sent_at


def _id(run: Run) -> int:
    return run.id or 0
