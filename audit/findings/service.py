"""What was found, call by call, as the judgement that stands has it: the one source of tables, JSON and reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from audit.calls.models import Call, Recording
from audit.calls.service import recording_of
from audit.contacts.models import Message
from audit.findings.models import Finding, Run, State, UsedPack
from audit.transcripts.models import Segment, Transcript
from audit.transcripts.service import segments
from classifiers.taxonomy import Verdict


@dataclass(frozen=True)
class Outcome:
    """A judged call with everything that the judgement stands on."""

    call: Call
    recording: Recording
    transcript: Transcript
    segments: list[Segment]
    pack: UsedPack
    verdict: Verdict
    findings: list[Finding]
    suggestions: list[Finding]

    def as_json(self) -> dict[str, Any]:
        """The shape of `audit --format json`."""
        return {
            "call_id": self.call.call_id,
            "file": self.recording.name,
            "verdict": self.verdict,
            "quality": self.transcript.quality,
            "findings": [finding_json(finding) for finding in self.findings],
            "suggestions": [finding_json(finding) for finding in self.suggestions],
        }


@dataclass(frozen=True)
class MessageOutcome:
    """A judged message with what was found in it."""

    message: Message
    pack: UsedPack
    verdict: Verdict
    findings: list[Finding]
    suggestions: list[Finding]

    def as_json(self) -> dict[str, Any]:
        """The shape of a message in `audit --format json`."""
        return {
            "message_id": self.message.message_id,
            "verdict": self.verdict,
            "findings": [finding_json(finding) for finding in self.findings],
            "suggestions": [finding_json(finding) for finding in self.suggestions],
        }


def outcomes(session: Session, call_ids: Iterable[int] | None = None) -> list[Outcome]:
    """The judgement that stands of each call given, or of all, by start and id; calls not judged yet are left out."""
    wanted = select(Call).order_by(col(Call.started_at), col(Call.call_id))
    if call_ids is not None:
        wanted = wanted.where(col(Call.id).in_(list(call_ids)))
    found = ((call, session.get(Run, call.run_id)) for call in session.exec(wanted) if call.run_id)
    return [_outcome(session, call, run) for call, run in found if run]


def not_judged(session: Session) -> int:
    """How many calls with a recording have no judgement yet."""
    waiting = select(func.count()).where(col(Call.recording_id).is_not(None), col(Call.run_id).is_(None))
    return session.exec(waiting).one()


def finding_json(finding: Finding) -> dict[str, Any]:
    """One finding in the shape of the interface's contract; `at` is in seconds of the recording, if it is of one."""
    return {
        "kind": finding.kind,
        "severity": finding.severity,
        "score": finding.score,
        **({} if finding.at_ms is None else {"at": finding.at_ms / 1000}),
        "speaker": finding.speaker,
        "start": finding.start,
        "end": finding.end,
        "quote": finding.quote,
        "rule": finding.rule,
        **finding.explanation,
    }


def message_outcomes(session: Session, message_ids: Iterable[int] | None = None) -> list[MessageOutcome]:
    """The judgement that stands of each message given, or of all, by time of sending."""
    wanted = select(Message, Run, UsedPack).join(Run, col(Run.id) == Message.run_id)
    wanted = wanted.join(UsedPack, col(UsedPack.id) == Run.rule_pack_id)
    if message_ids is not None:
        wanted = wanted.where(col(Message.id).in_(list(message_ids)))
    judged = session.exec(wanted.order_by(col(Message.sent_at), col(Message.message_id))).all()
    return [MessageOutcome(message, pack, run.verdict, *_found(session, run)) for message, run, pack in judged]


def _found(session: Session, run: Run) -> tuple[list[Finding], list[Finding]]:
    """What counts of a run's findings, and what is only suggested, each in order of place."""
    order = (col(Finding.at_ms), col(Finding.start), col(Finding.id))
    found = session.exec(select(Finding).where(Finding.run_id == run.id).order_by(*order)).all()
    counts = [finding for finding in found if finding.state != State.suggested]
    return counts, [finding for finding in found if finding.state == State.suggested]


def _outcome(session: Session, call: Call, run: Run) -> Outcome:
    counts, suggested = _found(session, run)
    return Outcome(
        call=call,
        recording=recording_of(session, call),
        transcript=session.get_one(Transcript, run.transcript_id),
        segments=segments(session, run.transcript_id or 0),
        pack=session.get_one(UsedPack, run.rule_pack_id),
        verdict=run.verdict,
        findings=counts,
        suggestions=suggested,
    )
