"""The figures of a period's complaints as a whole, counted by the database."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, select
from sqlmodel import col

from audit.parties.models import Account
from complaints.models import Complaint
from complaints.vocabulary import Satisfaction, Substantiated
from reports.statistics.cases import Cases
from reports.statistics.sql import flag, how_many

COUNTED = ("regulator", "repeat", "major", "decided", "withdrawn", "late", "lapsed", "extended", "clocked", "open")


@dataclass(frozen=True)
class Totals:
    """Counts of what a period received, and what they come to; days are those to a decision. A share of nothing is
    None.
    """

    received: int
    counts: dict[str, int]
    overdue: int
    verdicts: dict[Substantiated, int]
    satisfaction: dict[Satisfaction, int]
    compensated: int
    compensation: Decimal
    mean_days: float | None
    median_days: float | None
    accounts: int

    @property
    def closed_share(self) -> float | None:
        """办结率: those that await nothing of us any more."""
        return share(self.received - self.counts["open"], self.received)

    @property
    def substantiated_share(self) -> float | None:
        """Wholly or partly true, of those decided."""
        found = self.verdicts[Substantiated.true] + self.verdicts[Substantiated.partial]
        return share(found, sum(self.verdicts.values()))

    @property
    def asked(self) -> int:
        """How many complainants were asked what they say of the handling."""
        return sum(n for said, n in self.satisfaction.items() if said is not Satisfaction.unasked)

    @property
    def asked_share(self) -> float | None:
        """Asked, of those decided or withdrawn."""
        return share(self.asked, self.counts["decided"] + self.counts["withdrawn"])

    @property
    def satisfied_share(self) -> float | None:
        """Satisfied, of those asked."""
        return share(self.satisfaction[Satisfaction.satisfied], self.asked)

    @property
    def per_ten_thousand(self) -> float | None:
        """Complaints in ten thousand accounts on file."""
        return share(10_000 * self.received, self.accounts)

    def of_received(self, count: int) -> float | None:
        """The share of a count in all that was received."""
        return share(count, self.received)


@dataclass(frozen=True)
class Flow:
    """How the open complaints at the end come from those at the start."""

    opening: int
    received: int
    reopened: int
    closed: int
    open: int


def share(part: float, whole: int) -> float | None:
    """A part of a whole; None of nothing."""
    return part / whole if whole else None


def totals(cases: Cases) -> Totals:
    """The figures of the complaints."""
    timed = cases.timed()
    received, overdue, paid, compensation, mean, *rest = _row(cases, timed)
    counts = dict(zip(COUNTED, rest, strict=False))
    rest = rest[len(COUNTED) :]
    verdicts = dict(zip(Substantiated, rest, strict=False))
    return Totals(
        received=received,
        counts=counts,
        overdue=overdue,
        verdicts=verdicts,
        satisfaction=dict(zip(Satisfaction, rest[len(verdicts) :], strict=True)),
        compensated=paid,
        compensation=Decimal(compensation or 0),
        mean_days=None if mean is None else float(mean),
        median_days=_median(cases, counts["decided"]),
        accounts=cases.session.scalar(select(func.count(col(Account.id)))) or 0,
    )


def _row(cases: Cases, timed: Subquery) -> Any:
    wanted: list[ColumnElement[Any]] = [
        func.count(),
        how_many(is_overdue(timed)),
        func.count(timed.c.compensation),
        func.sum(timed.c.compensation),
        func.avg(timed.c.days),
        *(how_many(timed.c[name] == 1) for name in COUNTED),
        *(how_many(timed.c.verdict == verdict) for verdict in Substantiated),
        *(how_many(timed.c.satisfaction == said) for said in Satisfaction),
    ]
    return cases.session.execute(select(*wanted).select_from(timed)).one()


def is_overdue(timed: Subquery) -> ColumnElement[bool]:
    """Whether any time limit of ours was missed."""
    return (timed.c.late + timed.c.lapsed) > 0


def _median(cases: Cases, decided: int) -> float | None:
    """The days in the middle; of an even number the mean of the two there."""
    if not decided:
        return None
    rows = cases.rows()
    days = select(rows.c.days).where(rows.c.decided == 1).order_by(rows.c.days)
    middle = [*cases.session.scalars(days.offset((decided - 1) // 2).limit(2 - decided % 2))]
    return float(sum(middle) / len(middle))


def flow(cases: Cases) -> Flow:
    """Open at the start, what came in and went, open at the end: opening, received and reopened are closed and open."""
    end, start = cases.clocks(), cases.clocks(at_start=True)
    old = flag(cases.before_start())
    told = select(
        old.label("old"),
        flag(cases.is_open(end)).label("open"),
        (flag(cases.is_open(start, at_start=True)) * old).label("opening"),
    )
    told = told.select_from(Complaint).outerjoin(end, end.c.complaint == Complaint.id)
    told = told.outerjoin(start, start.c.complaint == Complaint.id).where(*cases.until_now())
    rows = told.subquery()
    opening, received, open_, reopened = cases.session.execute(
        select(
            how_many(rows.c.opening == 1),
            how_many(rows.c.old == 0),
            how_many(rows.c.open == 1),
            how_many((rows.c.old == 1) & (rows.c.opening == 0) & (rows.c.open == 1)),
        )
    ).one()
    return Flow(opening, received, reopened, opening + received + reopened - open_, open_)
