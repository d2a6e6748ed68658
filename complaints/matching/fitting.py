"""How well a contact fits an incident: by time, people and content, each with its weight and its words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from audit.parties.models import SELF
from audit.parties.numbers import same
from classifiers.taxonomy import Kind
from complaints.matching.contacts import CALL, Contact
from complaints.matching.incidents import Incident
from complaints.matching.quotes import is_quoted, shared
from complaints.reading.people import CollectorReading
from complaints.reading.sounds import sounds_like
from complaints.reading.times import Certainty, TimeReading

# the narrower the time told, the more it says
_BROAD = [(timedelta(hours=4), 3.0), (timedelta(days=1), 2.0), (timedelta(days=3), 1.5)]
_ANY_TIME = 1.0
_NEAR = 0.5  # within the slack around the window, or at no time told
_SLACK = {Certainty.stated: timedelta(minutes=45), Certainty.vague: timedelta(hours=2), Certainty.guessed: timedelta(0)}
_LOOK_BACK = timedelta(days=45)  # before receipt, where no time is told
_OFF = {1: 1.5, 2: 1.0}  # by days that the time told is off
_PERSON, _OTHER_PERSON = 1.5, -1.0
_NUMBER, _WHOM, _NOT_WHOM = 1.5, 1.0, -1.0
_QUOTE, _KIND, _WEAK, _LIMIT = 2.0, 1.5, 0.75, 0.75
_GRAMS, _MOST_GRAMS = 0.2, 1.5


@dataclass(frozen=True)
class Setting:
    """What holds for the whole complaint: when it came, from whom, whether the complainant is the debtor, and the one
    collector named in it, if one is.
    """

    received_at: datetime
    complainant_key: str | None
    by_debtor: bool
    collector: CollectorReading | None


class Reason(NamedTuple):
    """Why a contact fits, with what it weighs; the words are empty for what goes without saying."""

    score: float
    words: str = ""


def reasons(incident: Incident, contact: Contact, setting: Setting) -> Iterator[Reason]:
    """Why the contact may be meant, the time first; nothing where it cannot be."""
    time = _time(incident, contact, setting)
    if time is None or (incident.channels and contact.channel not in incident.channels):
        return
    if not contact.connected and not (incident.tells_many or incident.unanswered):
        return
    content, whom = list(_content(incident, contact)), list(_whom(incident, contact, setting))
    if incident.window is None and not content:
        return
    if incident.tells_many and any(reason.score < 0 for reason in whom):
        return
    yield from (time, *content, *whom, *_collector(incident, contact, setting))
    if contact.limits and any(reading.kind is Kind.harassment for reading in incident.kinds):
        yield Reason(_LIMIT, "台账判为超限")


def off(incident: Incident, contact: Contact, window: TimeReading, days: int) -> Reason:
    """What it weighs that a contact was at that time some days off."""
    words = f"时间 {contact.at:%m-%d %H:%M} 与“{window.quote}”相差 {abs(days)} 天"
    narrow = window.last - window.first <= _BROAD[0][0]
    return Reason(_OFF[abs(days)] if narrow or incident.tells_many else _NEAR, words)


def _time(incident: Incident, contact: Contact, setting: Setting) -> Reason | None:
    window = incident.window
    if window is None:
        near = setting.received_at - _LOOK_BACK <= contact.at <= setting.received_at
        return Reason(_NEAR) if near else None
    told = f"时间 {contact.at:%m-%d %H:%M} 与“{window.quote}”"
    if window.first <= contact.at <= window.last:
        width = window.last - window.first
        return Reason(next((score for most, score in _BROAD if width <= most), _ANY_TIME), told + "相符")
    slack = _SLACK[window.certainty]
    if window.first - slack <= contact.at <= window.last + slack:
        return Reason(_NEAR, told + "相近")
    return None


def _collector(incident: Incident, contact: Contact, setting: Setting) -> Iterator[Reason]:
    named = next(iter(incident.collectors), None) if setting.collector else None
    if (named := named or setting.collector) and contact.collector:
        fits = is_collector(named, contact)
        yield Reason(_PERSON, f"催收员{contact.collector}与所称相符") if fits else Reason(_OTHER_PERSON)


def _whom(incident: Incident, contact: Contact, setting: Setting) -> Iterator[Reason]:
    """Who rang whom: to the complainant's number, to a third person told of, or to the debtor."""
    if contact.channel == CALL and contact.inbound != incident.inbound:
        yield Reason(_NOT_WHOM)
    to_debtor = contact.relation in (None, SELF)
    if not setting.by_debtor:
        if same(contact.key, setting.complainant_key):
            yield Reason(_NUMBER, "号码与投诉人号码相符")
        elif incident.to_me or not to_debtor:
            yield Reason(_NOT_WHOM)
    elif not incident.contacts:
        yield from () if to_debtor else (Reason(_NOT_WHOM),)
    elif not to_debtor:
        yield Reason(_WHOM, "联系对象为所称第三人")
    elif not incident.to_me:
        yield Reason(_NOT_WHOM)


def is_collector(named: CollectorReading, contact: Contact) -> bool:
    """Whether a collector told of by number, name or surname, maybe misheard, had the contact."""
    if named.staff_no:
        return contact.staff_no.upper().endswith(named.staff_no)
    if named.name:
        return sounds_like(contact.collector, named.name[: len(contact.collector)])
    return any(sounds_like(contact.collector[: len(surname)], surname) for surname in named.surnames)


def _content(incident: Incident, contact: Contact) -> Iterator[Reason]:
    """What was said or written in it, or found in it, of what the incident tells."""
    text = "".join(contact.texts)
    if quoted := next((quote for quote in incident.quotes if text and is_quoted(quote, text)), None):
        yield Reason(_QUOTE, f"内容与所述“{quoted}”相近")
    alleged = {reading.kind for reading in incident.kinds}
    if strong := [found for found in contact.found if found.kind in alleged and not found.weak]:
        yield Reason(_KIND, f"其中判出{'、'.join(sorted({found.kind.names.zh for found in strong}))}")
    elif any(found.kind in alleged for found in contact.found):
        yield Reason(_WEAK)
    if grams := shared(incident.text, text):
        yield Reason(min(_MOST_GRAMS, _GRAMS * grams))
