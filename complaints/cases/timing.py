"""Acts on the clocks of a case: longer, stopped, going on, and the regulator's own date."""

from datetime import date, timedelta

from sqlmodel import Session

from audit.calls.today import moment
from audit.store.types import local_day
from classifiers.errors import BadInput
from complaints.cases.events import By, clocks, record
from complaints.cases.folding import open_clock
from complaints.cases.states import allow, said
from complaints.clocks import OwnDue
from complaints.due import as_body
from complaints.models import Complaint, ComplaintEvent
from complaints.vocabulary import EventKind

_SKEW = timedelta(days=1)


def lengthen(
    session: Session, case: Complaint, by: By, *, approver: str, notice_on: date, reason: str, rule: str | None = None
) -> ComplaintEvent:
    """Lets a clock (the decision's, if none is named) run on. Raises BadInput as `complaints.clocks.extend` does, where
    whoever approves it acts or handles the case, and for a notice that is still to come.
    """
    if approver.strip() and approver.strip() in (by.name.strip(), case.handler):
        raise BadInput(
            f"{case.number}: {approver.strip()} approves their own extension", "have somebody else approve it"
        )
    _past(session, case, notice_on)
    told = {"approver": approver.strip(), "notice_on": notice_on.isoformat(), "reason": reason.strip()}
    return _change(session, case, by, EventKind.extended, rule=rule, told=told)


def stop(
    session: Session, case: Complaint, by: By, *, reason: str, told_on: date, start: date, rule: str | None = None
) -> ComplaintEvent:
    """Stops a clock after a day for a reason that its rule names. Raises BadInput as
    `complaints.clocks.pause` does.
    """
    said(case, "the reason", reason)
    _past(session, case, told_on)
    told = {"reason": reason, "told_on": told_on.isoformat(), "start": start.isoformat()}
    return _change(session, case, by, EventKind.paused, rule=rule, told=told)


def go_on(session: Session, case: Complaint, by: By, *, on: date, rule: str | None = None) -> ComplaintEvent:
    """Lets a stopped clock run again after a day. Raises BadInput where it is not stopped, or the day is to come."""
    _past(session, case, on)
    return _change(session, case, by, EventKind.resumed, rule=rule, told={"on": on.isoformat()})


def set_due(session: Session, case: Complaint, by: By, due: OwnDue | None) -> ComplaintEvent:
    """Puts down the regulator's own due date, or takes it away. Raises BadInput in a closed case."""
    allow(case, "time limits")
    return record(session, case, EventKind.due, by, {"due": as_body(due)})


def _past(session: Session, case: Complaint, day: date) -> None:
    if day > local_day(max(moment(session), case.received_at)) + _SKEW:
        raise BadInput(f"{case.number}: {day} lies in the future", "put it down once it has happened")


def _change(
    session: Session, case: Complaint, by: By, kind: EventKind, *, rule: str | None, told: dict[str, str]
) -> ComplaintEvent:
    allow(case, "time limits")
    clock = open_clock(clocks(session, case), rule)
    return record(session, case, kind, by, {"rule": clock.rule, **told})
