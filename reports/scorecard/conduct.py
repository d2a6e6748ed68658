"""What was found of each agency's contacts: violations by severity and what the ledger found, confirmed and not yet."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Subquery, case, cast, func, select
from sqlalchemy.types import String
from sqlmodel import Session, col

from audit.findings.models import USUAL, Finding, State
from audit.findings.standing import kind_now, stands
from audit.ledger.models import LedgerResult, RuleId
from classifiers.taxonomy import SIGNALS, Severity
from reports.cells import Cells
from reports.contact_rows import ContactRows
from reports.period import Period


@dataclass
class Conduct:
    """Of one agency: violations in calls and in messages by severity and state, ledger findings by whether they are
    confirmed, and findings that a person rejected.
    """

    calls: Counter[tuple[Severity, State]] = field(default_factory=Counter)
    messages: Counter[tuple[Severity, State]] = field(default_factory=Counter)
    limits: set[str] = field(default_factory=set)
    limits_confirmed: set[str] = field(default_factory=set)
    rejected: int = 0

    def confirmed(self, *severities: Severity) -> int:
        """Confirmed violations in calls of these severities."""
        return sum(self.calls[severity, State.confirmed] for severity in severities)

    @property
    def red(self) -> int:
        """Confirmed critical violations, in calls and messages."""
        return sum(found[Severity.critical, State.confirmed] for found in (self.calls, self.messages))

    @property
    def waiting(self) -> int:
        """Violations that nobody decided on."""
        return sum(n for found in (self.calls, self.messages) for (_, state), n in found.items() if state is State.open)

    @property
    def reviewed(self) -> float | None:
        """The share of the findings that a person decided on; None where there are none."""
        found = self.calls.total() + self.messages.total() + self.rejected
        return 1 - self.waiting / found if found else None


def conduct(session: Session, period: Period) -> dict[int | None, Conduct]:
    """By the id of the agency; None is that of contacts whose agency is not known."""
    by_agency: dict[int | None, Conduct] = defaultdict(Conduct)
    rows = ContactRows(session, period)
    for name, contacts in (("calls", rows.calls()), ("messages", rows.messages())):
        for agency, severity, state, count in _found(session, contacts):
            getattr(by_agency[agency], name)[severity, state] += count
        for agency, count in _rejected(session, contacts):
            by_agency[agency].rejected += count
    confirmed = {str(name) for name in session.scalars(_confirmed())}
    for cell, result in Cells(session, period).ledger():
        by_agency[cell.agency].limits.add(result)
        by_agency[cell.agency].limits_confirmed |= {result} & confirmed
    return by_agency


def _found(session: Session, contacts: Subquery) -> Iterator[tuple[Any, ...]]:
    usual = {kind: severity.value for kind, severity in USUAL.items()}
    severity: Any = case(usual, value=col(Finding.reviewed_kind), else_=Finding.severity)
    by: list[Any] = [contacts.c.agency, severity, Finding.state]
    counts = select(*by, func.count()).join(contacts, contacts.c.run == Finding.run_id)
    for agency, grade, state, count in session.execute(
        counts.where(stands(), kind_now().not_in(SIGNALS)).group_by(*by)
    ):
        yield agency, Severity(grade), state, count


def _rejected(session: Session, contacts: Subquery) -> Iterator[tuple[Any, ...]]:
    counts = select(contacts.c.agency, func.count()).join(Finding, col(Finding.run_id) == contacts.c.run)
    counts = counts.where(col(Finding.state) == State.rejected, kind_now().not_in(SIGNALS))
    return iter(session.execute(counts.group_by(contacts.c.agency)).all())


def _confirmed() -> Any:
    """The ledger's confirmed findings as `Cells.ledger` calls them."""
    named = case(
        (col(LedgerResult.rule) == RuleId.uncertified, col(LedgerResult.scope)), else_=cast(LedgerResult.id, String)
    )
    return select(named).where(col(LedgerResult.standing).is_(True), col(LedgerResult.state) == State.confirmed)
