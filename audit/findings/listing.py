"""Findings of the judgements that stand, one by one, for people to decide on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.findings.models import Finding, Review, Run, State
from audit.findings.reviews import reviews_of
from audit.findings.service import finding_json
from audit.findings.standing import kind_now
from audit.parties.models import Account, Debtor
from audit.store.types import LOCAL
from classifiers.taxonomy import Kind


@dataclass(frozen=True)
class Asked:
    """Which findings are wanted: of a state, of a kind (as it counts), of one call or message, of local days."""

    state: State | None = None
    kinds: frozenset[Kind] = frozenset(Kind)
    call: str | None = None
    message: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Listed:
    """A finding with the call or message that it is of, whose account, and the review that counts."""

    finding: Finding
    call: Call | None
    message: Message | None
    account_no: str
    debtor_no: str
    review: Review | None

    @property
    def at(self) -> datetime | None:
        """When it was said or sent, in UTC; None for a recording without a call record."""
        if self.message:
            return self.message.sent_at
        started = self.call.started_at if self.call else None
        return started and started + timedelta(milliseconds=self.finding.at_ms or 0)

    def as_json(self) -> dict[str, Any]:
        """The shape of `findings list --format json`."""
        return {
            "calls": [self.call.call_id] if self.call else [],
            "messages": [self.message.message_id] if self.message else [],
            "visits": [],
            "account_no": self.account_no,
            "debtor_no": self.debtor_no,
            "time": self.at.astimezone(LOCAL).isoformat(timespec="seconds") if self.at else None,
            **finding_json(self.finding, self.review),
        }


def listed(session: Session, asked: Asked) -> list[Listed]:
    """The findings asked for, the gravest first, then by time."""
    numbers = (func.coalesce(Account.account_no, ""), func.coalesce(Debtor.debtor_no, ""))
    told: Any = (Finding, Call, Message, *numbers)
    found: Any = select(*told).join(Run, col(Run.id) == Finding.run_id)
    found = found.outerjoin(Call, (col(Call.id) == Run.call_id) & (col(Call.run_id) == Run.id))
    found = found.outerjoin(Message, (col(Message.id) == Run.message_id) & (col(Message.run_id) == Run.id))
    found = found.outerjoin(Account, col(Account.id) == func.coalesce(Call.account_id, Message.account_id))
    found = found.outerjoin(Debtor, col(Debtor.id) == Account.debtor_id)
    rows = session.execute(found.where(*_conditions(asked)).order_by(col(Finding.id))).all()
    reviews = reviews_of(session, [finding for finding, *_ in rows])
    return sorted((_one(row, reviews) for row in rows), key=_gravest_first)


def _one(row: Any, reviews: dict[int, Review]) -> Listed:
    finding, call, message, account_no, debtor_no = row
    return Listed(finding, call, message, account_no, debtor_no, reviews.get(finding.id))


def _conditions(asked: Asked) -> Iterator[ColumnElement[bool]]:
    yield or_(col(Call.id).is_not(None), col(Message.id).is_not(None))
    yield kind_now().in_(asked.kinds)
    day = func.coalesce(Call.day, Message.day)
    if asked.state:
        yield col(Finding.state) == asked.state
    if asked.call is not None:
        yield col(Call.call_id) == asked.call
    if asked.message is not None:
        yield col(Message.message_id) == asked.message
    if asked.since:
        yield day >= asked.since
    if asked.until:
        yield day <= asked.until


def _gravest_first(each: Listed) -> tuple[int, bool, float, int]:
    at = each.at
    return each.finding.severity_now.rank, at is None, at.timestamp() if at else 0.0, each.finding.id or 0
