"""Points measured again after coaching: as many days before it beside those after, and what the intervals allow to say.

It says what was counted, not what coaching did: points are chosen because they were many, and chance alone makes many
things fewer the next time.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from audit.findings.models import State
from audit.ledger.models import LedgerVerdict, RuleId
from audit.store.types import local_day
from classifiers.taxonomy import Kind
from reports.models import TrainingFeedback
from reports.training.changes import Change, change
from reports.training.hits import results_of
from reports.training.keeping import AFTER
from reports.training.lessons import Matter, title
from reports.training.measured import Measured, Rate, measured

CAVEAT = "只比较前后各同样天数内经复核确认的次数及其 95% 区间，不说明原因；“下降”须在未经复核的全部成立时仍然成立。"


class Basis(StrEnum):
    """What a rate is in a thousand of: judged calls, judged messages, or (limits) calls and messages."""

    calls = "calls"
    messages = "messages"
    contacts = "contacts"


BASES = {Basis.calls: "通话", Basis.messages: "消息", Basis.contacts: "联系"}


@dataclass(frozen=True)
class Again:
    """One point, so many days before and after coaching; `waiting` are later ones that nobody decided on, and `until`
    is the last day counted.
    """

    matter: Matter
    basis: Basis
    days: int
    until: date
    before: Rate
    after: Rate
    waiting: int
    is_over: bool

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{title(self.matter)}（每千次{BASES[self.basis]}）"

    @property
    def said(self) -> Change:
        """What the intervals allow to say."""
        return change(self.before, self.after, self.waiting) if self.is_over else Change.running

    def as_json(self) -> dict[str, Any]:
        """For `coaching remeasure --format json`."""
        return {
            "matter": str(self.matter),
            "basis": str(self.basis),
            "days": self.days,
            "until": str(self.until),
            "before": _json(self.before),
            "after": _json(self.after),
            "not_reviewed_after": self.waiting,
            "said": str(self.said),
        }


def remeasure(session: Session, feedback: TrainingFeedback, at: datetime) -> list[Again]:
    """Each point of the feedback 30 and 60 days after coaching (or after it was made, where nobody acknowledged it),
    beside as many days before; the day itself is in neither. A window that is not over at `at` says so.
    """
    start, today = feedback.coached_on or local_day(feedback.made_at), local_day(at)
    return [again for days in AFTER for again in _window(session, feedback, start, days, today)]


def _window(session: Session, feedback: TrainingFeedback, start: date, days: int, today: date) -> Iterator[Again]:
    end, day = start + timedelta(days=days), timedelta(days=1)
    until = min(end, today)
    before = _Side.of(session, feedback.collector_id, start - timedelta(days=days), start - day)
    after = _Side.of(session, feedback.collector_id, start + day, until)
    for matter, basis in _measures(feedback):
        rates = (before.rate(matter, basis), after.rate(matter, basis))
        waiting = after.rate(matter, basis, State.open).count
        yield Again(matter, basis, days, until, *rates, waiting, is_over=today > end)


def _measures(feedback: TrainingFeedback) -> Iterator[tuple[Matter, Basis]]:
    """What is measured: violations where they were found, in calls or in messages."""
    for point in feedback.points:
        code = point["matter"]
        if code in set(RuleId):
            yield RuleId(code), Basis.contacts
            continue
        if point["count"] > point["in_messages"]:
            yield Kind(code), Basis.calls
        if point["in_messages"]:
            yield Kind(code), Basis.messages


@dataclass(frozen=True)
class _Side:
    """What was counted of a collector on one side of the coaching day; `limits` are the ledger's findings."""

    found: Measured
    limits: Counter[tuple[RuleId, State]]

    @classmethod
    def of(cls, session: Session, collector: int, first: date, last: date) -> "_Side":
        results = results_of(session, [collector], first, last)
        sure = (result for result in results if result.verdict_now is LedgerVerdict.finding)
        limits = Counter((result.rule, result.state) for result in sure)
        return cls(measured(session, [collector], first, last), limits)

    def rate(self, matter: Matter, basis: Basis, state: State = State.confirmed) -> Rate:
        """Those in a state."""
        if isinstance(matter, RuleId):
            return Rate(self.limits[matter, state], self.found.calls + self.found.messages)
        return self.found.written(matter, state) if basis is Basis.messages else self.found.rate(matter, state)


def _json(rate: Rate) -> dict[str, Any]:
    interval = rate.interval
    return {
        "count": rate.count,
        "base": rate.base,
        "per_thousand": rate.value,
        "interval": [interval.low, interval.high] if interval else None,
    }
