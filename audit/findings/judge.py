"""A transcript to findings: who spoke and who heard by the call record, the pack's judgement, the verdict."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from audit import trail
from audit.calls.models import Call
from audit.calls.service import recording_of
from audit.contacts.models import StopRequest
from audit.findings.models import Finding, Run, State, UsedPack
from audit.findings.standing import verdict_of
from audit.parties.models import SELF
from audit.store.types import local_day
from audit.store.upsert import upsert
from audit.transcripts import service as transcripts
from audit.transcripts.again import Place, stands_in
from audit.transcripts.models import Segment, Transcript
from classifiers import Classifier, Cue, Detection, RulePack, Turn
from classifiers.classify import Judgement
from classifiers.errors import BadPack
from classifiers.taxonomy import Audience, Channel, Kind, Severity, Speaker

REFUSAL, DEBT_PUT = "refusal", "debt_put"  # cues of the pack
_PRESSING = {Kind.threat, Kind.false_statement, Kind.improper_payment}
UNKNOWN = "unknown"  # the relation of a call without a record
_NOTHING: Mapping[int, str] = {}


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


def grave_places(session: Session, call: Call, transcript_id: int, classifier: Classifier) -> dict[int, Place]:
    """Where the utterances with critical or high findings are spoken, by position: they are worth hearing twice."""
    segments = transcripts.segments(session, transcript_id)
    judgements = classifier.judge(list(turns_of(call, segments)), day_of(session, call))
    parties = session.get_one(Transcript, transcript_id).quality.get("parties", {})
    parted = recording_of(session, call).layout.parted
    return {
        segment.position: transcripts.place_of(segment, parties.get("collector") if parted else None)
        for segment, judgement in zip(segments, judgements, strict=True)
        if any(_is_grave(found) for found in judgement.findings)
    }


def _is_grave(found: Detection) -> bool:
    return found.severity in {Severity.critical, Severity.high} and not found.kind.is_signal


def judge(
    session: Session, call: Call, transcript_id: int, classifier: Classifier, again: Mapping[int, str] = _NOTHING
) -> Run:
    """Judges a transcript and lands run, findings and trail event together; judged before, it gives that run.

    `again` is what was heard when utterances were heard again, by position: grave words that are not in it
    must be listened to.
    """
    if there := find_run(session, call, transcript_id, classifier):
        return there
    day = day_of(session, call)
    segments = transcripts.segments(session, transcript_id)
    turns = list(turns_of(call, segments))
    judgements = classifier.judge(turns, day)
    cues = classifier.cues(turns)
    transcript = session.get_one(Transcript, transcript_id)
    kinds = (found.kind for judgement in judgements for found in judgement.findings)
    run = Run(
        call_id=call.id or 0,
        transcript_id=transcript_id,
        rule_pack_id=remember(session, classifier.pack),
        model=classifier.model_digest,
        relation=call.relation or UNKNOWN,
        day=day,
        verdict=verdict_of(kinds, not_judgeable=transcript.quality["not_judgeable"]),
        cues=_counted(cues, judgements),
    )
    session.add(run)
    session.flush()
    findings = list(_findings(run, call, segments, judgements, again))
    session.add_all(findings)
    if call.relation not in {None, SELF}:
        _stop(session, call, segments, cues)
    note(session, run, f"call:{call.id}", len(findings), classifier)
    return run


def note(session: Session, run: Run, subject: str, findings: int, classifier: Classifier) -> None:
    """The trail's event of a judgement."""
    used = {"pack": classifier.pack.digest, "model": classifier.model_digest}
    body = {"run": run.id, **used, "verdict": run.verdict, "findings": findings}
    trail.append(session, "system", f"{subject.partition(':')[0]}.judged", subject, body)


def _counted(cues: Sequence[Cue], judgements: list[Judgement]) -> dict[str, int]:
    """How many lines show each cue, and how many say that somebody else is on the line. A line that presses for the
    debt puts it to who listens.
    """
    kinds = [{found.kind for found in judgement.findings} for judgement in judgements]
    put = {cue.line for cue in cues if cue.name == DEBT_PUT} | {n for n, found in enumerate(kinds) if found & _PRESSING}
    others = sum(Kind.wrong_party in found for found in kinds)
    return {**Counter(cue.name for cue in cues), DEBT_PUT: len(put), Kind.wrong_party.value: others}


def _stop(session: Session, call: Call, segments: list[Segment], cues: Sequence[Cue]) -> None:
    """A third person's refusal, heard in the call, is kept: from then on the number is not to be contacted."""
    refusal = next((cue for cue in cues if cue.name == REFUSAL), None)
    if refusal is None or not call.number_key or call.started_at is None:
        return
    at_ms = segments[refusal.line].at_ms(refusal.start)
    stop = {
        "account_id": call.account_id,
        "number_key": call.number_key,
        "since": call.started_at + timedelta(milliseconds=at_ms),
        "call_id": call.id,
        "at_ms": at_ms,
        "quote": refusal.quote,
    }
    upsert(session, StopRequest, [stop], ("call_id", "number_key"))


def day_of(session: Session, call: Call) -> date:
    """The local day whose law applies: that of the call, or of the recording's receipt where no record tells."""
    return local_day(call.started_at or recording_of(session, call).received_at)


def turns_of(call: Call, segments: list[Segment]) -> Iterator[Turn]:
    """The utterances as lines to judge: the record's relation says who is at the other end and so who hears."""
    to_debtor = call.relation in {None, SELF}
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
    if segment.speaker == Speaker.debtor and call.relation not in {None, SELF}:
        return Speaker.third_party
    return segment.speaker


def _findings(
    run: Run, call: Call, segments: list[Segment], judgements: list[Judgement], again: Mapping[int, str]
) -> Iterator[Finding]:
    for segment, judgement in zip(segments, judgements, strict=True):
        for state, found in ((State.open, judgement.findings), (State.suggested, judgement.suggestions)):
            for detection in found:
                finding = finding_of(run, detection, speaker_of(call, segment), state)
                finding.segment_id = segment.id
                if _is_grave(detection) and segment.position in again:
                    finding.explanation["must_listen"] = not stands_in(detection.quote, again[segment.position])
                finding.at_ms = segment.at_ms(detection.start)
                finding.until_ms = segment.until_ms(detection.end - 1)
                yield finding


def finding_of(run: Run, detection: Detection, speaker: Speaker, state: State) -> Finding:
    """A detection as the row that keeps it."""
    return Finding(
        run_id=run.id or 0,
        rule=detection.rule,
        kind=detection.kind,
        severity=detection.severity,
        score=detection.score,
        start=detection.start,
        end=detection.end,
        quote=detection.quote,
        speaker=speaker,
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


def remember(session: Session, pack: RulePack) -> int:
    """The id of the pack as it is now; kept whole at its first use."""
    check_version(session, pack)
    used = session.exec(select(UsedPack).where(UsedPack.name == pack.name, UsedPack.sha256 == pack.digest)).first()
    if used is None:
        used = UsedPack(name=pack.name, version=pack.version, sha256=pack.digest, canonical=pack.canonical())
        session.add(used)
        session.flush()
    return used.id or 0
