"""Intake: one complaint into the workspace, once; its clocks start, and an earlier one of the same person is found."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from audit.imports.mapping import Mapping, load_mapping
from audit.parties.models import Account
from audit.parties.numbers import key_of
from audit.store.types import LOCAL
from audit.store.upsert import upsert
from audit.trail import TrailHead
from classifiers.errors import BadInput
from complaints.cases.events import By, events, record
from complaints.cases.evidence import SYSTEM
from complaints.clock_count import aware
from complaints.due import as_body, told_due
from complaints.facts import facts
from complaints.given import Given
from complaints.models import Complaint
from complaints.reading.demands import ComplaintType, complaint_type
from complaints.reading.kinds import kinds
from complaints.reading.people import people
from complaints.repeats import digest, how, name_key, of_one_person
from complaints.vocabulary import EventKind

_TYPE_OF_CHANNEL = {"petition": ComplaintType.petition}


def receive(session: Session, given: Given, mapping: Mapping | None = None, *, actor: str = SYSTEM) -> Complaint:
    """The case of a complaint. The same channel and external number again is the same case, brought up to date as far
    as the officer did not correct it. Raises BadInput where its text has changed.
    """
    channel = channel_code(given.channel, mapping or load_mapping())
    case = known(session, channel, given.external_ref)
    if case is None:
        return _open(session, channel, given, actor)
    _update(session, case, given, actor)
    return case


def channel_code(written: str, mapping: Mapping) -> str:
    """Our code for a channel; one that no table knows is kept as written."""
    return str(mapping.code("complaint_channel", written))


def known(session: Session, channel: str, external_ref: str | None) -> Complaint | None:
    """The case on file of that external number."""
    if external_ref is None:
        return None
    same = select(Complaint).where(Complaint.channel == channel, Complaint.external_ref == external_ref)
    return session.exec(same).first()


def refuse_new_text(case: Complaint, text: str) -> None:
    """Raises BadInput where the case is on file with another text: what was written does not change."""
    if case.text_digest != digest(text):
        raise BadInput(
            f"complaint {case.external_ref} is on file as {case.number} with another text",
            "give the new text a number of its own",
        )


def _open(session: Session, channel: str, given: Given, actor: str) -> Complaint:
    case = Complaint(
        number=_number(session, given.received_at),
        channel=channel,
        channel_written=given.channel,
        external_ref=given.external_ref,
        type=given.type or _type(given.text, channel),
        authority=given.authority or people(given.text).right,
        received_at=aware(given.received_at),
        text=given.text,
        text_digest=digest(given.text),
        **facts().propose(given.text, {one.kind for one in kinds(given.text)})._asdict(),
    )
    _name(case, given, {"complainant", "phone"})
    _fill(session, case, given)
    session.add(case)
    session.flush()
    due = given.due_on or told_due(given.text, channel, given.received_at)
    body = {
        "channel": channel,
        "received_at": case.received_at.isoformat(),
        "due": as_body(due),
        **_told_account(given),
    }
    record(session, case, EventKind.received, By(actor), body)
    _link(session, case, actor)
    return case


def _update(session: Session, case: Complaint, given: Given, actor: str) -> None:
    """Takes on what the complaint came with this time; a column that was not given stays as it is."""
    refuse_new_text(case, given.text)
    before, told = case.model_dump(), given.model_fields_set
    _name(case, given, told)
    for column in ("type", "authority"):
        if getattr(given, column) and column not in case.corrections:
            setattr(case, column, getattr(given, column))
    _fill(session, case, given)
    case.received_at = aware(given.received_at)
    body = _clock_changes(session, case, given, before["received_at"])
    if changed := [name for name, value in case.model_dump().items() if value != before[name]] or [*body]:
        record(session, case, EventKind.updated, By(actor), {"changed": changed, **body, **_told_account(given)})
        _link(session, case, actor)


def _clock_changes(session: Session, case: Complaint, given: Given, before: datetime) -> dict[str, Any]:
    """What the clocks must know of an update."""
    body: dict[str, Any] = {"received_at": case.received_at.isoformat()} if case.received_at != before else {}
    dues = [event for event in events(session, case) if "due" in event.body]
    by_hand, due = dues[-1].kind is EventKind.due, as_body(given.due_on)
    if due and due != dues[-1].body["due"] and not by_hand and case.closed_at is None:
        body["due"] = due
    return body


def _name(case: Complaint, given: Given, told: Collection[str]) -> None:
    """Who complains, as far as it is told."""
    if "complainant" in told:
        case.complainant, case.complainant_key = given.complainant, name_key(given.complainant)
    if "phone" in told:
        case.phone, case.phone_key = given.phone, key_of(given.phone)


def _told_account(given: Given) -> dict[str, str]:
    return {"account_no": given.account_no} if given.account_no else {}


def _fill(session: Session, case: Complaint, given: Given) -> None:
    """Group, account and those complained of, where they are given and not corrected."""
    case.group_label = given.group or case.group_label
    if given.account_no and "account_no" not in case.corrections:
        account = _account(session, given.account_no)
        case.account_id, case.debtor_id = account.id, account.debtor_id
    if given.collector:
        case.collectors = list(given.collector)


def _account(session: Session, account_no: str) -> Account:
    """The account of that number; one that no register lists becomes an entry that is not listed."""
    upsert(session, Account, [{"account_no": account_no}], ["account_no"], {"listed": False})
    return session.exec(select(Account).where(Account.account_no == account_no)).one()


def _type(text: str, channel: str) -> ComplaintType:
    """By the text's own words, else by its channel."""
    told = complaint_type(text)
    return told.type if told else _TYPE_OF_CHANNEL.get(channel, ComplaintType.complaint)


def _number(session: Session, received_at: datetime) -> str:
    """The next number of the local day; whoever counts holds the trail, so that no two count alike."""
    session.exec(select(TrailHead).with_for_update()).one()
    head = f"TS{received_at.astimezone(LOCAL):%Y%m%d}-"
    last = session.exec(select(func.max(Complaint.number)).where(col(Complaint.number).startswith(head))).one()
    return f"{head}{int(last.removeprefix(head)) + 1 if last else 1:04}"


def _link(session: Session, case: Complaint, actor: str) -> None:
    """The complaints of one person after the first point to it, whichever came in first here."""
    kin = of_one_person(session, case)
    for n, later in enumerate(kin[1:], 1):
        if later.repeat_of != kin[0].id and "repeat_of" not in later.corrections:
            later.repeat_of = kin[0].id
            body = {"to": kin[0].number, "as": how(later, kin[:n])}
            record(session, later, EventKind.linked, By(actor), body)
