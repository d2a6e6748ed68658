"""How much of what the machine found people have decided on."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.findings.models import Finding, State
from audit.ledger.models import LedgerResult
from reports.period import Period
from reports.scope import Subject, within


@dataclass(frozen=True)
class Reviewed:
    """Findings and results of the ledger: those that nobody decided on, and the others by what was decided. Suggestions
    that nobody decided on are none of them.
    """

    waiting: int
    confirmed: int
    changed: int
    rejected: int

    @property
    def decided(self) -> int:
        """All that a person decided on."""
        return self.confirmed + self.changed + self.rejected


def reviewed(session: Session, period: Period | None) -> Reviewed:
    """The counts of a period, or of all days, of the judgements and results that stand."""
    states: Counter[State] = Counter()
    changed = 0
    for model in (Call, Message):
        counts, of_other_kind = _of_findings(session, model, period)
        states.update(counts)
        changed += of_other_kind
    states.update(_of_ledger(session, period))
    return Reviewed(states[State.open], states[State.confirmed] - changed, changed, states[State.rejected])


def _of_findings(session: Session, model: Subject, period: Period | None) -> tuple[dict[State, int], int]:
    """Findings by state, and how many of the confirmed are of another kind than the machine's."""
    told: Any = (Finding.state, func.count(), func.count(col(Finding.reviewed_kind)))
    found = select(*told).join(model, col(model.run_id) == Finding.run_id).where(*within(model, period))
    rows = session.execute(found.group_by(col(Finding.state))).all()
    return {state: count for state, count, _ in rows}, sum(changed for *_, changed in rows)


def _of_ledger(session: Session, period: Period | None) -> dict[State, int]:
    told: Any = (LedgerResult.state, func.count())
    found = select(*told).where(col(LedgerResult.standing).is_(True))
    if period:
        found = found.where(col(LedgerResult.day).between(period.first, period.last))
    return {state: count for state, count in session.execute(found.group_by(col(LedgerResult.state)))}  # noqa: C416
