"""Transcripts in the workspace: made once for a recording, an engine, a model and its options."""

from collections.abc import Callable

from sqlmodel import Session, col, select

from audit.calls.models import Recording
from audit.settings import settings
from audit.store import blobs
from audit.store.database import transaction
from audit.transcripts.engine import Engine
from audit.transcripts.listen import LANGUAGE, Spoken, transcribe
from audit.transcripts.models import Segment, Transcript


def find(session: Session, recording_id: int, engine: Engine) -> Transcript | None:
    """The transcript that this engine, model and options made of the recording, if they did."""
    return session.exec(
        select(Transcript).where(
            Transcript.recording_id == recording_id,
            Transcript.engine == engine.name,
            Transcript.model == engine.model,
            Transcript.options == options_of(engine),
        )
    ).first()


def make(recording: Recording, engine: Engine, progress: Callable[[float], None]) -> int:
    """The id of the recording's transcript by this engine, made now if it is not there. Safe to repeat."""
    assert recording.id is not None  # noqa: S101
    with transaction() as session:
        if there := find(session, recording.id, engine):
            return int(there.id or 0)
    with blobs.local(recording.blob) as path:
        heard = transcribe(path, engine, progress=progress)
    with transaction() as session:
        transcript = Transcript(
            recording_id=recording.id,
            engine=engine.name,
            model=engine.model,
            options=options_of(engine),
            language=LANGUAGE,
            quality=heard.quality.as_json(),
        )
        session.add(transcript)
        session.flush()
        assert transcript.id is not None  # noqa: S101
        session.add_all(to_segment(transcript.id, n, spoken) for n, spoken in enumerate(heard.segments))
        return transcript.id


def segments(session: Session, transcript_id: int) -> list[Segment]:
    """The utterances of a transcript in order."""
    wanted = select(Segment).where(Segment.transcript_id == transcript_id)
    return list(session.exec(wanted.order_by(col(Segment.position))))


def options_of(engine: Engine) -> str:
    """What the engine says changes what it hears, and which channel is taken for the collector's."""
    return f"{engine.options}, collector {settings().collector_channel}"


def to_segment(transcript_id: int, position: int, spoken: Spoken) -> Segment:
    """An utterance as the row that keeps it."""
    return Segment(
        transcript_id=transcript_id,
        position=position,
        start_ms=round(spoken.start * 1000),
        end_ms=round(spoken.end * 1000),
        speaker=spoken.speaker,
        text=spoken.text,
        words=[[round(w.start * 1000), round(w.end * 1000), len(w.text)] for w in spoken.words],
        confidence=spoken.confidence,
    )
