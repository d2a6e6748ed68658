"""Against whom complaints are: lenders, agencies and collectors, as far as that is known."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, select, true, union
from sqlmodel import col

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.findings.models import Finding, Run
from audit.parties.models import Account, Agency, Assignment, Collector
from complaints.models import Complaint, EvidenceLink
from complaints.vocabulary import LinkState, Substantiated
from reports.names import NOT_LISTED
from reports.statistics.cases import Cases
from reports.statistics.sql import how_many
from reports.statistics.totals import is_overdue


@dataclass(frozen=True)
class Against:
    """Complaints against one party; `id` is that of the agency or collector."""

    id: int | None
    name: str
    received: int
    regulator: int
    overdue: int
    decided: int
    substantiated: int


def by_lender(cases: Cases) -> list[Against]:
    """By the lender of the account, the most complained of in front."""
    timed = cases.timed()
    of = select(*_counts(timed, Account.lender)).select_from(timed)
    return _against(cases, of.outerjoin(Account, col(Account.id) == timed.c.account_id).group_by(col(Account.lender)))


def by_agency(cases: Cases) -> list[Against]:
    """By agency; a complaint against several counts once in each."""
    timed, whose = cases.timed(), complained_agencies(cases)
    of = select(*_counts(timed, Agency.name, Agency.id)).select_from(timed)
    of = of.outerjoin(whose, whose.c.complaint == timed.c.id).outerjoin(Agency, col(Agency.id) == whose.c.agency)
    return _against(cases, of.group_by(col(Agency.id), col(Agency.name)))


def by_collector(cases: Cases) -> list[Against]:
    """By collector, of the complaints of which one is known; a complaint against several counts once in each."""
    timed, whose = cases.timed(), complained_collectors(cases)
    called = col(Collector.staff_no) + "（" + func.coalesce(Agency.name, NOT_LISTED) + "）"
    of = select(*_counts(timed, called, Collector.id)).select_from(timed)
    of = of.join(whose, whose.c.complaint == timed.c.id).join(Collector, col(Collector.id) == whose.c.collector)
    of = of.outerjoin(Agency, col(Agency.id) == col(Collector.agency_id))
    return _against(cases, of.group_by(col(Collector.id)))


def _counts(timed: Subquery, name: Any, id: Any = None) -> list[ColumnElement[Any]]:
    found = timed.c.verdict.in_([Substantiated.true, Substantiated.partial])
    return [
        func.max(id) if id is not None else func.max(None),
        func.max(name),
        func.count(),
        how_many(timed.c.regulator == 1),
        how_many(is_overdue(timed)),
        how_many(timed.c.decided == 1),
        how_many(found),
    ]


def _against(cases: Cases, wanted: Select[Any]) -> list[Against]:
    found = (Against(id, name or NOT_LISTED, *counts) for id, name, *counts in cases.session.execute(wanted))
    return sorted(found, key=lambda one: (-one.received, one.name, one.id or 0))


def complained_collectors(cases: Cases) -> Subquery:
    """Each complaint with each collector it is known to be against: those of accepted evidence, and those named."""
    rows = cases.rows()
    known = union(*_evident(rows), _named(cases)).subquery()
    return select(known.c.complaint, known.c.collector).where(known.c.collector.is_not(None)).subquery()


def complained_agencies(cases: Cases) -> Subquery:
    """Each complaint with each agency of these collectors, or with that to which the account was last assigned."""
    whose = complained_collectors(cases)
    known = select(whose.c.complaint, col(Collector.agency_id).label("agency"))
    known = known.join(Collector, col(Collector.id) == whose.c.collector)
    known = known.where(col(Collector.agency_id).is_not(None))
    rows, theirs = cases.rows(), known.subquery()
    assigned = select(rows.c.id.label("complaint"), assigned_agency(cases, rows).label("agency"))
    assigned = assigned.where(rows.c.id.not_in(select(theirs.c.complaint)))
    return union(known, assigned).subquery()


def assigned_agency(cases: Cases, rows: Subquery) -> ColumnElement[Any]:
    """The agency to which an account was last assigned before its complaint came in."""
    then = cases.sql.local_day(rows.c.received_at)
    assigned = select(col(Assignment.agency_id)).where(
        col(Assignment.account_id) == rows.c.account_id, col(Assignment.assigned_on) <= then
    )
    latest = assigned.order_by(col(Assignment.assigned_on).desc(), col(Assignment.id).desc()).limit(1)
    return latest.correlate(rows).scalar_subquery()


def _evident(rows: Subquery) -> Iterator[Select[Any]]:
    """The collectors of calls and messages that an officer took for evidence, or of findings in them."""
    for model, link, run in (
        (Call, EvidenceLink.call_id, Run.call_id),
        (Message, EvidenceLink.message_id, Run.message_id),
    ):
        told: list[Any] = [rows.c.id.label("complaint"), col(model.collector_id).label("collector")]
        accepted = and_(col(EvidenceLink.complaint_id) == rows.c.id, col(EvidenceLink.state) == LinkState.accepted)
        linked = select(*told).select_from(rows).join(EvidenceLink, accepted)
        yield linked.join(model, col(model.id) == col(link))
        found = linked.join(Finding, col(Finding.id) == EvidenceLink.finding_id)
        yield found.join(Run, col(Run.id) == Finding.run_id).join(model, col(model.id) == col(run))


def _named(cases: Cases) -> Select[Any]:
    """The collectors named by staff number or name, where only one on file is called so."""
    corrected = cases.sql.field(Complaint.corrections, "collectors")
    each = cases.sql.each(func.coalesce(corrected, Complaint.collectors))
    called = func.coalesce(*(_only_one(name, each.c.value) for name in (_STAFF_NO, _NAME)))
    told: list[Any] = [col(Complaint.id).label("complaint"), called.label("collector")]
    return select(*told).select_from(Complaint).join(each, true()).where(*cases.within())


def _only_one(name: Any, value: Any) -> ColumnElement[Any]:
    """Looked up name by name: a join would let SQLite read all complaints for each collector."""
    found: Any = select(func.max(Collector.id)).where(name == value).having(func.count() == 1)
    return found.correlate(value.table).scalar_subquery()  # type: ignore[no-any-return]


_STAFF_NO: Any = Collector.staff_no
_NAME: Any = Collector.name
