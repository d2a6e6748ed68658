"""Contacts as SQL: a row for each, with whose it is counted as, so that the database can count a million of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Subquery, TableValuedAlias, and_, case, cast, func, select, true
from sqlmodel import Session, col

from audit.calls.models import Call
from audit.contacts.models import Message, Visit
from audit.findings.models import Run
from audit.findings.standing import verdict_now
from audit.parties.models import Account, Collector
from classifiers.taxonomy import Verdict
from reports.dimensions import Stage
from reports.period import Period
from reports.scope import Subject, within

CELL = ("collector", "agency", "lender", "stage")  # columns that say whose a contact is counted as
_LONGEST = ((1, Stage.not_overdue), (31, Stage.up_to_30), (91, Stage.up_to_90))  # below so many days overdue


class ContactRows:
    """The contacts of a period, or of all days, as subqueries with the columns of CELL and those named below."""

    def __init__(self, session: Session, period: Period | None) -> None:
        self._period = period
        self._on_sqlite = session.get_bind().dialect.name == "sqlite"

    def calls(self) -> Subquery:
        """Calls: no, run, and as 0 or 1 connected (by its record, or by its recording alone), audited, and so on."""
        alone = and_(col(Call.talk_seconds).is_(None), col(Call.recording_id).is_not(None))
        talked = _flag(alone | (col(Call.talk_seconds) > 0))
        judged = _flag(verdict_now() != Verdict.not_judgeable)
        told = [
            talked.label("connected"),
            _flag(col(Run.id).is_not(None)).label("audited"),
            _flag(verdict_now() == Verdict.not_judgeable).label("not_judgeable"),
            (judged * talked).label("covered"),
        ]
        agency = func.coalesce(Call.agency_id, Collector.agency_id)
        return self._of(Call, agency, [col(Call.call_id).label("no"), *told])

    def messages(self) -> Subquery:
        """Messages: no, run, and as 0 or 1 read (judged)."""
        read = _flag(col(Run.id).is_not(None)).label("read")
        return self._of(Message, col(Collector.agency_id), [col(Message.message_id).label("no"), read])

    def visits(self) -> Subquery:
        """Visits: no; a row for each collector who went."""
        each = self.elements(Visit.collectors)
        told = [*self._cell(Visit, Collector.id, col(Collector.agency_id)), col(Visit.visit_id).label("no")]
        wanted = select(*told).select_from(Visit).outerjoin(each, true())
        wanted = wanted.outerjoin(Collector, col(Collector.id) == cast(each.c.value, Integer))
        wanted = wanted.outerjoin(Account, col(Account.id) == Visit.account_id)
        return wanted.where(*within(Visit, self._period)).subquery()

    def elements(self, listed: Any) -> TableValuedAlias:
        """The elements of a JSON list, a row each, in the column `value`."""
        unnest = func.json_each if self._on_sqlite else func.json_array_elements_text
        return unnest(listed).table_valued("value")

    def _of(self, model: Subject, agency: Any, told: Sequence[ColumnElement[Any]]) -> Subquery:
        collector = col(model.collector_id) + 0  # or SQLite walks its index, and reads the table in no order
        cell = self._cell(model, collector, agency)
        wanted = select(*cell, col(model.run_id).label("run"), *told).select_from(model)
        wanted = wanted.outerjoin(Collector, col(Collector.id) == model.collector_id)
        wanted = wanted.outerjoin(Account, col(Account.id) == model.account_id)
        wanted = wanted.outerjoin(Run, col(Run.id) == model.run_id)
        return wanted.where(*within(model, self._period)).subquery()

    def _cell(self, model: Any, collector: Any, agency: Any) -> list[ColumnElement[Any]]:
        whose = (collector, agency, Account.lender, self._stage(model.day))
        return [column.label(name) for name, column in zip(CELL, whose, strict=True)]

    def _stage(self, day: Any) -> ColumnElement[Any]:
        """From the days between the account becoming overdue and the contact; else from those that the register has."""
        since = col(Account.overdue_since)
        passed = func.julianday(day) - func.julianday(since) if self._on_sqlite else day - since
        days = func.coalesce(passed, Account.days_overdue)
        return case(
            (days.is_(None), Stage.unknown.value),
            *((days < below, stage.value) for below, stage in _LONGEST),
            else_=Stage.over_90.value,
        )


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where it holds, else 0, so that it can be summed."""
    return case((condition, 1), else_=0)
