"""What is kept of feedback: what it rested on, who acknowledged it and how the quiz went. Each act is in the trail."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from audit import trail
from audit.calls.today import moment
from audit.parties.models import Collector
from audit.store.types import local_day
from audit.store.upsert import upsert
from classifiers.errors import BadInput
from reports.models import TrainingFeedback
from reports.period import Period
from reports.training.facts import CollectorFacts, collector_facts, kept_feedback
from reports.training.lessons import Matter, library
from reports.training.quiz import score

AFTER = (30, 60)  # days after coaching on which the points are measured again
KEPT, ACKNOWLEDGED, REMEASURED = "training.feedback", "training.acknowledge", "training.remeasure"
_KEY = ("collector_id", "period")


def keep_feedback(session: Session, collector: Collector, period: Period, by: str = "system") -> TrainingFeedback:
    """The row of the feedback, written or brought up to date; one that was acknowledged stays as it was signed."""
    facts = collector_facts(session, collector, period)
    if facts.kept and facts.kept.acknowledged_at:
        return facts.kept
    told = _told(facts)
    if facts.kept and all(getattr(facts.kept, name) == value for name, value in told.items()):
        return facts.kept
    at = moment(session)
    row = {"collector_id": collector.id, "period": period.text, "made_at": at, **told}
    upsert(session, TrainingFeedback, [row | {"remeasure_on": _days_after(local_day(at))}], _KEY)
    kept = kept_feedback(session, collector, period)
    assert kept is not None  # noqa: S101 - just written
    session.refresh(kept)
    body = {"period": period.text, "findings": kept.findings, "syllabus": facts.library.syllabus}
    trail.append(session, by, KEPT, subject(kept), body)
    return kept


def acknowledge(
    session: Session,
    feedback: TrainingFeedback,
    by: str,
    at: datetime,
    *,
    answer: str = "",
    quiz_answers: Sequence[int] | None = None,
) -> TrainingFeedback:
    """Puts down that the collector was coached by `by` and signed, with what was said to it, and scores the quiz.

    `quiz_answers` count from 0, None where no quiz was taken. It may be done again where the quiz was not taken or not
    passed. Raises BadInput where nobody is named, the answers do not fit, or it was signed and passed, or lies ahead.
    """
    _check(session, feedback, by, at)
    if quiz_answers is not None:
        feedback.quiz_answers, feedback.score = [*quiz_answers], score(feedback.quiz, quiz_answers)
    feedback.coached_on = feedback.coached_on or local_day(at)
    feedback.remeasure_on = _days_after(feedback.coached_on)
    feedback.coach, feedback.acknowledged_at = by.strip(), at
    feedback.answer = answer.strip() or feedback.answer
    session.add(feedback)
    session.flush()
    body = {"at": at.isoformat(), "quiz": quiz_answers is not None, "score": feedback.score}
    trail.append(session, by.strip(), ACKNOWLEDGED, subject(feedback), body)
    return feedback


def is_passed(feedback: TrainingFeedback) -> bool | None:
    """Whether the quiz was passed by what the library asks; None where none was taken."""
    return None if feedback.score is None else feedback.score >= library().pass_from


def subject(feedback: TrainingFeedback) -> str:
    """What the trail calls it."""
    return f"training:{feedback.id}"


def _check(session: Session, feedback: TrainingFeedback, by: str, at: datetime) -> None:
    if not by.strip():
        raise BadInput("nobody is named as the coach", "give --coach")
    made, today = (local_day(each) for each in (feedback.made_at, moment(session)))
    if not made <= (day := local_day(at)) <= today:
        raise BadInput(f"{day}: the feedback was made on {made}, and today is {today}", "give a day between with --on")
    if feedback.acknowledged_at and is_passed(feedback):
        on = local_day(feedback.acknowledged_at)
        raise BadInput(f"the feedback was acknowledged on {on}, and its quiz passed", "it needs no second signature")


def _told(facts: CollectorFacts) -> dict[str, Any]:
    limits = [limit for limit in facts.limits if limit.results]
    return {
        "findings": sorted(hit.finding.id or 0 for point in facts.shown for hit in point.hits),
        "strengths": list(facts.strengths),
        "points": [
            *(_point(point.kind, len(point.hits), point.written, point.rules) for point in facts.shown),
            *(_point(limit.rule, len(limit.results), 0, []) for limit in limits),
        ],
        "quiz": list(facts.quiz),
    }


def _point(matter: Matter, count: int, written: int, rules: list[str]) -> dict[str, Any]:
    """How often, and how often of it in messages; and by which of the pack's rules."""
    return {"matter": str(matter), "count": count, "in_messages": written, "rules": rules}


def _days_after(day: date) -> list[str]:
    return [str(day + timedelta(days=days)) for days in AFTER]
