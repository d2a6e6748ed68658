"""Everything read out of one complaint's text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from classifiers import Classifier
from classifiers.errors import BadInput
from complaints.reading.counts import CountReading, counts
from complaints.reading.demands import DemandReading, TypeReading, complaint_type, demands, withdrawal
from complaints.reading.kinds import KindReading, kinds
from complaints.reading.numbers import AmountReading, NumberReading, PartyReading, amounts, numbers, parties
from complaints.reading.people import People, people
from complaints.reading.text import Stretch
from complaints.reading.times import TimeReading, times

LONGEST = 50_000  # characters


@dataclass(frozen=True)
class Reading:
    """What a text tells, each reading with its place in the text so that a person can correct it."""

    type: TypeReading | None
    times: list[TimeReading]
    counts: list[CountReading]
    people: People
    numbers: list[NumberReading]
    amounts: list[AmountReading]
    parties: list[PartyReading]
    kinds: list[KindReading]
    demands: list[DemandReading]
    withdrawal: Stretch | None


def read(text: str, received_at: datetime, names: Iterable[str] = (), classifier: Classifier | None = None) -> Reading:
    """What a complaint received then tells; `names` are the lenders and agencies known.

    With a classifier, quoted speech is judged too. Raises BadInput for an empty text, one too long, or a time of
    receipt without its zone.
    """
    _check(text, received_at)
    return Reading(
        type=complaint_type(text),
        times=times(text, received_at),
        counts=counts(text),
        people=people(text),
        numbers=numbers(text),
        amounts=amounts(text),
        parties=parties(text, names),
        kinds=kinds(text, classifier),
        demands=demands(text),
        withdrawal=withdrawal(text),
    )


def _check(text: str, received_at: datetime) -> None:
    if not text.strip():
        raise BadInput("the complaint's text is empty", "paste what was complained of")
    if len(text) > LONGEST:
        raise BadInput(f"the complaint's text has {len(text)} characters", f"give {LONGEST} at most")
    if received_at.tzinfo is None:
        raise BadInput(f"the time of receipt {received_at} has no time zone", "write it like 2026-10-22T10:30:00+08:00")
