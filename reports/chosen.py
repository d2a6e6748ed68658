"""Which calls and messages a report shows in full: the gravest, and no more than somebody reads."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlmodel import Session, col

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.findings.models import Finding, Run
from classifiers.taxonomy import Severity, Verdict
from reports.period import Period
from reports.scope import Subject, is_violation, stands, within

MOST = 200  # calls, messages, or results of one rule that are shown


def gravest_calls(session: Session, period: Period | None) -> list[int]:
    """The ids of judged calls to show: by their gravest violation, then those not judgeable, then the others."""
    judged = _by_gravity(Call).order_by(
        col(Run.verdict) != Verdict.not_judgeable, col(Call.started_at), col(Call.call_id)
    )
    return list(session.scalars(judged.where(*within(Call, period)).limit(MOST)))


def gravest_messages(session: Session, period: Period | None) -> list[int]:
    """The ids of messages to show: those in which something was found, by their gravest violation."""
    found = select(col(Finding.run_id)).where(stands())
    judged = _by_gravity(Message).where(col(Message.run_id).in_(found))
    order = (col(Message.sent_at), col(Message.message_id))
    return list(session.scalars(judged.where(*within(Message, period)).order_by(*order).limit(MOST)))


def _by_gravity(model: Subject) -> Select[Any]:
    rank: ColumnElement[int] = case(
        {severity.value: severity.rank for severity in Severity}, value=col(Finding.severity)
    )
    ranked: Any = select(col(Finding.run_id).label("run"), func.min(rank).label("rank"))
    worst = ranked.where(is_violation()).group_by(col(Finding.run_id)).subquery()
    judged: Any = select(col(model.id)).join(Run, col(Run.id) == model.run_id)
    judged = judged.outerjoin(worst, worst.c.run == col(Run.id))
    ordered: Select[Any] = judged.order_by(func.coalesce(worst.c.rank, len(Severity)))
    return ordered
