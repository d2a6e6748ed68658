"""What is counted and what codes are called in complaint statistics, out of `codes.yaml`."""

from functools import cache
from pathlib import Path

from pydantic import model_validator

from classifiers.detectors import Part
from complaints.calendar import read_yaml
from complaints.reading.demands import ComplaintType
from complaints.vocabulary import CaseState, Remedy, Satisfaction, Substantiated

SHIPPED = Path(__file__).with_name("codes.yaml")


class Source(Part):
    """A group of channels, by code and name, and whether these are a regulator's."""

    name: str
    channels: dict[str, str]
    regulator: bool = False


class Codes(Part):
    """The types of case that count, the groups of channels, the names of codes, and how it is counted."""

    counted: tuple[ComplaintType, ...]
    definition: str
    sources: tuple[Source, ...]
    other: str
    types: dict[ComplaintType, str]
    states: dict[CaseState, str]
    verdicts: dict[Substantiated, str]
    satisfaction: dict[Satisfaction, str]
    remedies: dict[Remedy, str]
    method: tuple[str, ...]

    @model_validator(mode="after")
    def _whole(self) -> "Codes":
        for field, words in (("types", ComplaintType), ("states", CaseState), ("verdicts", Substantiated)):
            if missing := set(words) - set(getattr(self, field)):
                raise ValueError(f"{field}: no name for {min(missing)}")
        if missing_too := (set(Satisfaction) - set(self.satisfaction)) | (set(Remedy) - set(self.remedies)):
            raise ValueError(f"no name for {min(missing_too)}")
        channels = [channel for source in self.sources for channel in source.channels]
        if twice := {channel for channel in channels if channels.count(channel) > 1}:
            raise ValueError(f"sources: {min(twice)} stands in two groups")
        return self

    @property
    def regulators(self) -> tuple[str, ...]:
        """The channels of regulators."""
        return tuple(channel for source in self.sources if source.regulator for channel in source.channels)

    def channel(self, code: str) -> tuple[str, str]:
        """The group and the name of a channel."""
        found = ((source.name, source.channels[code]) for source in self.sources if code in source.channels)
        return next(found, (self.other, code))


@cache
def codes() -> Codes:
    """The shipped table. Raises BadInput naming what does not hold in it."""
    return read_yaml(SHIPPED, Codes)
