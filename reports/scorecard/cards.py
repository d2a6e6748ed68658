"""Scores of agencies out of what was counted: points for each measure, a score for each part, a total, and a rank."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlmodel import Session, select

from audit.parties.models import Agency
from classifiers.taxonomy import Severity
from reports.counts import Counts
from reports.dimensions import Dimension
from reports.figures import figures
from reports.intervals import Interval, poisson, wilson
from reports.period import Period
from reports.scorecard.conduct import Conduct, conduct
from reports.scorecard.registers import registers
from reports.scorecard.weights import PER, Measure, MeasureId, Part, weights

_CONDUCT = frozenset({MeasureId.critical, MeasureId.high, MeasureId.lesser, MeasureId.limits})
_NOTHING = Counts(0, 0, 0, 0, 0, 0, 0, 0, {}, {}, 0)


class Counted(NamedTuple):
    """What a measure counted, of how many."""

    found: float
    base: int


@dataclass(frozen=True)
class Scored:
    """A measure of an agency: `value` in its own unit with its interval, None where the base is nothing; `reviewed` is
    whether people decided on enough of the findings that it counts.
    """

    id: MeasureId
    measure: Measure
    counted: Counted
    reviewed: bool

    @property
    def value(self) -> float | None:
        """Events in the usual number of the base, or a share."""
        return PER.get(self.id, 1) * self.counted.found / self.counted.base if self.counted.base else None

    @property
    def interval(self) -> Interval | None:
        """In the unit of the value."""
        if not self.counted.base:
            return None
        of = poisson if self.id in PER else wilson
        low, high = of(*self.counted, weights().confidence)
        return Interval(PER.get(self.id, 1) * low, PER.get(self.id, 1) * high)

    @property
    def points(self) -> float | None:
        """0 to 100; None where there is nothing to measure, no data, or too little review to know."""
        return None if self.value is None or not self.reviewed else self.measure.points(self.value)

    @property
    def enough(self) -> bool:
        """Whether it rests on a large enough sample."""
        return self.points is not None and self.counted.base >= self.measure.minimum

    @property
    def counts(self) -> bool:
        """Whether it weighs in its part: missing data does, with no points."""
        return self.value is not None or self.measure.without == "no_points"


@dataclass(frozen=True)
class PartScore:
    """A part of an agency's card."""

    part: Part
    measures: list[Scored]

    @property
    def score(self) -> float | None:
        """0 to 100; None where none of its measures has any data."""
        if all(scored.points is None for scored in self.measures):
            return None
        weighed = [(scored.measure.weight, scored.points or 0.0) for scored in self.measures if scored.counts]
        return sum(weight * points for weight, points in weighed) / sum(weight for weight, _ in weighed)

    @property
    def assessed(self) -> float:
        """What share of its weight rests on large enough samples."""
        weighed = [scored for scored in self.measures if scored.counts]
        whole = sum(scored.measure.weight for scored in weighed)
        return sum(scored.measure.weight for scored in weighed if scored.enough) / whole if whole else 0.0


@dataclass(frozen=True)
class Card:
    """An agency's scores; `counts` and `conduct` are what lies behind them."""

    agency: str
    counts: Counts
    conduct: Conduct
    parts: list[PartScore]

    @property
    def has_data(self) -> bool:
        """Whether anything of it is known in the period."""
        return any(part.score is not None for part in self.parts)

    @property
    def is_capped(self) -> bool:
        """Whether a red line was crossed."""
        return self.conduct.red >= weights().red_lines.from_

    @property
    def total(self) -> float | None:
        """0 to 100; a part without data earns nothing. None where all are without."""
        if not self.has_data:
            return None
        earned = sum(part.part.weight * (part.score or 0.0) for part in self.parts) / 100
        return min(earned, weights().red_lines.cap) if self.is_capped else earned

    @property
    def assessed(self) -> float:
        """What share of the whole weight rests on large enough samples."""
        return sum(part.part.weight * part.assessed for part in self.parts) / 100

    @property
    def has_rank(self) -> bool:
        """Whether so much of it was assessed that it can be set against others."""
        return self.has_data and self.assessed >= weights().rank_from


def cards(session: Session, period: Period) -> list[Card]:
    """A card for each agency on file, the highest total in front; those without any data last."""
    found, kept = conduct(session, period), registers(session, period)
    counted = {group.name: group.counts for group in figures(session, period).by.get(Dimension.agency, ())}
    made = [
        card_of(
            agency.name, counted.get(agency.name, _NOTHING), found.get(agency.id, Conduct()), kept.get(agency.id, {})
        )
        for agency in session.exec(select(Agency))
    ]
    return sorted(made, key=lambda card: (-(-1 if card.total is None else card.total), card.agency))


def ranks(made: Iterable[Card]) -> dict[str, int]:
    """The rank of each agency that has one: 1 for the highest total; equal totals share a rank."""
    ranked = {card.agency: card.total or 0.0 for card in made if card.has_rank}
    return {agency: 1 + sum(other > total for other in ranked.values()) for agency, total in ranked.items()}


def card_of(agency: str, counts: Counts, found: Conduct, kept: Mapping[str, float]) -> Card:
    """The card that figures, findings and counts of the registers (by name) come to."""
    measured = _measured(counts, found, kept)
    reviewed = found.reviewed is None or found.reviewed >= weights().reviewed_from
    of_conduct = dict.fromkeys(_CONDUCT, reviewed)
    parts = [
        PartScore(part, [Scored(id, one, measured[id], of_conduct.get(id, True)) for id, one in part.measures.items()])
        for part in weights().parts.values()
    ]
    return Card(agency, counts, found, parts)


def _measured(counts: Counts, found: Conduct, kept: Mapping[str, float]) -> dict[MeasureId, Counted]:
    def of(count: str, base: str) -> Counted:
        return Counted(kept.get(count, 0), int(kept.get(base, 0)))

    return {
        MeasureId.critical: Counted(found.confirmed(Severity.critical), counts.judged),
        MeasureId.high: Counted(found.confirmed(Severity.high), counts.judged),
        MeasureId.lesser: Counted(found.confirmed(Severity.medium, Severity.low), counts.judged),
        MeasureId.limits: Counted(len(found.limits_confirmed), counts.contacts),
        MeasureId.per_accounts: of("complaints", "assigned"),
        MeasureId.per_calls: of("complaints", "connected"),
        MeasureId.substantiated: of("substantiated", "decided"),
        MeasureId.overdue: of("overdue", "complaints"),
        MeasureId.recorded: of("recorded", "connected"),
        MeasureId.complete: of("complete", "records"),
        MeasureId.listed: of("listed", "collectors"),
        MeasureId.certified: of("certified", "collectors"),
        MeasureId.acknowledged: of("acknowledged", "feedback"),
        MeasureId.quiz: of("quiz", "quizzes"),
    }
