"""Which calls and messages a report shows in full: the gravest, and no more than somebody reads."""

from typing import Any

from sqlalchemy import Select, case, func, select
from sqlmodel import Session, col

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.findings.models import Finding, Run
from audit.findings.standing import stands, verdict_now, violations
from classifiers.taxonomy import Severity, Verdict
from reports.period import Period
from reports.scope import Subject, within

MOST = 200  # calls, messages, or results of one rule that are shown


def gravest_calls(session: Session, period: Period | None) -> list[int]:
    """The ids of judged calls to show: by their gravest violation, then those not judgeable, then the others."""
    judged = _by_gravity(Call).order_by(verdict_now() != Verdict.not_judgeable, col(Call.started_at), col(Call.call_id))
    return list(session.scalars(judged.where(*within(Call, period)).limit(MOST)))


def gravest_messages(session: Session, period: Period | None) -> list[int]:
    """The ids of messages to show: those in which something was found, by their gravest violation."""
    found = select(col(Finding.run_id)).where(stands())
    judged = _by_gravity(Message).where(col(Message.run_id).in_(found))
    order = (col(Message.sent_at), col(Message.message_id))
    return list(session.scalars(judged.where(*within(Message, period)).order_by(*order).limit(MOST)))


def _by_gravity(model: Subject) -> Select[Any]:
    found = violations()
    rank: Any = case({severity.value: severity.rank for severity in Severity}, value=found.c.severity)
    worst = select(found.c.run, func.min(rank).label("rank")).group_by(found.c.run).subquery()
    judged: Any = select(col(model.id)).join(Run, col(Run.id) == model.run_id)
    judged = judged.outerjoin(worst, worst.c.run == col(Run.id))
    ordered: Select[Any] = judged.order_by(func.coalesce(worst.c.rank, len(Severity)))
    return ordered
