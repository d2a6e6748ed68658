"""What the monthly report knows: the figures of the period and of the one before, and what hangs on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlmodel import Session, col

from audit.calls.models import Call
from audit.calls.today import moment
from audit.findings.models import Run
from audit.findings.standing import verdict_now, violations
from audit.store.types import local_day
from classifiers.taxonomy import Verdict
from reports.figures import Figures, figures
from reports.ledger_part import Covered, RulePart, covered, rule_parts
from reports.period import Period
from reports.registers_part import GapPart, PolicyPart, gap_parts, policy_parts
from reports.reviewed import Reviewed, reviewed
from reports.summary import Summary, summary

_MONTHS = 12


@dataclass(frozen=True)
class Month:
    """A month's judged calls and the violations found in them."""

    name: str
    judged: int
    found: int

    @property
    def per_thousand(self) -> float | None:
        """Violations in a thousand judged calls."""
        return 1000 * self.found / self.judged if self.judged else None


@dataclass(frozen=True)
class MonthlyFacts:
    """All that is told of a period, or of all days."""

    session: Session
    period: Period | None
    today: date

    @cached_property
    def figures(self) -> Figures:
        """The figures of the period."""
        return figures(self.session, self.period)

    @cached_property
    def before(self) -> Figures | None:
        """The figures of the period before, if this is one."""
        return figures(self.session, self.period.before) if self.period else None

    @cached_property
    def summary(self) -> Summary:
        """What was audited and by what."""
        return summary(self.session, self.period)

    @cached_property
    def reviewed(self) -> Reviewed:
        """How much of it people decided on."""
        return reviewed(self.session, self.period)

    @cached_property
    def rules(self) -> list[RulePart]:
        """The ledger's results, rule by rule."""
        return rule_parts(self.session, self.period)

    @cached_property
    def covered(self) -> list[Covered]:
        """How far the registers let each rule of the ledger judge."""
        return covered(self.session, self.period)

    @cached_property
    def gaps(self) -> list[GapPart]:
        """What the registers lack."""
        return gap_parts(self.session)

    @cached_property
    def policies(self) -> list[PolicyPart]:
        """The written policies and their reviews."""
        return policy_parts(self.session, self.today)

    @cached_property
    def models(self) -> list[str]:
        """The digests of the models that judged, empty ones (rules alone) left out."""
        return sorted(model for model in self.session.scalars(select(col(Run.model)).distinct()) if model)

    @cached_property
    def months(self) -> list[Month]:
        """The twelve months up to the end of the period."""
        until = self.period.last if self.period else self.today
        names = _months_up_to(until)
        judged, found = _by_month(self.session, names[0], until)
        return [Month(name, judged.get(name, 0), found.get(name, 0)) for name in names]


def monthly_facts(session: Session, period: Period | None) -> MonthlyFacts:
    """The facts of a period; each is read when it is first asked for."""
    return MonthlyFacts(session, period, local_day(moment(session)))


def _months_up_to(last: date) -> list[str]:
    """The names (2026-10) of twelve months, the last being that of a day."""
    names, day = [], last
    for _ in range(_MONTHS):
        names.append(f"{day:%Y-%m}")
        day = day.replace(day=1) - timedelta(days=1)
    return names[::-1]


def _by_month(session: Session, first: str, until: date) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Judged calls and violations by month, counted by the database."""
    month: Any = func.substr(cast(col(Call.day), String), 1, 7)
    since = date.fromisoformat(f"{first}-01")
    of_calls = select(month, func.count()).select_from(Call).join(Run, col(Run.id) == Call.run_id)
    of_calls = of_calls.where(col(Call.day).between(since, until)).group_by(month)
    found = violations()
    judged = session.execute(of_calls.where(verdict_now() != Verdict.not_judgeable))
    violated = session.execute(of_calls.join(found, found.c.run == col(Run.id)))
    return _pairs(judged), _pairs(violated)


def _pairs(rows: Iterable[Any]) -> dict[str, int]:
    return {name: count for name, count in rows}  # noqa: C416 - rows are not tuples to the type checker


def by_hour(session: Session, period: Period | None) -> Sequence[int]:
    """Connected calls by the local hour at which they began, 0 to 23."""
    hour: Any = func.substr(cast(col(Call.started_at), String), 12, 2)
    counted = select(hour, func.count()).where(col(Call.started_at).is_not(None), col(Call.talk_seconds) > 0)
    if period:
        counted = counted.where(col(Call.day).between(period.first, period.last))
    told = {int(name): count for name, count in session.execute(counted.group_by(hour))}
    return [told.get((local - 8) % 24, 0) for local in range(24)]  # kept in UTC, eight hours behind China all year
