"""Complaints month by month."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlmodel import Session, col

from complaints.models import Complaint
from reports.period import Period
from reports.statistics.codes import codes
from reports.statistics.sql import how_many
from reports.statistics.window import months, window


class Month(NamedTuple):
    """What a month received, how many of that from regulators, and how many complaints it closed."""

    name: str
    received: int
    regulator: int
    closed: int


def trend(session: Session, period: Period) -> list[Month]:
    """The twelve months up to the end of the period."""
    shown = months(period)
    wanted = [count for month in shown for count in _counts(session, month)]
    counts = session.execute(select(*wanted).where(col(Complaint.type).in_(codes().counted))).one()
    return [Month(month.text, *counts[3 * n : 3 * n + 3]) for n, month in enumerate(shown)]


def _counts(session: Session, month: Period) -> list[ColumnElement[int]]:
    span = window(session, month)
    received, closed = (and_(moment >= span.start, moment < span.end) for moment in (_RECEIVED, _CLOSED))
    return [how_many(received), how_many(received & col(Complaint.channel).in_(codes().regulators)), how_many(closed)]


_RECEIVED: Any = Complaint.received_at
_CLOSED: Any = Complaint.closed_at
