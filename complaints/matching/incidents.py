"""What a complaint tells, cut into incidents: each with its time, way of contact, people, counts and accusations."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from audit.ledger.facts import in_hours
from audit.ledger.limits import limits
from classifiers.taxonomy import Kind
from complaints.matching.parts import QUOTED, Part, parts, within
from complaints.matching.words import channels, tells, without_left
from complaints.reading import Reading
from complaints.reading.counts import CountReading
from complaints.reading.kinds import KindReading
from complaints.reading.people import CollectorReading, ContactReading
from complaints.reading.text import plain
from complaints.reading.times import TimeReading

_OFTEN = 3  # contacts in a day that are too many whatever they were
_EVENING = timedelta(hours=9)  # the longest window that still tells an hour


@dataclass(frozen=True)
class Incident:
    """A stretch of the text about one time; `channels` is empty where any may be meant, `window` None for no time."""

    start: int
    end: int
    text: str
    window: TimeReading | None
    channels: frozenset[str]
    many: bool
    unanswered: bool
    inbound: bool
    to_me: bool
    collectors: list[CollectorReading]
    contacts: list[ContactReading]
    counts: list[CountReading]
    kinds: list[KindReading]
    quotes: list[str]

    @property
    def tells_many(self) -> bool:
        """Whether more than one contact is meant."""
        return self.many or self.count > 1

    @property
    def count(self) -> int:
        """How many contacts are told of at most; 1 where it is not said."""
        return max((count.n_high for count in self.counts), default=1)


def incidents(text: str, reading: Reading, received_at: datetime) -> list[Incident]:
    """The incidents of a text from left to right."""
    folded = plain(text)
    found: list[Incident] = []
    for part in parts(folded, reading, received_at):
        incident = _incident(text, folded, reading, part)
        found.append(_going_on(incident, found[-1]) if found else incident)
    return found


def _incident(text: str, folded: str, reading: Reading, part: Part) -> Incident:
    start, end = part.start, part.end
    words = without_left(folded[start:end])
    return Incident(
        start=start,
        end=end,
        text=text[start:end],
        window=part.time,
        channels=channels(words),
        many=tells("many", words),
        unanswered=tells("unanswered", words),
        inbound=tells("inbound", folded[start:end]),
        to_me=tells("to_me", words),
        collectors=within(reading.people.collectors, start, end),
        contacts=within(reading.people.contacts, start, end),
        counts=within(reading.counts, start, end),
        kinds=[*within(reading.kinds, start, end), *_by_circumstance(part, reading)],
        quotes=QUOTED.findall(text[start:end]),
    )


def _by_circumstance(part: Part, reading: Reading) -> Iterator[KindReading]:
    """A count or an hour that speaks for itself: 给我打了十几个电话, 夜里十一点多又来一条."""
    often = [count for count in within(reading.counts, part.start, part.end) if _is_often(count)]
    for told in (*often, *([part.time] if part.time and _is_quiet(part.time) else ())):
        yield KindReading(told.start, told.end, told.quote, Kind.harassment)


def _is_often(count: CountReading) -> bool:
    return count.n_low > _OFTEN and (count.per is None or count.per <= timedelta(days=1))


def _is_quiet(window: TimeReading) -> bool:
    """Whether all of it lies in the quiet hours of its day."""
    rule = limits().quiet_hours
    quiet = rule.at(window.first.date()) if rule else None
    if quiet is None or window.last - window.first > _EVENING:
        return False
    return all(in_hours(moment.time(), quiet.start, quiet.end) for moment in (window.first, window.last))


def _going_on(incident: Incident, before: Incident) -> Incident:
    """With the people told just before, where it tells none of its own and no other way of contact."""
    same = incident.channels in (frozenset(), before.channels) and not incident.to_me
    return replace(incident, contacts=incident.contacts or (before.contacts if same else []))
