"""One way of noticing a rule's matter, as it is written in the rule: what is looked for, its worth, where it counts."""

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from classifiers.personal import Datum
from classifiers.taxonomy import Audience, Channel, Kind

Score = Annotated[float, Field(gt=0, le=1)]

_WAYS = ("terms", "patterns", "pinyin", "similar", "label", "personal", "rate", "measure", "anchor")
_WORTH = {"pinyin": 0.4, "similar": 0.6}  # sound-alikes are weak evidence, likeness is no proof
_USUAL_WORTH = 0.8


class Part(BaseModel):
    """A piece of a pack: no field that is not known, and not changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Measure(StrEnum):
    """What is measured of a spoken line: seconds of silence before it, characters a second, seconds spoken across."""

    silence = "silence"
    speed = "speed"
    overlap = "overlap"


class Beside(Part):
    """Near another rule's hit: its nth in the conversation (the first without a number), at most `lines` lines away."""

    rule: str
    hit: int = Field(default=1, ge=1)
    where: Literal["before", "around", "after"] = "around"
    lines: int = Field(default=3, ge=0)


class Detector(Part):
    """Exactly one way of noticing, what a hit is worth, and the conditions under which it counts."""

    name: str | None = Field(default=None, pattern="^[a-z_]+$")
    terms: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    pinyin: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()
    label: Kind | None = None
    personal: tuple[Datum, ...] = ()
    rate: str | None = None
    measure: Measure | None = None
    anchor: tuple[str, ...] = ()
    missing: dict[str, tuple[str, ...]] = Field(default={})
    near: Score = 0.75
    above: float | None = None
    below: float | None = None
    score: Score | None = None
    audience: tuple[Audience, ...] = ()
    channel: tuple[Channel, ...] = ()
    after: tuple[str, ...] = ()
    lines: tuple[int, int] | None = None
    beside: Beside | None = None
    times: int = Field(default=1, ge=1)
    within: int = Field(default=20, ge=1)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [way for way in _WAYS if getattr(self, way)]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(_WAYS[:-1])} or {_WAYS[-1]}")
        if bool(self.anchor) != bool(self.missing):
            raise ValueError("anchor and missing go together")
        if bool(self.measure) != (self.above is not None or self.below is not None):
            raise ValueError("measure goes together with above or below")
        return self

    @cached_property
    def way(self) -> str:
        """By what it notices: terms, patterns, pinyin and so on."""
        return next(way for way in _WAYS if getattr(self, way))

    @cached_property
    def worth(self) -> float:
        """What one hit is worth."""
        return self.score or _WORTH.get(self.way, _USUAL_WORTH)

    def conditions(self) -> list[str]:
        """The patterns that it needs to know of but does not find by."""
        return [*self.anchor, *self.after, *(p for patterns in self.missing.values() for p in patterns)]
