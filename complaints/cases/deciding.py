"""How a case ends, and how it begins again: decided, withdrawn, reopened, looked at once more (核查)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal

from sqlmodel import Session

from classifiers.errors import BadInput
from complaints.cases.conflicts import refuse_conflict
from complaints.cases.events import By, record
from complaints.cases.states import allow, said
from complaints.models import Complaint, ComplaintEvent
from complaints.vocabulary import CaseState, EventKind, Redress, Remedy, Substantiated


@dataclass(frozen=True)
class Decision:
    """What was found, why, what is done, in yuan what is paid, and where the complainant may turn next."""

    substantiated: Substantiated
    reason: str
    redress: Collection[Redress]
    remedies: Collection[Remedy] = field(default=())
    compensation: Decimal | None = None


def decide(session: Session, case: Complaint, by: By, decision: Decision) -> ComplaintEvent:
    """Decides a case, or the re-check of one, and closes it. Raises BadInput where the state forbids it, a reason or
    the redress is missing, or whoever decides or handles it is complained of.
    """
    allow(case, "decide")
    reason = said(case, "the reason of the decision", decision.reason)
    if not decision.redress:
        raise BadInput(f"{case.number}: no redress is named", f"name with --redress: {', '.join(Redress)}")
    if decision.compensation is not None and decision.compensation <= 0:
        raise BadInput(f"{case.number}: compensation of {decision.compensation}", "give yuan above 0, or none")
    for person in filter(None, (by.name, case.handler)):
        refuse_conflict(session, case, person)
    remedies = {*decision.remedies, *([Remedy.compensation] if decision.compensation else [])}
    case.substantiated, case.reason, case.compensation = decision.substantiated, reason, decision.compensation
    case.remedies = [remedy for remedy in Remedy if remedy in remedies]
    case.redress = [redress for redress in Redress if redress in decision.redress]
    body = {
        "substantiated": decision.substantiated,
        "reason": reason,
        "remedies": case.remedies,
        "compensation": str(decision.compensation) if decision.compensation else None,
        "redress": case.redress,
    }
    case.state = CaseState.decided
    event = record(session, case, EventKind.decided, by, body)
    case.decided_at = case.closed_at = event.at
    return event


def withdraw(session: Session, case: Complaint, by: By, reason: str) -> ComplaintEvent:
    """Closes a case that the complainant takes back. Raises BadInput where the state forbids it."""
    allow(case, "withdraw")
    case.state = CaseState.withdrawn
    event = record(session, case, EventKind.withdrawn, by, {"reason": said(case, "the reason", reason)})
    case.closed_at = event.at
    return event


def reopen(session: Session, case: Complaint, by: By, reason: str) -> ComplaintEvent:
    """Begins a closed case again: its clocks start anew, the decision no longer stands. Raises BadInput likewise."""
    allow(case, "reopen")
    case.state = CaseState.investigating if case.handler else CaseState.received
    case.substantiated = case.reason = case.compensation = case.decided_at = case.closed_at = None
    case.remedies, case.redress = [], []
    return record(session, case, EventKind.reopened, by, {"reason": said(case, "the reason", reason)})


def appeal(session: Session, case: Complaint, by: By, reason: str) -> ComplaintEvent:
    """Takes down that the complainant asks for a re-check. Raises BadInput where the time for that is over."""
    allow(case, "appeal")
    case.state, case.closed_at = CaseState.rechecking, None
    return record(session, case, EventKind.appealed, by, {"reason": said(case, "the reason", reason)})
