"""What the registers say of each agency: accounts assigned, records kept, collectors and their training."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, Subquery, and_, func, or_, select, union
from sqlmodel import Session, col

from audit.calls.matching import FILES
from audit.calls.models import Call
from audit.contacts.models import Message
from audit.parties.models import Assignment, Collector
from complaints.vocabulary import Substantiated
from reports.models import TrainingFeedback
from reports.period import Period
from reports.scope import within
from reports.statistics.cases import Cases
from reports.statistics.parties import complained_agencies
from reports.statistics.sql import how_many
from reports.statistics.totals import is_overdue
from reports.statistics.window import Window, window

_WHOSE: Any = func.coalesce(Call.agency_id, Collector.agency_id)
_NEEDED: list[Any] = [
    *(Call.account_id, Call.collector_id, Call.number_key, Call.relation, Call.direction),
    *(Call.started_at, Call.talk_seconds),
]
NEEDED_NAMES = "账户、催收员、对方号码、关系、方向、时间、通话时长"

Counted = dict[int | None, dict[str, float]]


def registers(session: Session, period: Period) -> Counted:
    """By the id of the agency, counts by name; a name that an agency has not is nothing."""
    span = window(session, period)
    counted: Counted = defaultdict(dict)
    for names, wanted in (
        (("assigned",), _assigned(period)),
        (("records", "complete", "connected", "recorded"), _records(period)),
        (("complaints", "decided", "substantiated", "overdue"), _complaints(Cases(session, span))),
        (("collectors", "listed", "certified"), _collectors(period, span)),
        (("feedback", "acknowledged", "quizzes", "quiz"), _feedback(period)),
    ):
        for agency, *counts in session.execute(wanted):
            counted[agency] |= dict(zip(names, (float(count or 0) for count in counts), strict=True))
    return counted


def _assigned(period: Period) -> Select[Any]:
    """Accounts that were with the agency on any day of the period."""
    kept = or_(col(Assignment.until).is_(None), col(Assignment.until) >= period.first)
    told: list[Any] = [Assignment.agency_id, func.count(func.distinct(Assignment.account_id))]
    return _grouped(select(*told).where(col(Assignment.assigned_on) <= period.last, kept), told)


def _records(period: Period) -> Select[Any]:
    """Call records, those with all that is needed, connected calls, and those whose recording is here."""
    connected = col(Call.talk_seconds) > 0
    told: list[Any] = [
        _WHOSE,
        func.count(),
        how_many(and_(*(field.is_not(None) for field in _NEEDED))),
        how_many(connected),
        how_many(and_(connected, col(Call.recording_id).is_not(None))),
    ]
    calls = select(*told).select_from(Call).outerjoin(Collector, col(Collector.id) == Call.collector_id)
    return _grouped(calls.where(col(Call.source) != FILES, *within(Call, period)), told)


def _complaints(cases: Cases) -> Select[Any]:
    timed, whose = cases.timed(), complained_agencies(cases)
    found = and_(timed.c.decided == 1, timed.c.verdict != Substantiated.false)
    told: list[Any] = [whose.c.agency, func.count(), how_many(timed.c.decided == 1), how_many(found)]
    told.append(how_many(is_overdue(timed)))
    return _grouped(select(*told).join(timed, timed.c.id == whose.c.complaint), told)


def _collectors(period: Period, span: Window) -> Select[Any]:
    """Those who had contacts, those of them on the register, and those whose certificate had not run out."""
    day, active = min(period.last, span.last_day), _active(period)
    told: list[Any] = [
        Collector.agency_id,
        func.count(),
        how_many(col(Collector.listed).is_(True)),
        how_many(col(Collector.certified_until) >= day),
    ]
    return _grouped(select(*told).join(active, active.c.collector == col(Collector.id)), told)


def _active(period: Period) -> Subquery:
    each: Iterable[Any] = (
        select(col(model.collector_id).label("collector")).where(*within(model, period)) for model in (Call, Message)
    )
    return union(*each).subquery()


def _feedback(period: Period) -> Select[Any]:
    """Feedback on the period or on a part of it, acknowledged, quizzes taken, and the shares answered rightly."""
    told: list[Any] = [
        Collector.agency_id,
        func.count(),
        func.count(col(TrainingFeedback.acknowledged_at)),
        func.count(col(TrainingFeedback.score)),
        func.sum(TrainingFeedback.score),
    ]
    made = select(*told).join(TrainingFeedback, col(TrainingFeedback.collector_id) == col(Collector.id))
    return _grouped(made.where(col(TrainingFeedback.period).in_(_parts(period))), told)


def _parts(period: Period) -> list[str]:
    """The periods that lie in one, as they are written."""
    year = period.first.year
    written = [f"{year}", *(f"{year}Q{n}" for n in range(1, 5)), *(f"{year}-{n:02}" for n in range(1, 13))]
    spans = [Period.parse(text) for text in written]
    return [span.text for span in spans if period.first <= span.first and span.last <= period.last]


def _grouped(wanted: Select[Any], told: list[Any]) -> Select[Any]:
    return wanted.group_by(told[0])
