"""The letter's words for the codes of a case, out of `wording.yaml`."""

from functools import cache
from pathlib import Path

from classifiers.detectors import Part
from complaints.calendar import read_yaml

SHIPPED = Path(__file__).with_name("wording.yaml")


class Sender(Part):
    """Where complaints of a channel come from, and whom the reply is addressed to; empty for the complainant."""

    name: str
    to: str


class Wording(Part):
    """All of it, each part by code."""

    channels: dict[str, Sender]
    found: dict[str, str]
    verdicts: dict[str, str]
    partly: str
    refused: str
    unfounded: str
    waiting: str
    on_pauses: tuple[str, ...]
    authority: dict[str, str]
    authority_check: dict[str, str]
    remedies: dict[str, str]
    redress: dict[str, str]
    within: str
    satisfaction: dict[str, str]
    types: dict[str, str]
    demands: dict[str, str]
    systems: dict[str, str]
    units: dict[str, str]
    promise: str
    synthetic: str

    def sender(self, channel: str) -> Sender:
        """Where a channel's complaints come from; one that is not listed keeps its code."""
        return self.channels.get(channel) or Sender(name=channel, to="")


@cache
def wording() -> Wording:
    """The wording. Raises BadInput naming the file and what does not hold in it."""
    return read_yaml(SHIPPED, Wording)
