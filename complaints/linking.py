"""Proposals for complaints in a file, of which nothing is kept, and for those that are cases already."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from sqlmodel import Session

from audit.imports.mapping import Mapping
from audit.imports.reading import RowReader
from audit.parties.models import Account
from classifiers import Classifier
from classifiers.errors import BadInput
from complaints.cases.events import events
from complaints.cases.evidence import Link, store_proposal
from complaints.given import GivenRow
from complaints.matching.contacts import VISIT
from complaints.matching.proposal import Proposal, propose
from complaints.models import Complaint
from complaints.register import NAME, SHAPE
from complaints.statement import Statement
from complaints.vocabulary import EventKind

_INTAKE = (EventKind.received, EventKind.updated)


def proposals_of_file(
    session: Session, path: Path, mapping: Mapping, classifier: Classifier
) -> tuple[list[Proposal], list[BadInput]]:
    """A proposal for each complaint of a file, and the refusals of its other rows. Raises BadInput when the file as a
    whole cannot be used.
    """
    reader = RowReader(NAME, path, mapping, SHAPE)
    found = [propose(session, _of_row(cast(GivenRow, row)), classifier) for row in reader.rows()]
    return found, reader.refused


def proposal_of_case(session: Session, case: Complaint, classifier: Classifier) -> Proposal:
    """The proposal for a case; an account that an officer put right, or the intake was told, is taken as it stands."""
    statement = Statement(
        id=case.number,
        channel=case.channel,
        received_at=case.received_at,
        text=case.text,
        complainant=case.complainant or "",
        phone=case.phone or "",
        account_no=_told_account(session, case),
    )
    return propose(session, statement, classifier)


def _told_account(session: Session, case: Complaint) -> str:
    if "account_no" in case.corrections:
        account = session.get(Account, case.account_id or 0)
        return account.account_no if account else ""
    intake = (event.body for event in events(session, case) if event.kind in _INTAKE)
    told = [body["account_no"] for body in intake if "account_no" in body]
    return str(told[-1]) if told else ""


def _of_row(row: GivenRow) -> Statement:
    return Statement(
        id=row.id,
        channel=row.channel,
        received_at=row.received_at,
        text=row.text,
        complainant=row.complainant or "",
        phone=row.phone or "",
        account_no=row.account_no or "",
    )


def link_case(session: Session, case: Complaint, classifier: Classifier) -> Proposal:
    """Looks for a case's evidence and puts it down as proposed; what an officer decided on stays. Raises BadInput for a
    closed case.
    """
    proposal = proposal_of_case(session, case, classifier)
    told = proposal.as_json()
    found = {name: told[name] for name in ("substantiated", "allegations")}
    store_proposal(session, case, proposal.account.account_no, list(_links(proposal)), found=found)
    return proposal


def _links(proposal: Proposal) -> Iterator[Link]:
    """Each call and message with what it was picked for and what it says of the allegations."""
    for pick in proposal.picks:
        contact = pick.contact
        if contact.table != VISIT:
            told = [one for one in proposal.allegations if contact in one.judged.contacts]
            kind = next((one.kind for one in sorted(told, key=lambda one: not one.supported)), None)
            yield Link(f"{contact.table}:{contact.number}", kind, round(pick.score, 2), pick.why)
