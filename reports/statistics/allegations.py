"""What complaints allege and what came of it; and which confirmed findings lie at their root."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Select, Subquery, and_, func, select, true, union
from sqlmodel import col

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.findings.models import Finding, State
from audit.findings.standing import kind_now
from audit.ledger.models import LedgerResult, RuleId
from classifiers.taxonomy import SIGNALS, Kind
from complaints.models import Complaint, ComplaintEvent, EvidenceLink
from complaints.vocabulary import EventKind, LinkState, Substantiated
from reports.statistics.cases import Cases
from reports.statistics.sql import how_many


class Alleged(NamedTuple):
    """How many complaints allege a kind, how they were decided, and in how many evidence of it was accepted."""

    kind: Kind
    complaints: int
    true: int
    partial: int
    false: int
    undecided: int
    evidenced: int


class Root(NamedTuple):
    """A kind of finding in accepted evidence, under a cause: complaints, and findings by whether they were reviewed."""

    cause: str
    kind: Kind
    complaints: int
    confirmed: int
    unreviewed: int


class Limit(NamedTuple):
    """A rule of the ledger whose confirmed results are evidence of complaints."""

    rule: RuleId
    complaints: int
    results: int


def allegations(cases: Cases) -> list[Alleged]:
    """By kind, the most frequent in front."""
    rows, told, evident = cases.rows(), _alleged(cases), _evidenced()
    order = (Substantiated.true, Substantiated.partial, Substantiated.false)
    wanted: list[Any] = [
        told.c.kind,
        func.count(),
        *(how_many(rows.c.verdict == verdict) for verdict in order),
        how_many(rows.c.verdict.is_(None)),
        func.count(evident.c.complaint),
    ]
    joined = select(*wanted).select_from(told).join(rows, rows.c.id == told.c.complaint)
    of_kind = and_(evident.c.complaint == told.c.complaint, evident.c.kind == told.c.kind)
    found = cases.session.execute(joined.outerjoin(evident, of_kind).group_by(told.c.kind))
    alleged = [Alleged(Kind(kind), *counts) for kind, *counts in found]
    return sorted(alleged, key=lambda one: (-one.complaints, list(Kind).index(one.kind)))


def unread(cases: Cases) -> int:
    """How many complaints nobody has read allegations out of."""
    corrected = cases.sql.field(Complaint.corrections, "kinds").is_not(None)
    read = select(_proposed(cases).c.complaint)
    counted = select(func.count()).select_from(Complaint).where(*cases.within(), ~corrected)
    return cases.session.scalar(counted.where(col(Complaint.id).not_in(read))) or 0


def unaccepted(cases: Cases) -> int:
    """How many complaints have evidence that was proposed only, and none that an officer accepted."""
    linked = {
        state: select(col(EvidenceLink.complaint_id)).where(col(EvidenceLink.state) == state) for state in LinkState
    }
    counted = (
        select(func.count())
        .select_from(Complaint)
        .where(
            *cases.within(),
            col(Complaint.id).in_(linked[LinkState.proposed]),
            col(Complaint.id).not_in(linked[LinkState.accepted]),
        )
    )
    return cases.session.scalar(counted) or 0


def _alleged(cases: Cases) -> Subquery:
    """Each complaint with each kind that it alleges: as an officer set it right, else as last read."""
    corrected = cases.sql.field(Complaint.corrections, "kinds")
    by_hand, read = cases.sql.each(corrected), _proposed(cases)
    set_right = select(col(Complaint.id).label("complaint"), by_hand.c.value.label("kind"))
    set_right = set_right.select_from(Complaint).join(by_hand, true()).where(*cases.within())
    each = cases.sql.each(read.c.allegations)
    told = select(read.c.complaint, cases.sql.word(each.c.value, "kind").label("kind")).select_from(read)
    told = told.join(each, true()).join(Complaint, col(Complaint.id) == read.c.complaint).where(corrected.is_(None))
    return union(set_right, told).subquery()


def _proposed(cases: Cases) -> Subquery:
    """The allegations as each complaint was last read."""
    found = cases.sql.field(ComplaintEvent.body, "allegations")
    is_reading = and_(col(ComplaintEvent.kind) == EventKind.proposed, found.is_not(None))
    latest = select(func.max(ComplaintEvent.id)).where(is_reading).group_by(col(ComplaintEvent.complaint_id))
    told = select(col(ComplaintEvent.complaint_id).label("complaint"), found.label("allegations"))
    mine = select(col(Complaint.id)).where(*cases.within())
    return told.where(col(ComplaintEvent.id).in_(latest), col(ComplaintEvent.complaint_id).in_(mine)).subquery()


def _evidenced() -> Subquery:
    told: list[Any] = [col(EvidenceLink.complaint_id).label("complaint"), EvidenceLink.kind]
    return select(*told).where(col(EvidenceLink.state) == LinkState.accepted).distinct().subquery()


def roots(cases: Cases) -> list[Root]:
    """Confirmed violations in accepted evidence by cause and kind, and beside them those that nobody decided on."""
    found = union(*_found(cases.rows())).subquery()
    confirmed = col(Finding.state) == State.confirmed
    wanted: list[Any] = [
        found.c.cause,
        kind_now().label("kind"),
        func.count(func.distinct(found.c.complaint)).filter(confirmed),
        func.count(func.distinct(found.c.finding)).filter(confirmed),
        func.count(func.distinct(found.c.finding)).filter(col(Finding.state) == State.open),
    ]
    joined = select(*wanted).select_from(found).join(Finding, col(Finding.id) == found.c.finding)
    counted = joined.where(kind_now().not_in(SIGNALS), col(Finding.state).in_([State.confirmed, State.open]))
    rows = cases.session.execute(counted.group_by(found.c.cause, kind_now()))
    made = [Root(cause, Kind(kind), *counts) for cause, kind, *counts in rows]
    return sorted(made, key=lambda one: (-one.confirmed, -one.unreviewed, one.cause, one.kind))


def _found(rows: Subquery) -> Iterator[Select[Any]]:
    """Each complaint with each finding in its accepted evidence, or that is itself such evidence."""
    accepted = and_(col(EvidenceLink.complaint_id) == rows.c.id, col(EvidenceLink.state) == LinkState.accepted)
    finding: Any = Finding.id
    told = select(rows.c.id.label("complaint"), rows.c.cause, finding.label("finding")).select_from(rows)
    linked = told.join(EvidenceLink, accepted)
    yield linked.join(Finding, col(Finding.id) == EvidenceLink.finding_id)
    for model, link in ((Call, EvidenceLink.call_id), (Message, EvidenceLink.message_id)):
        contact = linked.join(model, col(model.id) == col(link))
        yield contact.join(Finding, col(Finding.run_id) == col(model.run_id))


def limits_broken(cases: Cases) -> list[Limit]:
    """The rules of the ledger whose confirmed results were accepted as evidence."""
    rows, complaint = cases.rows(), col(EvidenceLink.complaint_id)
    wanted: list[Any] = [
        LedgerResult.rule,
        func.count(func.distinct(complaint)),
        func.count(func.distinct(LedgerResult.id)),
    ]
    joined = select(*wanted).select_from(rows).join(EvidenceLink, complaint == rows.c.id)
    joined = joined.join(LedgerResult, col(LedgerResult.id) == EvidenceLink.ledger_result_id)
    held = joined.where(
        col(EvidenceLink.state) == LinkState.accepted,
        col(LedgerResult.state) == State.confirmed,
        col(LedgerResult.standing).is_(True),
    )
    found = [Limit(*row) for row in cases.session.execute(held.group_by(col(LedgerResult.rule)))]
    return sorted(found, key=lambda one: (-one.results, one.rule))
