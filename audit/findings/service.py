"""What was found, call by call, as the judgement that stands has it: the one source of tables, JSON and reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from audit.calls.models import Call, Recording
from audit.calls.service import recording_of
from audit.contacts.models import Message
from audit.findings.models import Finding, Review, Run, State, UsedPack
from audit.findings.reviews import review_json, reviews_of
from audit.transcripts.models import Segment, Transcript
from audit.transcripts.service import segments
from classifiers.taxonomy import Verdict


@dataclass(frozen=True)
class Found:
    """What was found and counts, what is only suggested, and what a person rejected; reviews by the finding's id."""

    findings: list[Finding]
    suggestions: list[Finding]
    rejected: list[Finding]
    reviews: dict[int, Review]

    def found_json(self) -> dict[str, Any]:
        """The three lists in the shape of `audit --format json`."""
        lists = {"findings": self.findings, "suggestions": self.suggestions, "rejected": self.rejected}
        return {
            name: [finding_json(finding, self.reviews.get(finding.id or 0)) for finding in some]
            for name, some in lists.items()
        }


@dataclass(frozen=True)
class Outcome(Found):
    """A judged call with everything that the judgement stands on; the verdict is what it comes to after review."""

    call: Call
    recording: Recording
    transcript: Transcript
    segments: list[Segment]
    pack: UsedPack
    verdict: Verdict

    def as_json(self) -> dict[str, Any]:
        """The shape of `audit --format json`."""
        return {
            "call_id": self.call.call_id,
            "file": self.recording.name,
            "verdict": self.verdict,
            "quality": self.transcript.quality,
            **self.found_json(),
        }


@dataclass(frozen=True)
class MessageOutcome(Found):
    """A judged message with what was found in it; the verdict is what it comes to after review."""

    message: Message
    pack: UsedPack
    verdict: Verdict

    def as_json(self) -> dict[str, Any]:
        """The shape of a message in `audit --format json`."""
        return {"message_id": self.message.message_id, "verdict": self.verdict, **self.found_json()}


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


def finding_json(finding: Finding, review: Review | None = None) -> dict[str, Any]:
    """One finding in the shape of the interface's contract; `at` is in seconds of the recording, if it is of one.
    `kind` and `severity` are those that count, `machine_kind` is the machine's.
    """
    return {
        "id": f"F{finding.id}",
        "state": finding.state,
        "kind": finding.kind_now,
        "machine_kind": finding.kind,
        "severity": finding.severity_now,
        "score": finding.score,
        **({} if finding.at_ms is None else {"at": finding.at_ms / 1000}),
        "speaker": finding.speaker,
        "start": finding.start,
        "end": finding.end,
        "quote": finding.quote,
        "rule": finding.rule,
        **finding.explanation,
        "review": review_json(review),
    }


def message_outcomes(session: Session, message_ids: Iterable[int] | None = None) -> list[MessageOutcome]:
    """The judgement that stands of each message given, or of all, by time of sending."""
    wanted = select(Message, Run, UsedPack).join(Run, col(Run.id) == Message.run_id)
    wanted = wanted.join(UsedPack, col(UsedPack.id) == Run.rule_pack_id)
    if message_ids is not None:
        wanted = wanted.where(col(Message.id).in_(list(message_ids)))
    judged = session.exec(wanted.order_by(col(Message.sent_at), col(Message.message_id))).all()
    return [
        MessageOutcome(**_found(session, run), message=message, pack=pack, verdict=run.verdict_now)
        for message, run, pack in judged
    ]


def _found(session: Session, run: Run) -> dict[str, Any]:
    """The parts of Found for a run, each list in order of place."""
    order = (col(Finding.at_ms), col(Finding.start), col(Finding.id))
    found = session.exec(select(Finding).where(Finding.run_id == run.id).order_by(*order)).all()
    return {
        "findings": [finding for finding in found if finding.stands],
        "suggestions": [finding for finding in found if finding.state is State.suggested],
        "rejected": [finding for finding in found if finding.state is State.rejected],
        "reviews": reviews_of(session, found),
    }


def _outcome(session: Session, call: Call, run: Run) -> Outcome:
    return Outcome(
        **_found(session, run),
        call=call,
        recording=recording_of(session, call),
        transcript=session.get_one(Transcript, run.transcript_id),
        segments=segments(session, run.transcript_id or 0),
        pack=session.get_one(UsedPack, run.rule_pack_id),
        verdict=run.verdict_now,
    )
