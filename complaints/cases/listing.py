"""The cases as a list, by the days that are left for them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from audit.parties.models import Account
from audit.store.types import LOCAL, local_day
from complaints.cases.events import clocks
from complaints.cases.folding import OURS
from complaints.clocks import Clock, State, Status, state
from complaints.models import Complaint, Deadline
from complaints.vocabulary import CaseState, Substantiated

Standing = tuple[Clock, State]


@dataclass(frozen=True)
class CaseRow:
    """A case in brief; due day, days left (calendar days, below 0 once over) and status are those of the clock that is
    due first, None where nothing is awaited from us.
    """

    number: str
    external_ref: str | None
    state: CaseState
    channel: str
    type: str
    received_at: datetime
    account_no: str | None
    due_on: date | None
    days_left: int | None
    status: Status | None
    provisional: bool
    handler: str | None
    substantiated: Substantiated | None
    repeat_of: str | None
    group: str | None
    major: bool
    escalated_to: str | None

    def as_json(self) -> dict[str, Any]:
        """For `complaints list --format json`."""
        received_at = self.received_at.astimezone(LOCAL).isoformat()
        return {**asdict(self), "received_at": received_at, "due_on": self.due_on and self.due_on.isoformat()}


def cases(session: Session, at: datetime, states: Iterable[CaseState] = ()) -> list[CaseRow]:
    """The cases in those states, or all, as they stand at a moment: the least time left in front, closed ones last."""
    first = aliased(Complaint)
    wanted: Any = (
        select(Complaint, Account.account_no, first.number)
        .outerjoin(Account, col(Account.id) == Complaint.account_id)
        .outerjoin(first, col(first.id) == Complaint.repeat_of)
        .order_by(col(Complaint.received_at), col(Complaint.id))
    )
    if chosen := list(states):
        wanted = wanted.where(col(Complaint.state).in_(chosen))
    running = _running(session, at)
    rows = [_row(case, account, repeat, running.get(case.id)) for case, account, repeat in session.exec(wanted)]
    return sorted(rows, key=lambda row: (row.days_left is None, row.days_left or 0))


def binding(clocks: Iterable[Clock], at: datetime) -> Standing | None:
    """The clock that we must meet first of those that run, and how it stands."""
    ours = [(clock, state(clock, at)) for clock in clocks if clock.met_at is None and clock.kind in OURS]
    return min(ours, key=lambda each: each[1].due_at, default=None)


def _running(session: Session, at: datetime) -> dict[int, Standing]:
    """The binding clock of each case that has one: by what is written down, or by its events where one is stopped."""
    written: dict[int, list[Deadline]] = defaultdict(list)
    for deadline in session.exec(select(Deadline).where(col(Deadline.met_at).is_(None))):
        written[deadline.complaint_id].append(deadline)
    found = {}
    for number, deadlines in written.items():
        stopped = any(deadline.paused for deadline in deadlines)
        kept = clocks(session, session.get_one(Complaint, number)) if stopped else map(_clock, deadlines)
        if standing := binding(kept, at):
            found[number] = standing
    return found


def _clock(deadline: Deadline) -> Clock:
    """The clock as far as it is written down: enough to read it, not to change it."""
    return Clock(
        kind=deadline.kind,
        rule=deadline.rule,
        received_at=deadline.started_at,
        due_at=deadline.due_at,
        warn_on=tuple(map(date.fromisoformat, deadline.warn_on)),
        provisional=deadline.provisional,
        unit=deadline.unit,
    )


def _row(case: Complaint, account_no: str | None, repeat_of: str | None, standing: Standing | None) -> CaseRow:
    clock, stands = standing or (None, None)
    return CaseRow(
        number=case.number,
        external_ref=case.external_ref,
        state=case.state,
        channel=case.channel,
        type=case.type,
        received_at=case.received_at,
        account_no=account_no,
        due_on=local_day(stands.due_at) if stands else None,
        days_left=stands.days_left if stands else None,
        status=stands.status if stands else None,
        provisional=bool(clock and clock.provisional),
        handler=case.handler,
        substantiated=case.substantiated,
        repeat_of=repeat_of,
        group=case.group_label,
        major=case.major,
        escalated_to=case.escalated_to,
    )
