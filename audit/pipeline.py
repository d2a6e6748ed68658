"""The workflows: a call is transcribed, classified, landed (intake has decoded its recording before it comes here);
messages are classified and landed some at a time.
"""

import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from uuid import uuid4

from sqlalchemy import String, literal, type_coerce
from sqlmodel import Session, col, func, or_, select, update

from audit import jobs
from audit.calls.models import Call, Recording, Stage
from audit.calls.service import recording_of
from audit.findings import messages
from audit.findings.judge import UNKNOWN, check_version, day_of, find_run, grave_places, judge
from audit.findings.models import Run
from audit.ledger.due import mark_due
from audit.settings import settings
from audit.store import blobs
from audit.store.database import transaction
from audit.store.upsert import batches
from audit.transcripts import service as transcripts
from audit.transcripts.again import hear_again
from audit.transcripts.engine import Engine
from audit.transcripts.listen import make_engine
from audit.transcripts.models import Transcript
from classifiers import Classifier, Using, load_pack

_MESSAGES = 200  # judged and landed together


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The recogniser of this process."""
    return make_engine()


@lru_cache(maxsize=1)
def classifier() -> Classifier:
    """The rule pack and the model of this process, made ready."""
    return Classifier.using(Using.both, load_pack(settings().pack), settings().text_model)


def make_ready() -> None:
    """Loads model and pack, so that what is wrong with them is told before any work is begun."""
    engine()
    with transaction() as session:
        check_version(session, classifier().pack)


def submit(call_id: int) -> str | None:
    """Puts a call into the queue and gives the id of its workflow; None when it is judged already as things stand."""
    with transaction() as session:
        call = session.get_one(Call, call_id)
        transcript = transcripts.find(session, call.recording_id or 0, engine(), transcripts.hints_of(call))
        run = transcript and find_run(session, call, transcript.id or 0, classifier())
        if run:
            call.run_id, call.stage = run.id, Stage.done
            return None
        call.stage, call.percent = Stage.waiting, 0
        judges = f"{classifier().pack.digest[:16]} {classifier().model_digest[:16]}"
        heard_as = transcripts.options_of(engine(), transcripts.hints_of(call))
        judged_as = f"{call.relation} {day_of(session, call)} {judges}"
    workflow_id = f"call {call_id} {judged_as} {engine().name} {engine().model} {heard_as}"
    jobs.enqueue(workflow_id, audit_call, call_id)
    return workflow_id


def unjudged() -> list[int]:
    """The ids of the calls with a recording on which the work is not done, or was done for another record."""
    heard_as = literal("%collector ") + type_coerce(col(Call.collector_channel), String) + ",%"
    changed = or_(
        Run.relation != func.coalesce(Call.relation, UNKNOWN),
        Run.day != col(Call.day),
        col(Transcript.options).not_like(heard_as),
    )
    with transaction() as session:
        wanted = select(Call.id).outerjoin(Run, col(Run.id) == Call.run_id)
        wanted = wanted.outerjoin(Transcript, col(Transcript.id) == Run.transcript_id)
        waiting = wanted.where(col(Call.recording_id).is_not(None), or_(Call.stage != Stage.done, changed))
        return [call_id for call_id in session.exec(waiting) if call_id is not None]


def unjudged_messages() -> list[int]:
    """The ids of the messages that are not judged as things stand."""
    with transaction() as session:
        return messages.unjudged(session)


def submit_messages(ids: list[int]) -> list[str]:
    """Puts messages into the queue, some at a time, and gives the ids of their workflows."""
    names = []
    for some in batches(ids, _MESSAGES):
        names.append(f"messages {uuid4()}")  # judging again what is judged changes nothing
        jobs.enqueue(names[-1], audit_messages, some)
    return names


@jobs.workflow(name="audit_messages")
def audit_messages(ids: list[int]) -> None:
    """Judges some messages."""
    jobs.landing(land_messages, ids)


def land_messages(ids: list[int]) -> None:
    """Judges messages in the landing's transaction."""
    messages.judge_messages(jobs.session(), ids, classifier())


@jobs.workflow(name="audit_call")
def audit_call(call_id: int) -> None:
    """Transcribes a call and judges it. Repeated after a crash, it goes on behind the last finished step."""
    transcript_id = transcribe_call(call_id)
    again = check_call(call_id, transcript_id)
    jobs.landing(judge_call, call_id, transcript_id, again)


@jobs.step(name="transcribe")
def transcribe_call(call_id: int) -> int:
    """The id of the call's transcript."""
    with transaction() as session:
        call = session.get_one(Call, call_id)
        recording: Recording = recording_of(session, call)
        hints = transcripts.hints_of(call)
        call.stage, call.percent = Stage.transcribing, 0
    transcript_id = transcripts.make(recording, engine(), hints, _reporter(call_id))
    with transaction() as session:
        _set(session, call_id, Stage.classifying, 99)
    return transcript_id


@jobs.step(name="check")
def check_call(call_id: int, transcript_id: int) -> list[tuple[int, str]]:
    """What is heard when the utterances with grave findings are heard again in another way, with their positions."""
    with transaction() as session:
        call = session.get_one(Call, call_id)
        recording = recording_of(session, call)
        places = grave_places(session, call, transcript_id, classifier())
    if not places:
        return []
    with blobs.local(recording.blob) as path:
        return list(zip(places, hear_again(path, list(places.values()), engine()), strict=True))


def judge_call(call_id: int, transcript_id: int, again: Sequence[tuple[int, str]]) -> int:
    """Judges the transcript in the landing's transaction and gives the run's id."""
    session = jobs.session()
    call = session.get_one(Call, call_id)
    run = judge(session, call, transcript_id, classifier(), dict(again))
    call.run_id, call.stage, call.percent = run.id, Stage.done, 100
    if call.day:
        mark_due(session, call.day)  # what was heard may be a refusal, or belie the disposition
    return run.id or 0


def _reporter(call_id: int) -> Callable[[float], None]:
    """Writes the progress of a transcription to the call, at most once a second."""
    last = 0.0

    def report(share: float) -> None:
        nonlocal last
        if time.monotonic() - last >= 1:
            last = time.monotonic()
            with transaction() as session:
                _set(session, call_id, Stage.transcribing, int(share * 98))

    return report


def _set(session: Session, call_id: int, stage: Stage, percent: int) -> None:
    session.execute(update(Call).where(col(Call.id) == call_id).values(stage=stage, percent=percent))
