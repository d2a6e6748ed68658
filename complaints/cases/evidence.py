"""The evidence of a case: proposed by the machine, accepted or dropped by an officer; and what it holds on to."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlmodel import Session, col, delete, select

from audit.parties.models import Account
from audit.store.upsert import upsert
from classifiers.errors import BadInput
from classifiers.taxonomy import Kind
from complaints.cases.events import By, record
from complaints.cases.states import allow, said
from complaints.cases.subjects import Subject, find_subject, subject_of
from complaints.models import Complaint, ComplaintEvent, EvidenceLink
from complaints.vocabulary import EventKind, LinkState

SYSTEM = "system"


class Link(NamedTuple):
    """A proposed piece of evidence: `call:CR001`, `message:MS001`, `finding:F12` or `ledger:L3`."""

    subject: str
    kind: Kind | None
    score: float
    why: str


def store_proposal(
    session: Session,
    case: Complaint,
    account_no: str | None,
    links: Sequence[Link],
    *,
    found: Mapping[str, Any] | None = None,
) -> ComplaintEvent:
    """Puts down what the matching proposes in place of what it proposed before, with what else it found; what an
    officer accepted or dropped stays, and so does an account set by hand. Raises BadInput in a closed case and for a
    subject not on file.
    """
    allow(case, "evidence")
    merged = _merged(session, links)
    _forget(session, case)
    decided = {subject_of(link) for link in links_of(session, case)}
    for subject, link in merged.items():
        if subject not in decided:
            told = {"kind": link.kind, "why": link.why, "score": link.score, "actor": SYSTEM}
            _put(session, case, subject, {**told, "state": LinkState.proposed})
    if "account_no" not in case.corrections:
        set_account(session, case, account_no)
    body = {"account_no": account_no, "subjects": [link.subject for link in links], **(found or {})}
    return record(session, case, EventKind.proposed, By(SYSTEM), body)


def accept(
    session: Session, case: Complaint, by: By, subject: str, *, kind: Kind | None = None, why: str = ""
) -> ComplaintEvent:
    """Takes a piece of evidence for good, or adds one that nobody proposed. Raises BadInput for one not on file."""
    return _judge(session, case, by, subject, state=LinkState.accepted, told={"kind": kind, "why": why})


def drop(session: Session, case: Complaint, by: By, subject: str, why: str) -> ComplaintEvent:
    """Says that a piece of evidence does not belong to the case. Raises BadInput for one not linked, or no reason."""
    if find_subject(session, subject) not in {subject_of(link) for link in links_of(session, case)}:
        raise BadInput(f"{case.number}: {subject} is not linked", "see shengjian complaints show")
    return _judge(session, case, by, subject, state=LinkState.dropped, told={"why": said(case, "the reason", why)})


def links_of(session: Session, case: Complaint) -> Sequence[EvidenceLink]:
    """All evidence of a case, the strongest in front."""
    linked = select(EvidenceLink).where(EvidenceLink.complaint_id == case.id)
    ordered = linked.order_by(col(EvidenceLink.score).desc(), col(EvidenceLink.id))
    return session.exec(ordered.execution_options(populate_existing=True)).all()


def set_account(session: Session, case: Complaint, account_no: str | None) -> None:
    """Says whose complaint it is. Raises BadInput for an account that is not on file."""
    account = session.exec(select(Account).where(Account.account_no == account_no)).first() if account_no else None
    if account_no and account is None:
        raise BadInput(f"{case.number}: no account {account_no}", "import the accounts, or correct the number")
    case.account_id, case.debtor_id = (account.id, account.debtor_id) if account else (None, None)


def _judge(
    session: Session, case: Complaint, by: By, subject: str, *, state: LinkState, told: Mapping[str, Any]
) -> ComplaintEvent:
    allow(case, "evidence")
    given = {name: value for name, value in told.items() if value}
    _put(session, case, find_subject(session, subject), {**given, "state": state, "actor": by.name})
    kind = EventKind.accepted if state is LinkState.accepted else EventKind.dropped
    return record(session, case, kind, by, {"subject": subject, **given})


def _put(session: Session, case: Complaint, subject: Subject, values: Mapping[str, Any]) -> None:
    column, number = subject
    fresh = {name: value for name, value in {"why": "", "score": 0.0}.items() if name not in values}
    row = {"complaint_id": case.id, column: number, **values}
    upsert(session, EvidenceLink, [row], ("complaint_id", column), fresh)


def _forget(session: Session, case: Complaint) -> None:
    """Takes out what was only proposed."""
    only = (col(EvidenceLink.complaint_id) == case.id) & (col(EvidenceLink.state) == LinkState.proposed)
    session.execute(delete(EvidenceLink).where(only))


def _merged(session: Session, links: Iterable[Link]) -> dict[Subject, Link]:
    """One link a subject: the strongest, with what the others say."""
    merged: dict[Subject, Link] = {}
    for link in sorted(links, key=lambda one: -one.score):
        subject = find_subject(session, link.subject)
        first = merged.setdefault(subject, link)
        if link.why not in first.why:
            merged[subject] = first._replace(why=f"{first.why}；{link.why}", kind=first.kind or link.kind)
    return merged
