"""The audit report: one HTML page that needs nothing beside it, with the sound of every finding in it."""

from typing import Any

from audit import trail
from audit.ledger.limits import limits
from audit.ledger.models import LedgerVerdict
from audit.store.database import transaction
from audit.store.types import LOCAL, local_day, now
from classifiers.taxonomy import Severity
from reports.chosen import MOST
from reports.dimensions import Dimension
from reports.figures import figures
from reports.ledger_part import broken, covered, rule_parts
from reports.pages import templates
from reports.period import Period
from reports.registers_part import gap_parts, policy_parts
from reports.reviewed import reviewed
from reports.summary import summary
from reports.talk_parts import CallPart, MessagePart, call_parts, message_parts


def audit_page(period: Period | None = None) -> str:
    """The report on a period, or on the whole workspace: calls, messages, the ledger, figures, the registers."""
    made_at = now().astimezone(LOCAL)
    with transaction() as session:
        rules = rule_parts(session, period)
        told: dict[str, Any] = {
            "period": period,
            "made_at": made_at,
            "summary": summary(session, period),
            "calls": call_parts(session, period),
            "messages": message_parts(session, period),
            "rules": rules,
            "ledger": {verdict: sum(rule.counted[verdict] for rule in rules) for verdict in LedgerVerdict},
            "figures": figures(session, period),
            "reviewed": reviewed(session, period),
            "gaps": gap_parts(session),
            "policies": policy_parts(session, local_day(made_at)),
            "covered": covered(session, period),
            "head": trail.head(session),
        }
    told["anchors"] = _anchors(told["calls"], told["messages"])
    told["broken"] = broken(rules)
    shared = {"limits": limits(), "most": MOST, "severities": [*Severity], "dimensions": [*Dimension]}
    return templates().get_template("audit_page.html").render(**told, **shared)


def _anchors(calls: list[CallPart], messages: list[MessagePart]) -> dict[str, str]:
    """Where on the page the calls and messages stand that other sections name."""
    shown = {part.outcome.call.call_id: f"c{part.outcome.call.id}" for part in calls}
    return shown | {part.outcome.message.message_id: f"m{part.outcome.message.id}" for part in messages}
