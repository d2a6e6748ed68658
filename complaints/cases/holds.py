"""Recordings that must not be deleted while a case is open."""

from sqlmodel import Session, col, or_, select

from audit.calls.models import Call
from audit.findings.models import Finding, Run
from complaints.models import Complaint, EvidenceLink
from complaints.vocabulary import LinkState


def held(session: Session) -> set[int]:
    """The ids of the recordings that stand as evidence in a case that is not closed: they must not be deleted."""
    of_findings = (
        select(Run.call_id)
        .join(Finding, col(Finding.run_id) == Run.id)
        .join(EvidenceLink, col(EvidenceLink.finding_id) == Finding.id)
        .join(Complaint, col(Complaint.id) == EvidenceLink.complaint_id)
        .where(col(Complaint.closed_at).is_(None), EvidenceLink.state != LinkState.dropped)
    )
    of_calls = (
        select(EvidenceLink.call_id)
        .join(Complaint, col(Complaint.id) == EvidenceLink.complaint_id)
        .where(col(Complaint.closed_at).is_(None), EvidenceLink.state != LinkState.dropped)
    )
    found = select(Call.recording_id).where(or_(col(Call.id).in_(of_calls), col(Call.id).in_(of_findings)))
    return {recording for recording in session.exec(found) if recording is not None}


def is_held(session: Session, recording_id: int) -> bool:
    """Whether a recording is evidence in a case that is not closed."""
    return recording_id in held(session)
