"""A transcript to findings: who spoke and who heard by the call record, the pack's judgement, the verdict."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from audit import trail
from audit.calls.models import Call
from audit.calls.records import LOCAL
from audit.calls.service import recording_of
from audit.findings.models import Finding, Run, State, UsedPack
from audit.transcripts import service as transcripts
from audit.transcripts.models import Segment, Transcript
from classifiers import Classifier, Detection, RulePack, Turn
from classifiers.classify import Judgement
from classifiers.errors import BadPack
from classifiers.taxonomy import Audience, Channel, Speaker, Verdict

UNKNOWN = "unknown"  # the relation of a call without a record


def find_run(session: Session, call: Call, transcript_id: int, classifier: Classifier) -> Run | None:
    """The run in which this pack and model judged the transcript with the call's present record, if they did."""
    pack = classifier.pack
    used = select(UsedPack.id).where(UsedPack.name == pack.name, UsedPack.sha256 == pack.digest)
    return session.exec(
        select(Run).where(
            Run.call_id == call.id,
            Run.transcript_id == transcript_id,
            Run.model == classifier.model_digest,
            Run.relation == (call.relation or UNKNOWN),
            Run.day == day_of(session, call),
            col(Run.rule_pack_id).in_(used),
        )
    ).first()


def judge(session: Session, call: Call, transcript_id: int, classifier: Classifier) -> Run:
    """Judges a transcript and lands run, findings and trail event together; judged before, it gives that run."""
    if there := find_run(session, call, transcript_id, classifier):
        return there
    day = day_of(session, call)
    segments = transcripts.segments(session, transcript_id)
    judgements = classifier.judge(list(turns_of(call, segments)), day)
    transcript = session.get_one(Transcript, transcript_id)
    run = Run(
        call_id=call.id or 0,
        transcript_id=transcript_id,
        rule_pack_id=_remember(session, classifier.pack),
        model=classifier.model_digest,
        relation=call.relation or UNKNOWN,
        day=day,
        verdict=_verdict(judgements, transcript),
    )
    session.add(run)
    session.flush()
    findings = list(_findings(run, call, segments, judgements))
    session.add_all(findings)
    used = {"pack": classifier.pack.digest, "model": classifier.model_digest}
    body = {"run": run.id, **used, "verdict": run.verdict, "findings": len(findings)}
    trail.append(session, "system", "call.judged", f"call:{call.id}", body)
    return run


def day_of(session: Session, call: Call) -> date:
    """The local day whose law applies: that of the call, or of the recording's receipt where no record tells."""
    return (call.started_at or recording_of(session, call).received_at).astimezone(LOCAL).date()


def turns_of(call: Call, segments: list[Segment]) -> Iterator[Turn]:
    """The utterances as lines to judge: the record's relation says who is at the other end and so who hears."""
    to_debtor = call.relation in {None, "self"}
    audience = Audience.unverified if to_debtor else Audience.third_party
    for segment in segments:
        yield Turn(
            id=str(segment.position),
            text=segment.text,
            channel=Channel.call,
            speaker=speaker_of(call, segment),
            audience=audience,
            conversation=call.call_id,
            start=segment.start_ms / 1000,
            end=segment.end_ms / 1000,
        )


def speaker_of(call: Call, segment: Segment) -> Speaker:
    """Who spoke: the other party's channel holds the debtor unless the record names somebody else."""
    if segment.speaker == Speaker.debtor and call.relation not in {None, "self"}:
        return Speaker.third_party
    return segment.speaker


def _verdict(judgements: list[Judgement], transcript: Transcript) -> Verdict:
    if any(not found.kind.is_signal for judgement in judgements for found in judgement.findings):
        return Verdict.violation
    return Verdict.not_judgeable if transcript.quality["not_judgeable"] else Verdict.clear


def _findings(run: Run, call: Call, segments: list[Segment], judgements: list[Judgement]) -> Iterator[Finding]:
    for segment, judgement in zip(segments, judgements, strict=True):
        for state, found in ((State.open, judgement.findings), (State.suggested, judgement.suggestions)):
            for detection in found:
                yield _finding(run, call, segment, detection, state)


def _finding(run: Run, call: Call, segment: Segment, detection: Detection, state: State) -> Finding:
    return Finding(
        run_id=run.id or 0,
        segment_id=segment.id or 0,
        rule=detection.rule,
        kind=detection.kind,
        severity=detection.severity,
        score=detection.score,
        start=detection.start,
        end=detection.end,
        quote=detection.quote,
        at_ms=segment.at_ms(detection.start),
        until_ms=segment.until_ms(detection.end - 1),
        speaker=speaker_of(call, segment),
        explanation=_explanation(detection),
        state=state,
    )


def _explanation(detection: Detection) -> dict[str, Any]:
    return {
        "why": detection.why,
        "laws": [asdict(law) for law in detection.laws],
        "evidence": [asdict(evidence) for evidence in detection.evidence],
    }


def check_version(session: Session, pack: RulePack) -> None:
    """Raises BadPack when another pack has judged here under this name and version: reports cite the version."""
    versions = select(UsedPack).where(UsedPack.name == pack.name, UsedPack.version == pack.version)
    if any(used.sha256 != pack.digest for used in session.exec(versions)):
        problem = f"pack {pack.name} was changed since version {pack.version} judged here"
        raise BadPack(problem, "run shengjian rules publish with a new version")


def _remember(session: Session, pack: RulePack) -> int:
    """The id of the pack as it is now; kept whole at its first use."""
    check_version(session, pack)
    used = session.exec(select(UsedPack).where(UsedPack.name == pack.name, UsedPack.sha256 == pack.digest)).first()
    if used is None:
        used = UsedPack(name=pack.name, version=pack.version, sha256=pack.digest, canonical=pack.canonical())
        session.add(used)
        session.flush()
    return used.id or 0
