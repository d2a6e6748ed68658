"""What the contacts on file say of an allegation: borne out, refuted, without record, or not to be judged."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from audit.ledger.limits import limits
from audit.ledger.models import LedgerResult, LedgerVerdict
from classifiers.taxonomy import Kind, Verdict
from complaints.matching.contacts import CALL, Contact


class Evidence(StrEnum):
    """What the records say of an allegation."""

    supported = "supported"
    contradicted = "contradicted"
    no_record = "no_record"
    not_judgeable = "not_judgeable"


_OPEN_FIRST = (Evidence.not_judgeable, Evidence.no_record, Evidence.contradicted)


class Judged(NamedTuple):
    """A verdict with the contacts it stands on, and why."""

    verdict: Evidence
    contacts: list[Contact]
    why: list[str]


class Rate(NamedTuple):
    """The account's registered interest, a fraction a year, and what the ledger has of it."""

    registered: float | None
    over_cap: LedgerResult | None


def judge(kind: Kind, contacts: Sequence[Contact], gap: str) -> Judged:
    """The verdict of an allegation, with the contacts it stands on and why."""
    if not contacts:
        return Judged(Evidence.no_record, [], [gap])
    for evidence in (_by_limits, _by_findings):
        if supported := list(evidence(kind, contacts)):
            borne, why = [contact for contact, _ in supported], [words for _, words in supported]
            return Judged(Evidence.supported, once(borne), list(dict.fromkeys(why)))
    return _refuted(kind, contacts)


def judge_rate(rate: Rate) -> Judged:
    """A claim about interest by the account's registered rate, whatever was said in contacts."""
    why, registered = data()["why"], f"{rate.registered or 0:.2%}"
    if rate.registered is None:
        return Judged(Evidence.not_judgeable, [], [why["no_rate"]])
    if rate.over_cap:
        return Judged(Evidence.supported, [], [why["over_cap"].format(rate=registered, why=rate.over_cap.why["zh"])])
    return Judged(Evidence.contradicted, [], [why["under_cap"].format(rate=registered)])


def _by_limits(kind: Kind, contacts: Sequence[Contact]) -> Iterator[tuple[Contact, str]]:
    for contact in contacts:
        for result in contact.limits:
            if result.verdict_now == LedgerVerdict.finding and kind_of(result) == kind:
                yield contact, _words("limit", contact, why=result.why["zh"])


def _unclear(kind: Kind, contacts: Sequence[Contact]) -> Iterator[tuple[Contact, str]]:
    """What the ledger leaves for a person to look at."""
    for contact in contacts:
        for result in contact.limits:
            if result.verdict_now == LedgerVerdict.unclear and kind_of(result) == kind:
                yield contact, _words("limit", contact, why=result.why["zh"])


def kind_of(result: LedgerResult) -> Kind | None:
    """The kind of what the ledger found."""
    rule = limits().rule(result.rule)
    return rule.kind if rule else None


def _by_findings(kind: Kind, contacts: Sequence[Contact]) -> Iterator[tuple[Contact, str]]:
    """Findings of the kind, or else what is only suggested: an allegation makes it likely."""
    hits = [(contact, found) for contact in contacts for found in contact.found if found.kind == kind]
    sure = [(contact, found) for contact, found in hits if not found.weak]
    for contact, found in sure or hits:
        words = {"kind": kind.names.zh, "quote": found.quote, "rule": found.rule}
        yield contact, _words("supported" if sure else "weak", contact, **words)


def _refuted(kind: Kind, contacts: Sequence[Contact]) -> Judged:
    """Nothing bears it out: by the limits that speaks against it, and so does every contact whose content is known."""
    if kind in data()["by_limits"]:
        return _within_limits(kind, contacts)
    told = [(contact, *_silence(kind, contact)) for contact in contacts]
    verdict = next(each for each in _OPEN_FIRST if any(evidence is each for _, evidence, _ in told))
    return Judged(verdict, [contact for contact, *_ in told], [why for *_, why in told])


def _within_limits(kind: Kind, contacts: Sequence[Contact]) -> Judged:
    """That contacts kept all limits refutes harassment; other breaches of procedure may lie outside of them."""
    if unclear := list(_unclear(kind, contacts)):
        return Judged(Evidence.not_judgeable, once(contact for contact, _ in unclear), [why for _, why in unclear])
    counts = {"count": len(contacts), "connected": sum(contact.connected for contact in contacts)}
    name, verdict = ("within", Evidence.contradicted)
    if kind is Kind.procedure:
        name, verdict = "account", Evidence.not_judgeable
    why = data()["why"][name].format(contacts="、".join(contact.number for contact in contacts), **counts)
    return Judged(verdict, list(contacts), [why])


def _silence(kind: Kind, contact: Contact) -> tuple[Evidence, str]:
    """What it says that nothing was found in a contact."""
    if not contact.connected:
        return Evidence.no_record, _words("unreached", contact)
    if not contact.recorded:
        return Evidence.no_record, _words("no_recording", contact)
    if not contact.judged:
        return Evidence.not_judgeable, _words("unjudged", contact)
    if contact.verdict == Verdict.not_judgeable:
        return Evidence.not_judgeable, _words("not_judgeable", contact)
    clear = "clear_call" if contact.channel == CALL else "clear_message"
    return Evidence.contradicted, _words(clear, contact, kind=kind.names.zh)


def _words(name: str, contact: Contact, **more: str) -> str:
    channel = data()["channels"][contact.channel]
    shown = f"{contact.at:%m-%d %H:%M} {channel} {contact.number}"
    return str(data()["why"][name].format(contact=shown, **more))


def once(contacts: Iterable[Contact]) -> list[Contact]:
    """Each contact once."""
    return list({contact.subject: contact for contact in contacts}.values())


@cache
def data() -> dict[str, Any]:
    """What `allegations.yaml` tells."""
    told: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("allegations.yaml").read_text(encoding="utf-8"))
    return told


def gap_words(name: str, *, channels: Sequence[str] = (), **more: str) -> str:
    """The words for why no contact is on file."""
    named = "、".join(data()["channels"][channel] for channel in channels)
    return str(data()["why"][name].format(channels=named, **more))
