"""Calls and messages as the page shows them: who, to whom, the words with what was found marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlmodel import Session

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.findings.models import Finding
from audit.findings.service import MessageOutcome, Outcome, message_outcomes, outcomes
from audit.parties.models import Account, Agency, Collector
from audit.transcripts.models import Segment
from reports.chosen import gravest_calls, gravest_messages
from reports.clips import clips
from reports.masking import masked
from reports.names import NOT_LISTED
from reports.period import Period


class Who(NamedTuple):
    """The people and firms of a contact, as the registers call them."""

    collector: str
    agency: str
    account: str


class Piece(NamedTuple):
    """A stretch of text, and whether something was found in it."""

    text: str
    is_found: bool


@dataclass(frozen=True)
class Hit:
    """A finding with the utterance it stands in, cut at its quote, and its sound."""

    finding: Finding
    before: str
    quote: str
    after: str
    clip: str | None


@dataclass(frozen=True)
class CallPart:
    """One call as the page shows it."""

    outcome: Outcome
    who: Who
    hits: list[Hit]

    def hits_in(self, segment: Segment) -> list[Hit]:
        """The hits in one utterance."""
        return [hit for hit in self.hits if hit.finding.segment_id == segment.id]


@dataclass(frozen=True)
class MessagePart:
    """One message as the page shows it."""

    outcome: MessageOutcome
    who: Who
    pieces: list[Piece]


def call_parts(session: Session, period: Period | None) -> list[CallPart]:
    """The calls to show, the gravest first."""
    ids = gravest_calls(session, period)
    found = {outcome.call.id: outcome for outcome in outcomes(session, ids)}
    return [CallPart(found[n], _who(session, found[n].call), _hits(found[n])) for n in ids]


def message_parts(session: Session, period: Period | None) -> list[MessagePart]:
    """The messages to show, the gravest first."""
    ids = gravest_messages(session, period)
    found = {outcome.message.id: outcome for outcome in message_outcomes(session, ids)}
    return [MessagePart(found[n], _who(session, found[n].message), [*_pieces(found[n])]) for n in ids]


def _who(session: Session, contact: Call | Message) -> Who:
    collector = session.get(Collector, contact.collector_id) if contact.collector_id else None
    agency_id = contact.agency_id if isinstance(contact, Call) else None
    agency_id = agency_id or (collector.agency_id if collector else None)
    agency = session.get(Agency, agency_id) if agency_id else None
    account = session.get(Account, contact.account_id) if contact.account_id else None
    name = f"{collector.staff_no} {collector.name or ''}".rstrip() if collector else NOT_LISTED
    return Who(name, agency.name if agency else NOT_LISTED, account.account_no if account else NOT_LISTED)


def _hits(outcome: Outcome) -> list[Hit]:
    texts = {segment.id: masked(segment.text) for segment in outcome.segments}
    sounds = clips(outcome.recording, outcome.findings)
    return [_hit(f, texts[f.segment_id], clip) for f, clip in zip(outcome.findings, sounds, strict=True)]


def _hit(finding: Finding, text: str, clip: str | None) -> Hit:
    return Hit(finding, text[: finding.start], text[finding.start : finding.end], text[finding.end :], clip)


def _pieces(outcome: MessageOutcome) -> Iterator[Piece]:
    """The text, cut where a quote begins or ends; quotes that overlap are one piece."""
    text, at = masked(outcome.message.text), 0
    for start, end in _joined(outcome.findings):
        if start > at:
            yield Piece(text[at:start], is_found=False)
        yield Piece(text[start:end], is_found=True)
        at = end
    if at < len(text):
        yield Piece(text[at:], is_found=False)


def _joined(findings: Sequence[Finding]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted((finding.start, finding.end) for finding in findings):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
