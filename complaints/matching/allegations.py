"""What is alleged, kind by kind, each with the verdict of the contacts that it is about; and what all comes to."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from audit.ledger.models import LedgerVerdict
from audit.parties.models import SELF
from classifiers.taxonomy import Kind
from complaints.matching.contacts import CALL, MESSAGE, VISIT, Contact
from complaints.matching.incidents import Incident
from complaints.matching.picking import Pick
from complaints.matching.quotes import shared
from complaints.matching.verdicts import Evidence, Judged, Rate, data, judge, judge_rate, kind_of, once
from complaints.reading.kinds import KindReading

Proposed = bool | Literal["partial"]  # what is proposed for a whole complaint, as JSON has it
_RETOLD = 2  # stretches of three characters that make a line one that is retold
_CLAIM = 60  # characters of a claim that is shown


@dataclass(frozen=True)
class Allegation:
    """What is claimed in which words, and what comes of it. `about` are the contacts it may be about; `implied` where
    only they tell its kind.
    """

    kind: Kind
    claim: str
    judged: Judged
    about: frozenset[str]
    implied: bool = False

    @property
    def supported(self) -> bool:
        """Whether it is borne out."""
        return self.judged.verdict is Evidence.supported

    def as_json(self) -> dict[str, Any]:
        """The shape of an allegation in `complaints link --format json`."""
        return {
            "kind": self.kind,
            "claim": self.claim,
            "verdict": self.judged.verdict,
            "calls": self._numbers(CALL),
            "messages": self._numbers(MESSAGE),
            "visits": self._numbers(VISIT),
            "why": "；".join(self.judged.why),
        }

    def _numbers(self, table: str) -> list[str]:
        return [contact.number for contact in self.judged.contacts if contact.table == table]


def allegations(picks: Sequence[Pick], incidents: Sequence[Incident], rate: Rate, gap: str) -> list[Allegation]:
    """What is alleged, by kind in the order told; `gap` says why there may be no contact."""
    told: dict[tuple[Kind, bool], dict[str, Incident]] = defaultdict(dict)
    for incident in incidents:
        for reading in incident.kinds:
            told[reading.kind, _is_of_rate(reading)][reading.quote] = incident
    found = [
        Allegation(kind, _claim(where), judge_rate(rate), frozenset())
        if of_rate
        else _allegation(kind, where, picks, gap)
        for (kind, of_rate), where in told.items()
    ]
    return [*found, *_implied(picks, {kind for kind, _ in told})]


def _is_of_rate(reading: KindReading) -> bool:
    """Whether it is about interest, which no contact decides."""
    return reading.kind is Kind.procedure and re.search(data()["of_rate"], reading.quote) is not None


def _allegation(kind: Kind, where: Mapping[str, Incident], picks: Sequence[Pick], gap: str) -> Allegation:
    """By the contacts of the incidents in which it is told; where they do not bear it out, any may, as people tell what
    happened in no order.
    """
    every = once(pick.contact for pick in picks)
    own = once(pick.contact for pick in picks if pick.incident in where.values())
    judged = judge(kind, own, gap)
    if judged.verdict is not Evidence.supported:
        wider = judge(kind, every, gap)
        judged, own = (wider, wider.contacts) if wider.verdict is Evidence.supported else (judged, own)
    return Allegation(kind, _claim(where), judged, _subjects(own))


def _implied(picks: Sequence[Pick], told: set[Kind]) -> Iterator[Allegation]:
    """What was found in a contact complained of, and not put in words that are known."""
    found: dict[Kind, list[Pick]] = defaultdict(list)
    for pick in picks:
        for kind in _kinds_told(pick) - told:
            found[kind].append(pick)
    for kind, those in found.items():
        contacts = once(pick.contact for pick in those)
        yield Allegation(kind, _shown(those[0].incident.text), judge(kind, contacts, ""), _subjects(contacts), True)


def _kinds_told(pick: Pick) -> set[Kind]:
    """What was found in the lines that the incident retells; where it accuses of nothing known, the limits not kept."""
    retold = {
        found.kind
        for found in pick.contact.found
        if not found.weak and shared(pick.incident.text, found.line) >= _RETOLD and _is_felt(found.kind, pick.contact)
    }
    if retold or pick.incident.kinds:
        return retold
    broken = (result for result in pick.contact.limits if result.verdict_now == LedgerVerdict.finding)
    felt = (result for result in broken if result.rule in data()["felt"])
    return {kind for kind in map(kind_of, felt) if kind}


def _is_felt(kind: Kind, contact: Contact) -> bool:
    """Whether somebody notices it without a word for it; a debtor does not who is told the debt too early."""
    to_debtor = contact.relation in (None, SELF)
    return kind not in data()["unfelt"] and not (kind is Kind.privacy_leak and to_debtor)


def substantiated(found: Sequence[Allegation]) -> Proposed:
    """The proposal for the whole: True where everything is borne out, "partial" where some of it, else False.

    What is said of one contact is one matter, for its kinds run into each other; its hour and number are another.
    """
    matters: dict[tuple[bool, frozenset[str], Kind | None], bool] = defaultdict(bool)
    for allegation in sorted(found, key=lambda each: each.implied):
        by_limits, about = allegation.kind in data()["by_limits"], allegation.about
        same = [matter for matter in matters if matter[0] == by_limits and matter[1] and matter[1] <= about]
        if allegation.implied and same:
            matters |= {matter: matters[matter] or allegation.supported for matter in same}
        else:  # what nothing is known about is a matter of its own
            matters[by_limits, about, None if about else allegation.kind] |= allegation.supported
    if all(matters.values()):
        return bool(matters)
    return "partial" if any(matters.values()) else False


def _claim(quotes: Iterable[str]) -> str:
    return _shown(" … ".join(quotes))


def _shown(text: str) -> str:
    return text if len(text) <= _CLAIM else text[: _CLAIM - 1] + "…"


def _subjects(contacts: Iterable[Contact]) -> frozenset[str]:
    return frozenset(contact.subject for contact in contacts)
