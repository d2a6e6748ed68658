"""The audit report: one HTML page that needs nothing beside it, with the sound of every finding in it."""

from typing import Any

from sqlmodel import Session

from audit.ledger.limits import limits
from audit.ledger.models import LedgerVerdict
from audit.store.types import local_day
from classifiers.taxonomy import Severity
from reports.chosen import MOST
from reports.dimensions import Dimension
from reports.document.model import Document
from reports.document.page import sections_html
from reports.document.written import Issue
from reports.figures import figures
from reports.ledger_part import broken, covered, rule_parts
from reports.pages import templates
from reports.period import Period
from reports.registers_part import gap_parts, policy_parts
from reports.reviewed import reviewed
from reports.summary import summary
from reports.talk_parts import CallPart, MessagePart, call_parts, message_parts

_ONLY_THERE = frozenset({"cases", "rectification", "complaints", "training"})  # what the page has of the document


def audit_page(session: Session, document: Document, issue: Issue, period: Period | None = None) -> bytes:
    """The report on a period, or on the whole workspace: calls, messages, the ledger, figures, the registers; and of
    the document what only it says.
    """
    rules = rule_parts(session, period)
    told: dict[str, Any] = {
        "period": period,
        "issue": issue,
        "summary": summary(session, period),
        "calls": call_parts(session, period),
        "messages": message_parts(session, period),
        "rules": rules,
        "ledger": {verdict: sum(rule.counted[verdict] for rule in rules) for verdict in LedgerVerdict},
        "figures": figures(session, period),
        "reviewed": reviewed(session, period),
        "gaps": gap_parts(session),
        "policies": policy_parts(session, local_day(issue.made_at)),
        "covered": covered(session, period),
        "more": sections_html(document, _ONLY_THERE),
    }
    told["anchors"] = _anchors(told["calls"], told["messages"])
    told["broken"] = broken(rules)
    shared = {"limits": limits(), "most": MOST, "severities": [*Severity], "dimensions": [*Dimension]}
    return templates().get_template("audit_page.html").render(**told, **shared).encode()


def _anchors(calls: list[CallPart], messages: list[MessagePart]) -> dict[str, str]:
    """Where on the page the calls and messages stand that other sections name."""
    shown = {part.outcome.call.call_id: f"c{part.outcome.call.id}" for part in calls}
    return shown | {part.outcome.message.message_id: f"m{part.outcome.message.id}" for part in messages}
