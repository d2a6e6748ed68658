"""What was judged and found of some collectors in some days: the counts behind all figures of training."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import Session, col

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.findings.models import Finding, Run, State
from audit.findings.standing import kind_now, stands, verdict_now
from classifiers.taxonomy import SIGNALS, Kind, Verdict
from reports.intervals import Interval, poisson, wilson

CONFIDENCE = 0.95
PER = 1000  # judged calls


@dataclass(frozen=True)
class Rate:
    """Events in so many judged calls."""

    count: int
    base: int

    @property
    def value(self) -> float | None:
        """Events in a thousand calls; None of nothing."""
        return PER * self.count / self.base if self.base else None

    @property
    def interval(self) -> Interval | None:
        """Its interval of 95 %; None of nothing."""
        if not self.base:
            return None
        low, high = poisson(self.count, self.base, CONFIDENCE)
        return Interval(PER * low, PER * high)

    @property
    def text(self) -> str:
        """The rate with its interval in words."""
        if self.value is None or self.interval is None:
            return "—"
        return f"{self.value:,.1f}（{self.interval.low:,.1f}—{self.interval.high:,.1f}）"


@dataclass(frozen=True)
class Share:
    """Some of a number of judged calls."""

    count: int
    base: int

    @property
    def text(self) -> str:
        """The share with its interval of 95 % in words."""
        if not self.base:
            return "—"
        low, high = wilson(self.count, self.base, CONFIDENCE)
        return f"{self.count:,}/{self.base:,}，{self.count / self.base:.1%}（{low:.1%}—{high:.1%}）"


@dataclass(frozen=True)
class Measured:
    """Counts of calls; messages, and those of them judged (`read`); violations in calls and in messages by kind and
    state (confirmed or open); judged calls with any violation (`flagged`); collectors with judged calls (`people`).
    """

    calls: int = 0
    audited: int = 0
    not_judgeable: int = 0
    messages: int = 0
    read: int = 0
    people: int = 0
    flagged: int = 0
    found: Counter[tuple[Kind, State]] = field(default_factory=Counter)
    in_messages: Counter[tuple[Kind, State]] = field(default_factory=Counter)

    @property
    def judged(self) -> int:
        """Audited calls that could be judged."""
        return self.audited - self.not_judgeable

    @property
    def kinds(self) -> list[Kind]:
        """The kinds found in calls or messages, in order of the taxonomy."""
        seen = {kind for kind, _ in (*self.found, *self.in_messages)}
        return [kind for kind in Kind if kind in seen]

    def rate(self, kind: Kind | None = None, *states: State) -> Rate:
        """Violations in calls, of a kind if one is given, in those states (confirmed, if none is given)."""
        wanted = states or (State.confirmed,)
        return Rate(sum(n for (k, s), n in self.found.items() if kind in {None, k} and s in wanted), self.judged)

    def written(self, kind: Kind, *states: State) -> Rate:
        """Violations of a kind in judged messages, in those states (confirmed, if none is given)."""
        return Rate(sum(self.in_messages[kind, state] for state in states or (State.confirmed,)), self.read)

    def standing(self, kind: Kind) -> int:
        """Violations of a kind in calls and messages that are confirmed or not yet reviewed."""
        return sum(found[kind, state] for found in (self.found, self.in_messages) for state in State)

    @property
    def clean(self) -> Share:
        """Judged calls in which nothing stands."""
        return Share(self.judged - self.flagged, self.judged)

    @property
    def identified(self) -> Share:
        """Judged calls in which the identity was not left unsaid."""
        missed = sum(self.found[Kind.identity_omission, state] for state in State)
        return Share(max(self.judged - missed, 0), self.judged)


def measured(session: Session, collectors: Collection[int], first: date, last: date) -> Measured:
    """What there is of these collectors from the first to the last local day, by the judgements that stand."""
    calls = _within(Call, collectors, first, last)
    total, audited, not_judgeable, people = session.execute(_calls().where(*calls)).one()
    told: list[Any] = [func.count(), func.count(col(Message.run_id))]
    messages, read = session.execute(select(*told).where(*_within(Message, collectors, first, last))).one()
    flagged = _found(Call, func.count(func.distinct(Finding.run_id))).where(*calls)
    return Measured(
        calls=total,
        audited=audited,
        not_judgeable=not_judgeable or 0,
        people=people,
        messages=messages,
        read=read,
        flagged=session.scalars(flagged).one(),
        found=_by_kind(session, Call, calls),
        in_messages=_by_kind(session, Message, _within(Message, collectors, first, last)),
    )


def _calls() -> Any:
    blind = case((verdict_now() == Verdict.not_judgeable, 1), else_=0)
    whose = case((verdict_now() != Verdict.not_judgeable, col(Call.collector_id)))
    told: list[Any] = [func.count(), func.count(col(Run.id)), func.sum(blind), func.count(func.distinct(whose))]
    return select(*told).select_from(Call).outerjoin(Run, col(Run.id) == Call.run_id)


def _by_kind(
    session: Session, model: type[Call] | type[Message], contacts: list[ColumnElement[bool]]
) -> Counter[tuple[Kind, State]]:
    by: list[Any] = [kind_now(), Finding.state]
    rows = session.execute(_found(model, *by, func.count()).where(*contacts).group_by(*by))
    return Counter({(Kind(kind), state): count for kind, state, count in rows})


def _found(model: type[Call] | type[Message], *told: Any) -> Any:
    found = select(*told).select_from(Finding).join(model, col(model.run_id) == Finding.run_id)
    return found.where(stands(), kind_now().not_in(SIGNALS))


def _within(
    model: type[Call] | type[Message], collectors: Collection[int], first: date, last: date
) -> list[ColumnElement[bool]]:
    return [col(model.collector_id).in_(collectors), col(model.day).between(first, last)]
