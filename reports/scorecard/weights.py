"""How agencies are scored: parts, measures, weights and bounds out of `weights.yaml`."""

from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from classifiers.detectors import Part as Strict
from complaints.calendar import read_yaml

SHIPPED = Path(__file__).with_name("weights.yaml")

Weight = Annotated[float, Field(gt=0)]
Fraction = Annotated[float, Field(ge=0, le=1)]


class MeasureId(StrEnum):
    """What is measured."""

    critical = "critical"
    high = "high"
    lesser = "lesser"
    limits = "limits"
    per_accounts = "per_accounts"
    per_calls = "per_calls"
    substantiated = "substantiated"
    overdue = "overdue"
    recorded = "recorded"
    complete = "complete"
    listed = "listed"
    certified = "certified"
    acknowledged = "acknowledged"
    quiz = "quiz"


PER = {  # events in so many of the base; the others are shares
    MeasureId.critical: 1000,
    MeasureId.high: 1000,
    MeasureId.lesser: 1000,
    MeasureId.limits: 1000,
    MeasureId.per_accounts: 10_000,
    MeasureId.per_calls: 1000,
}


class Measure(Strict):
    """One measure: its weight in its part, where it has all points and none, the least base, what no base means."""

    title: str
    weight: Weight
    full: float
    zero: float
    minimum: Annotated[int, Field(ge=1)]
    without: Literal["no_points", "left_out"]

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.full == self.zero:
            raise ValueError(f"{self.title}: full and zero are both {self.full}")
        return self

    def points(self, value: float) -> float:
        """0 to 100."""
        return 100 * min(1.0, max(0.0, (self.zero - value) / (self.zero - self.full)))


class Part(Strict):
    """Measures that make one score, and its weight in the total."""

    title: str
    weight: Weight
    measures: dict[MeasureId, Measure]


class Basis(Strict):
    """A rule behind the scorecard, what it says, and how well that was seen."""

    title: str
    article: str
    says: str
    checked: Literal["text", "press", "weak", "recalled"]


class RedLines(Strict):
    """From how many confirmed critical findings on a total is capped, and where."""

    from_: Annotated[int, Field(ge=1, alias="from")]
    cap: Annotated[float, Field(ge=0, le=100)]
    says: str


class Weights(Strict):
    """All of it, since when, and whose choice it is."""

    since: date
    chosen: str
    basis: tuple[Basis, ...]
    no_recovery: str
    rank_from: Fraction
    reviewed_from: Fraction
    confidence: Annotated[float, Field(gt=0, lt=1)]
    red_lines: RedLines
    parts: dict[str, Part]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (whole := sum(part.weight for part in self.parts.values())) != 100:
            raise ValueError(f"parts: the weights come to {whole:g}, not 100")
        named = [measure for part in self.parts.values() for measure in part.measures]
        if twice := {measure for measure in named if named.count(measure) > 1}:
            raise ValueError(f"parts: {min(twice)} stands in two parts")
        return self


@cache
def weights() -> Weights:
    """The shipped choice. Raises BadInput naming what does not hold in it."""
    return read_yaml(SHIPPED, Weights)
