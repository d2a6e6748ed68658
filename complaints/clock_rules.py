"""The rules of the clocks as dated data: `clocks.yaml`, which people edit who do not program."""

from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from classifiers.detectors import Part
from classifiers.errors import BadInput
from classifiers.rules import Bilingual, Citation, Dated, LawText
from complaints.calendar import read_yaml

SHIPPED = Path(__file__).with_name("clocks.yaml")
OTHER = "other"

Days = Annotated[int, Field(ge=1)]


class Unit(StrEnum):
    """What a rule counts."""

    calendar = "calendar"
    working = "working"


class ClockKind(StrEnum):
    """What must be done by then."""

    decision = "decision"
    own_due = "own-due"
    recheck_request = "recheck-request"
    recheck_decision = "recheck-decision"


class Stage(Part):
    """So many days from receipt, and the days of the same count on which to warn."""

    days: Days
    warn_on: tuple[Days, ...] = ()

    @model_validator(mode="after")
    def _warned_in_time(self) -> Self:
        if late := [day for day in self.warn_on if day > self.days]:
            raise ValueError(f"warning on day {late[0]} of {self.days}")
        return self


class LongerStage(Stage):
    """An extension, counted from receipt too, and whose approval it needs."""

    approver: Bilingual


class Version(Dated, Stage):
    """A rule as it holds for what is received in those days."""

    unit: Unit
    extensions: tuple[LongerStage, ...] = ()
    pauses: dict[str, Bilingual] = Field(default={})
    laws: tuple[Citation, ...] = ()
    source: str

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The first time limit and its extensions; the last is the hard stop."""
        return (self, *self.extensions)

    @model_validator(mode="after")
    def _ever_longer(self) -> Self:
        for stage, longer in pairwise(self.stages):
            if longer.days <= stage.days:
                raise ValueError(f"extension to day {longer.days} is not longer than {stage.days} days")
        return self


class ClockRule(Part):
    """One rule with its versions in time."""

    title: Bilingual
    kind: ClockKind
    versions: tuple[Version, ...]


class OwnDueRule(Part):
    """How many calendar days before a regulator's own due date to warn."""

    title: Bilingual
    warn_before: tuple[int, ...]
    source: str


class ClockRules(Part):
    """All rules, and which of them a complaint of each channel starts."""

    name: str
    title: Bilingual
    laws: dict[str, LawText]
    channels: dict[str, tuple[str, ...]]
    own_due: OwnDueRule
    rules: dict[str, ClockRule]

    @model_validator(mode="after")
    def _hang_together(self) -> Self:
        if OTHER not in self.channels:
            raise ValueError(f"channels: {OTHER} is missing")
        for started in (name for names in self.channels.values() for name in names):
            if started not in self.rules:
                raise ValueError(f"channels: no rule is called {started}")
        for name, rule in self.rules.items():
            for citation in (citation for version in rule.versions for citation in version.laws):
                if citation.law not in self.laws:
                    raise ValueError(f"{name}: no law is called {citation.law}")
        return self

    def of_channel(self, channel: str) -> tuple[str, ...]:
        """The rules that a complaint of the channel starts; a channel that is not listed is handled like `other`."""
        return self.channels.get(channel, self.channels[OTHER])

    def version(self, rule: str, day: date) -> Version:
        """The rule as it was on a day, by the newest version. Raises BadInput where there is none, or no such rule."""
        if rule not in self.rules:
            raise BadInput(f"no clock is called {rule}", f"take one of: {', '.join(self.rules)}")
        held = [version for version in self.rules[rule].versions if version.in_force(day)]
        if not held:
            raise BadInput(f"{rule}: no version is in force on {day}", "add one to clocks.yaml (docs/clocks.md)")
        return max(held, key=lambda version: version.since)

    def citations(self, version: Version, day: date) -> tuple[dict[str, str], ...]:
        """The articles behind a rule that are in force on a day, in the shape of a finding's laws."""
        return tuple(
            {"title": self.laws[cited.law].title, "article": cited.article, "checked": cited.checked}
            for cited in version.laws
            if self.laws[cited.law].in_force(day)
        )


def load_rules(path: Path = SHIPPED) -> ClockRules:
    """The rules in a file. Raises BadInput naming it and what does not hold."""
    return read_yaml(path, ClockRules)


@lru_cache(maxsize=1)
def shipped_rules() -> ClockRules:
    """The rules that come with the product."""
    return load_rules()
