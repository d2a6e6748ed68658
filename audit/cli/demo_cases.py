"""The demo's complaints and what the invented compliance desk did about them, out of `audit/demo`."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlmodel import Session, col, select

from audit.findings.listing import Asked, listed
from audit.findings.models import Decision as Verdict
from audit.findings.reviews import Said, decide_finding
from audit.imports.mapping import load_mapping
from audit.ledger.listing import single_rows
from audit.ledger.reviews import decide_result
from audit.settings import settings
from classifiers import Classifier, Using, load_pack
from classifiers.taxonomy import Kind
from complaints.cases import deciding, handling
from complaints.cases.deciding import Decision
from complaints.cases.events import By
from complaints.cases.evidence import accept
from complaints.linking import link_case
from complaints.models import Complaint, ComplaintEvent
from complaints.register import import_complaints
from complaints.vocabulary import EventKind, Redress, Remedy, Satisfaction, Substantiated


def play(session: Session, folder: Path) -> None:
    """Imports the demo's complaints, links them, and does what was done. Played again, it changes nothing."""
    told = yaml.safe_load((folder / "casework.yaml").read_text(encoding="utf-8"))
    import_complaints(session, folder / "complaints.jsonl", load_mapping())
    for decision in told["findings"]:
        _review(session, **decision)
    for decision in told["ledger"]:
        _review_ledger(session, **decision)
    classifier = Classifier.using(Using.both, load_pack(settings().pack), settings().text_model)
    for case in _untouched(session):
        link_case(session, case, classifier)
        for step in told["cases"].get(case.external_ref, ()):
            _act(session, case, **step)


def _untouched(session: Session) -> list[Complaint]:
    linked = select(ComplaintEvent.complaint_id).where(ComplaintEvent.kind == EventKind.proposed)
    return list(session.exec(select(Complaint).where(col(Complaint.id).not_in(linked)).order_by(col(Complaint.number))))


def _review(session: Session, *, kind: str, verdict: str, by: str, reason: str, rule: str = "", **of: str) -> None:
    asked = Asked(None, frozenset({Kind(kind)}), of.get("call"), of.get("message"), None, None)
    for found in listed(session, asked):
        if rule in ("", found.finding.rule):
            decide_finding(session, found.finding.id or 0, Said(Verdict(verdict), reason, by))


def _review_ledger(session: Session, *, rule: str, call: str, verdict: str, by: str, reason: str) -> None:
    for row in single_rows(session):
        if row.rule == rule and call in row.calls:
            decide_result(session, row.id or 0, Said(Verdict(verdict), reason, by))


def _act(session: Session, case: Complaint, *, act: str, by: str, at: str, **told: Any) -> None:
    _ACTS[act](session, case, By(by, datetime.fromisoformat(at)), **told)


def _decide(session: Session, case: Complaint, by: By, **told: Any) -> None:
    decision = Decision(
        Substantiated(told["substantiated"]),
        told["reason"],
        redress=[Redress(name) for name in told["redress"]],
        remedies=[Remedy(name) for name in told["remedies"]],
    )
    deciding.decide(session, case, by, decision)


def _satisfaction(session: Session, case: Complaint, by: By, *, said: str) -> None:
    handling.satisfaction(session, case, by, Satisfaction(said))


_ACTS: dict[str, Callable[..., Any]] = {
    "assign": handling.assign,
    "accept": accept,
    "note": handling.note,
    "contact": handling.contact,
    "escalate": handling.escalate,
    "decide": _decide,
    "satisfaction": _satisfaction,
    "withdraw": deciding.withdraw,
    "appeal": deciding.appeal,
}
