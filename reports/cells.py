"""Counts of contacts by whose they are: a few rows for a million contacts, which all tables are added up from."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, Select, String, Subquery, case, cast, func, select, true
from sqlmodel import Session, col

from audit.findings.models import State
from audit.findings.standing import violations
from audit.ledger.models import LedgerResult, LedgerVerdict, RuleId
from classifiers.taxonomy import Kind, Severity
from reports.contact_rows import CELL, ContactRows
from reports.dimensions import Stage
from reports.period import Period

_OF_CALLS = ("connected", "audited", "not_judgeable", "covered")


class Cell(NamedTuple):
    """Whose contacts are counted: ids of collector and agency, the lender's name, the stage on the contact's day."""

    collector: int | None
    agency: int | None
    lender: str | None
    stage: Stage


Counted = Iterator[tuple[Cell, dict[str, int]]]
Found = Iterator[tuple[Cell, tuple[Kind, Severity], int]]
Named = Iterator[tuple[Cell, str]]


class Cells:
    """What the database counts in a period, or on all days."""

    def __init__(self, session: Session, period: Period | None) -> None:
        self._session = session
        self._period = period
        self._contacts = ContactRows(session, period)

    def calls(self) -> Counted:
        """Calls: all, connected, audited, not judgeable, and covered (judged of the connected)."""
        return self._summed("calls", self._contacts.calls(), _OF_CALLS)

    def messages(self) -> Counted:
        """Messages: all, and judged."""
        return self._summed("messages", self._contacts.messages(), ("read",))

    def call_violations(self) -> Found:
        """Findings in calls by kind and severity, of the judgements that stand."""
        return self._violations(self._contacts.calls())

    def message_violations(self) -> Found:
        """Findings in messages by kind and severity, of the judgements that stand."""
        return self._violations(self._contacts.messages())

    def visits(self) -> Named:
        """Each visit's number with the cell of each collector who went."""
        visits = self._contacts.visits()
        return ((cell, more[0]) for cell, more in self._rows(select(*_cell(visits), visits.c.no)))

    def ledger(self) -> Named:
        """Each finding of the ledger that stands with the cells of the contacts counted in it."""
        counted = {
            LedgerResult.calls: self._contacts.calls(),
            LedgerResult.messages: self._contacts.messages(),
            LedgerResult.visits: self._contacts.visits(),
        }
        for listed, contacts in counted.items():
            named = self._named(listed)
            told = select(*_cell(contacts), named.c.finding).join(named, named.c.no == contacts.c.no)
            for cell, more in self._rows(told.distinct()):
                yield cell, more[0]

    def _named(self, listed: Any) -> CTE:
        """Each finding of the ledger with each contact that it counts; held ready, so that one pass finds them all."""
        each = self._contacts.elements(listed)
        named = select(_identity().label("finding"), cast(each.c.value, String).label("no"))
        named = named.select_from(LedgerResult).join(each, true()).where(*self._standing())
        return named.cte().prefix_with("MATERIALIZED")

    def _summed(self, name: str, contacts: Subquery, flags: tuple[str, ...]) -> Counted:
        sums = (func.sum(contacts.c[flag]) for flag in flags)
        counts = select(*_cell(contacts), func.count(), *sums).group_by(*_cell(contacts))
        for cell, more in self._rows(counts):
            yield cell, {key: int(count) for key, count in zip((name, *flags), more, strict=True)}

    def _violations(self, contacts: Subquery) -> Found:
        found = violations()
        by: list[Any] = [*_cell(contacts), found.c.kind, found.c.severity]
        counts = select(*by, func.count()).join(contacts, contacts.c.run == found.c.run).group_by(*by)
        for cell, (kind, severity, count) in self._rows(counts):
            yield cell, (kind, severity), count

    def _standing(self) -> Iterator[ColumnElement[bool]]:
        yield col(LedgerResult.standing).is_(True)
        yield col(LedgerResult.state) != State.rejected
        yield (col(LedgerResult.verdict) == LedgerVerdict.finding) | (col(LedgerResult.state) == State.confirmed)
        if self._period:
            yield col(LedgerResult.day).between(self._period.first, self._period.last)

    def _rows(self, wanted: Select[Any]) -> Iterator[tuple[Cell, tuple[Any, ...]]]:
        for row in self._session.execute(wanted):
            collector, agency, lender, stage, *more = row
            yield Cell(collector, agency, lender, Stage(stage)), tuple(more)


def _cell(contacts: Subquery) -> list[ColumnElement[Any]]:
    return [contacts.c[name] for name in CELL]


def _identity() -> ColumnElement[str]:
    """What makes results one finding: those of a collector without certificate are one, however many days."""
    return case(
        (col(LedgerResult.rule) == RuleId.uncertified, col(LedgerResult.scope)), else_=cast(LedgerResult.id, String)
    )
