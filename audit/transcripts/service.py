"""Transcripts in the workspace: made once for a recording, an engine, a model and its options."""

from collections.abc import Callable, Iterator

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from audit.calls.models import Call, Recording
from audit.store import blobs
from audit.store.database import transaction
from audit.transcripts.again import Place
from audit.transcripts.engine import Engine, Word
from audit.transcripts.listen import LANGUAGE, Transcription, part_again, transcribe
from audit.transcripts.models import Segment, Transcript
from audit.transcripts.parties import Hints
from audit.transcripts.utterances import Said, Spoken, at_pauses
from classifiers.taxonomy import Speaker


def hints_of(call: Call) -> Hints:
    """What the call's record says of who speaks where."""
    return Hints(call.collector_channel, call.speakers)


def find(session: Session, recording_id: int, engine: Engine, hints: Hints) -> Transcript | None:
    """The transcript that this engine, model and options made of the recording, if they did."""
    same = _by(recording_id, engine).where(Transcript.options == options_of(engine, hints))
    return session.exec(same).first()


def make(recording: Recording, engine: Engine, hints: Hints, progress: Callable[[float], None]) -> int:
    """The id of the recording's transcript by this engine, made now if it is not there. Safe to repeat.

    Where only the hints are new, what was recognised stays, and is given to the parties again.
    """
    assert recording.id is not None  # noqa: S101
    with transaction() as session:
        if there := find(session, recording.id, engine, hints):
            return int(there.id or 0)
        said = _recognised(session, recording, engine)
    with blobs.local(recording.blob) as path:
        heard = part_again(path, said, engine, hints) if said else transcribe(path, engine, hints, progress)
    with transaction() as session:
        return _keep(session, recording.id, heard, options_of(engine, hints))


def _keep(session: Session, recording_id: int, heard: Transcription, options: str) -> int:
    transcript = Transcript(
        recording_id=recording_id,
        engine=heard.engine.name,
        model=heard.engine.model,
        options=options,
        language=LANGUAGE,
        quality=heard.quality.as_json(),
    )
    session.add(transcript)
    session.flush()
    assert transcript.id is not None  # noqa: S101
    session.add_all(to_segment(transcript.id, n, spoken) for n, spoken in enumerate(heard.segments))
    return transcript.id


def _by(recording_id: int, engine: Engine) -> SelectOfScalar[Transcript]:
    ours = select(Transcript).where(Transcript.recording_id == recording_id)
    return ours.where(Transcript.engine == engine.name, Transcript.model == engine.model)


def _recognised(session: Session, recording: Recording, engine: Engine) -> list[Said]:
    """What this engine recognised in the recording, whoever it was given to; empty when it has not."""
    with_any_hints = _by(recording.id or 0, engine).where(
        col(Transcript.options).startswith(f"{engine.options}, collector")
    )
    there = session.exec(with_any_hints.order_by(col(Transcript.id))).first()
    if there is None:
        return []
    spoken: dict[int, list[Word]] = {}
    for segment in segments(session, there.id or 0):
        on_right = (segment.speaker == Speaker.collector) == (there.quality["parties"]["collector"] == 1)
        spoken.setdefault(int(recording.layout.parted and on_right), []).extend(_words(segment))
    return [Said(channel, part) for channel, words in spoken.items() for part in at_pauses(sorted(words))]


def _words(segment: Segment) -> Iterator[Word]:
    begin = 0
    for start, end, characters, sure in segment.words:
        yield Word(start / 1000, end / 1000, segment.text[begin : begin + characters], sure / 100)
        begin += characters


def place_of(segment: Segment, collector: int | None) -> Place:
    """Where an utterance is spoken; `collector` is the collector's channel where each party has one."""
    is_collector = segment.speaker == Speaker.collector
    channel = 0 if collector is None else collector if is_collector else 1 - collector
    return Place(channel, segment.start_ms / 1000, segment.end_ms / 1000)


def segments(session: Session, transcript_id: int) -> list[Segment]:
    """The utterances of a transcript in order."""
    wanted = select(Segment).where(Segment.transcript_id == transcript_id)
    return list(session.exec(wanted.order_by(col(Segment.position))))


def options_of(engine: Engine, hints: Hints) -> str:
    """What changes what the engine hears, and to whom it is given."""
    return f"{engine.options}, {hints}"


def to_segment(transcript_id: int, position: int, spoken: Spoken) -> Segment:
    """An utterance as the row that keeps it."""
    return Segment(
        transcript_id=transcript_id,
        position=position,
        start_ms=round(spoken.start * 1000),
        end_ms=round(spoken.end * 1000),
        speaker=spoken.speaker,
        text=spoken.text,
        words=[
            [round(w.start * 1000), round(w.end * 1000), len(w.text), round(w.confidence * 100)] for w in spoken.words
        ],
        confidence=spoken.confidence,
    )
