"""All that feedback on a collector's period rests on: what the sheet says and what is kept of it are made from this."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from audit.parties.models import Collector
from reports.models import TrainingFeedback
from reports.period import Period
from reports.training.hits import LimitPoint, Point, limit_points, points
from reports.training.lessons import Library, Matter, library
from reports.training.measured import Measured, measured
from reports.training.quiz import drawn
from reports.training.strengths import strengths
from reports.training.whose import colleagues


@dataclass(frozen=True)
class CollectorFacts:
    """The counts of the collector, of the period before and of the rest of the team (None where too few have judged
    calls); points with their shown part first; strengths; and the quiz.
    """

    library: Library
    own: Measured
    before: Measured
    others: Measured | None
    points: Sequence[Point]
    limits: Sequence[LimitPoint]
    strengths: Sequence[str]
    quiz: Sequence[dict[str, Any]]
    kept: TrainingFeedback | None

    @property
    def shown(self) -> Sequence[Point]:
        """The points that the sheet goes into."""
        return self.points[: self.library.points]

    @property
    def waiting(self) -> int:
        """Violations in calls and messages that nobody decided on."""
        return sum(self.own.standing(kind) for kind in self.own.kinds) - sum(len(point.hits) for point in self.points)


def collector_facts(session: Session, collector: Collector, period: Period) -> CollectorFacts:
    """What there is on a collector in a period. A quiz that was answered stays as it was."""
    known, me, days = library(), [collector.id or 0], (period.first, period.last)
    own, before = measured(session, me, *days), measured(session, me, period.before.first, period.before.last)
    others = _others(session, collector, period, own, known.team_from)
    found, limits = points(session, me, *days), limit_points(session, me, *days)
    kept = kept_feedback(session, collector, period)
    if kept and kept.acknowledged_at:
        quiz = kept.quiz
    else:
        mine = [(point.kind, point.hits[0].line(session)) for point in found]
        hit: list[tuple[Matter, str]] = [*mine, *((limit.rule, "") for limit in limits if limit.results)]
        quiz = drawn(known, hit, others.kinds if others else (), f"{collector.id} {period.text}")
    praised = strengths(own, before, others, known.praise_from)
    return CollectorFacts(known, own, before, others, found, limits, praised, quiz, kept)


def kept_feedback(session: Session, collector: Collector, period: Period) -> TrainingFeedback | None:
    """What was kept of the feedback, if it was issued."""
    whose = (TrainingFeedback.collector_id == collector.id, TrainingFeedback.period == period.text)
    return session.exec(select(TrainingFeedback).where(*whose)).one_or_none()


def _others(session: Session, collector: Collector, period: Period, own: Measured, enough: int) -> Measured | None:
    """The rest of the team, where with the collector enough people have judged calls that none can be told apart."""
    rest = measured(session, colleagues(session, collector) - {collector.id or 0}, period.first, period.last)
    return rest if rest.people + own.people >= enough and rest.people else None
