"""The daily work on a case: who has it, what was noted and said, what was set right."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlmodel import Session

from audit.store.types import local_day
from classifiers.errors import BadInput, first_mistake
from classifiers.taxonomy import Kind
from complaints.cases.conflicts import refuse_conflict
from complaints.cases.events import By, find, record
from complaints.cases.evidence import set_account
from complaints.cases.states import allow, said
from complaints.facts import facts
from complaints.models import Complaint, ComplaintEvent
from complaints.reading.demands import ComplaintType
from complaints.reading.people import Authority
from complaints.vocabulary import CaseState, EventKind, Satisfaction

NONE = "none"


class Corrections(BaseModel):
    """What an officer set right; what is None was not. `repeat_of` is a number or `none`, `kinds`, `days` and
    `collectors` are what the complaint alleges, when, and against whom.
    """

    model_config = ConfigDict(extra="forbid")

    account_no: str | None = None
    type: ComplaintType | None = None
    authority: Authority | None = None
    collectors: list[str] | None = None
    kinds: list[Kind] | None = None
    days: list[date] | None = None
    business: str | None = None
    cause: str | None = None
    business_channel: str | None = None
    assignment_notice_on: date | None = None
    repeat_of: str | None = None


def assign(session: Session, case: Complaint, by: By, handler: str) -> ComplaintEvent:
    """Gives a case to a handler. Raises BadInput where that is somebody complained of, or of their team."""
    allow(case, "assign")
    handler = said(case, "the handler", handler)
    refuse_conflict(session, case, handler)
    case.handler = handler
    if case.state is CaseState.received:
        case.state = CaseState.investigating
    return record(session, case, EventKind.assigned, by, {"handler": handler})


def note(session: Session, case: Complaint, by: By, text: str) -> ComplaintEvent:
    """Adds a note."""
    allow(case, "note")
    return record(session, case, EventKind.noted, by, {"text": said(case, "the note", text)})


def contact(session: Session, case: Complaint, by: By, how: str, what: str) -> ComplaintEvent:
    """Takes down a contact with the complainant: by which way, and what was said."""
    allow(case, "contact")
    body = {"how": said(case, "the way of contact", how), "text": said(case, "what was said", what)}
    return record(session, case, EventKind.contacted, by, body)


def correct(session: Session, case: Complaint, by: By, corrections: Corrections) -> ComplaintEvent:
    """Sets right what was read or proposed; it is not overwritten again. Raises BadInput for what is not on file or not
    on an axis, and where nothing is corrected.
    """
    allow(case, "correct")
    told = corrections.model_dump(mode="json", exclude_none=True)
    if not told:
        raise BadInput(f"{case.number}: nothing to correct", "give at least one option")
    for axis in ("business", "cause", "business_channel"):
        if axis in told:
            facts().check(axis, told[axis])
            setattr(case, axis, told[axis])
    for column in ("type", "authority", "assignment_notice_on"):
        if column in told:
            setattr(case, column, getattr(corrections, column))
    if "account_no" in told:
        set_account(session, case, told["account_no"])
    if "repeat_of" in told:
        _set_repeat(session, case, told["repeat_of"])
    case.corrections = {**case.corrections, **told}
    return record(session, case, EventKind.corrected, by, told)


def satisfaction(session: Session, case: Complaint, by: By, said_so: Satisfaction) -> ComplaintEvent:
    """Takes down what the complainant says of the handling."""
    allow(case, "satisfaction")
    case.satisfaction = said_so
    event = record(session, case, EventKind.satisfaction, by, {"satisfaction": said_so})
    case.satisfaction_on = local_day(event.at)
    return event


def escalate(session: Session, case: Complaint, by: By, to: str, reason: str) -> ComplaintEvent:
    """Brings a case before somebody higher."""
    allow(case, "escalate")
    case.escalated_to = said(case, "whom it goes to", to)
    body = {"to": case.escalated_to, "reason": said(case, "the reason", reason)}
    return record(session, case, EventKind.escalated, by, body)


def corrections_of(told: dict[str, Any]) -> Corrections:
    """Corrections as typed in. Raises BadInput naming the one that does not hold."""
    try:
        return Corrections.model_validate(told)
    except ValidationError as error:
        raise BadInput(str(first_mistake(error)), "correct the option") from error


def _set_repeat(session: Session, case: Complaint, number: str) -> None:
    first = None if number == NONE else find(session, number)
    if first and first.id == case.id:
        raise BadInput(f"{case.number} repeats itself", "give the number of the first complaint")
    case.repeat_of = (first.repeat_of or first.id) if first else None
