"""What happens to a case: an event that nobody can change, the trail, and the time limits brought up to date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from audit import trail
from audit.calls.today import moment
from audit.store.types import local_day
from audit.store.upsert import upsert
from classifiers.errors import BadInput
from complaints.cases.folding import fold
from complaints.clock_count import Clock, aware
from complaints.models import Complaint, ComplaintEvent, Deadline
from complaints.vocabulary import EventKind

_KEY = ("complaint_id", "rule", "started_at")
_SKEW = timedelta(days=1)


@dataclass(frozen=True)
class Attachment:
    """A file kept with an event."""

    blob: str
    sha256: str
    name: str


@dataclass(frozen=True)
class By:
    """Who acts, and when it took effect; None is now."""

    name: str
    at: datetime | None = None


def find(session: Session, number: str) -> Complaint:
    """The case of that number, ours or the sender's. Raises BadInput where there is none, or several."""
    if case := session.exec(select(Complaint).where(Complaint.number == number)).first():
        return case
    named = session.exec(select(Complaint).where(Complaint.external_ref == number)).all()
    if len(named) == 1:
        return named[0]
    several = ", ".join(case.number for case in named)
    if several:
        raise BadInput(f"complaint {number} may be {several}", "give our own number")
    raise BadInput(f"no complaint {number}", "see shengjian complaints list")


def record(
    session: Session,
    case: Complaint,
    kind: EventKind,
    by: By,
    body: dict[str, Any],
    *,
    attachment: Attachment | None = None,
) -> ComplaintEvent:
    """Adds an event and what follows from it. Raises BadInput where its time cannot be, nobody is named, or the clocks
    forbid it; nothing of it must then be committed.
    """
    if not by.name.strip():
        raise BadInput(f"{case.number}: nobody is named", "say who acts with --by")
    event = ComplaintEvent(
        complaint_id=case.id or 0, kind=kind, at=_time(session, case, kind, by), actor=by.name.strip(), body=body
    )
    if attachment:
        event.blob, event.sha256, event.file_name = attachment.blob, attachment.sha256, attachment.name
    session.add(event)
    session.flush()
    keep_deadlines(session, case)
    trail.append(
        session, event.actor, f"complaint.{kind}", f"complaint:{case.number}", {"event": event.id, "fields": [*body]}
    )
    return event


def _time(session: Session, case: Complaint, kind: EventKind, by: By) -> datetime:
    """When it took effect: not before the case came in, and not in the future."""
    present = moment(session)
    at = aware(by.at or (max(present, case.received_at) if kind is not EventKind.received else case.received_at))
    if at > max(present, case.received_at) + _SKEW:
        raise BadInput(f"{case.number}: {local_day(at)} lies in the future", "give the day on which it was done")
    if at < case.received_at:
        raise BadInput(f"{case.number}: {kind} before it was received", "give a later time with --at")
    return at


def events(session: Session, case: Complaint) -> Sequence[ComplaintEvent]:
    """What happened to a case, in order."""
    told = select(ComplaintEvent).where(ComplaintEvent.complaint_id == case.id).order_by(col(ComplaintEvent.id))
    return session.exec(told).all()


def clocks(session: Session, case: Complaint) -> list[Clock]:
    """The clocks of a case."""
    return fold(events(session, case))


def keep_deadlines(session: Session, case: Complaint) -> None:
    """Writes the clocks down as they stand."""
    rows = [{"complaint_id": case.id, **_row(clock)} for clock in clocks(session, case)]
    upsert(session, Deadline, rows, _KEY)
    kept = {(row["rule"], row["started_at"]) for row in rows}
    written = select(Deadline).where(Deadline.complaint_id == case.id)
    for deadline in session.exec(written.execution_options(populate_existing=True)).all():
        if (deadline.rule, deadline.started_at) not in kept:
            session.delete(deadline)


def _row(clock: Clock) -> dict[str, Any]:
    return {
        "rule": clock.rule,
        "kind": clock.kind,
        "started_at": clock.received_at,
        "due_at": clock.due_at,
        "unit": clock.unit,
        "provisional": clock.provisional,
        "warn_on": [day.isoformat() for day in clock.warn_on],
        "met_at": clock.met_at,
        "extensions": [{**e._asdict(), "notice_on": e.notice_on.isoformat()} for e in clock.extensions],
        "paused": bool(clock.pauses) and clock.pauses[-1].end is None,
    }
