"""Intake: recordings and call records into the workspace, each once."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlmodel import Session, select

from audit import trail
from audit.calls.decoding import Probe, probe
from audit.calls.models import Call, Recording, Stage
from audit.calls.records import CallRecord
from audit.store import blobs
from classifiers.errors import BadInput

RECORDS, FILES, DEMO = "records", "files", "demo"  # where a call is known from
_SOUND = frozenset(
    {".wav", ".mp3", ".m4a", ".aac", ".amr", ".awb", ".gsm", ".ogg", ".oga", ".opus"}
    | {".webm", ".flac", ".wma", ".mp4", ".3gp", ".g722", ".au", ".snd"}
)


def find_recordings(paths: Sequence[Path]) -> tuple[list[Path], list[BadInput]]:
    """The files given, and the sound files in the folders given; refusals of what cannot be read."""
    found: list[Path] = []
    refused: list[BadInput] = []
    for path in paths:
        try:
            found += _within(path)
        except OSError as error:
            refused.append(BadInput(f"{path}: {error.strerror}", "give a file or folder that can be read"))
    return list(dict.fromkeys(found)), refused


def _within(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        path.stat()
        yield path
        return
    for entry in sorted(path.iterdir()):
        if entry.is_dir():
            yield from _within(entry)
        elif entry.suffix.lower() in _SOUND:
            yield entry


def receive(session: Session, path: Path, record: CallRecord | None, source: str = RECORDS) -> Call:
    """The call of a recording, with the recording kept. The same file again is the same recording and the same call.

    Raises BadInput for a file that is no usable recording; nothing of it is then kept.
    """
    try:
        sha256 = blobs.digest(path)
        recording = session.exec(select(Recording).where(Recording.sha256 == sha256)).first()
        if recording is None:
            recording = _keep(session, path, sha256, probe(path))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "give a file that can be read") from error
    return _call(session, recording, path, record, source)


def recording_of(session: Session, call: Call) -> Recording:
    """The recording of a call that has one."""
    recording = session.get(Recording, call.recording_id)
    assert recording is not None  # noqa: S101 - the foreign key says so
    return recording


def _keep(session: Session, path: Path, sha256: str, probed: Probe) -> Recording:
    recording = Recording(
        sha256=sha256,
        blob=blobs.put(path, sha256),
        name=path.name,
        codec=probed.codec,
        seconds=probed.seconds,
        channels=probed.channels,
        layout=probed.layout,
    )
    session.add(recording)
    session.flush()
    trail.append(session, "system", "recording.received", f"recording:{recording.id}", {"sha256": sha256})
    return recording


def _call(session: Session, recording: Recording, path: Path, record: CallRecord | None, source: str) -> Call:
    """The call that the recording belongs to: by its record, else the one made for it before, or now."""
    known = session.exec(select(Call).where(Call.recording_id == recording.id)).first()
    if record is None:
        return known or _add(session, Call(source=FILES, call_id=_free_id(session, recording, path)), recording)
    listed = session.exec(select(Call).where(Call.source != FILES, Call.call_id == record.call_id)).first()
    unlisted = known if known and known.source == FILES else None
    call = listed or unlisted or Call(source=FILES, call_id="")
    call.source = source if call.source == FILES else call.source
    call.call_id = record.call_id
    call.collector_no, call.account_no, call.agency = record.collector_no, record.account_no, record.agency
    call.relation, call.direction = record.callee_relation, record.direction
    call.started_at, call.talk_seconds = record.started_at, record.duration_s
    call.disposition = record.disposition
    return _add(session, call, recording)


def _add(session: Session, call: Call, recording: Recording) -> Call:
    call.recording_id = recording.id
    call.stage = call.stage or Stage.waiting
    session.add(call)
    session.flush()
    return call


def _free_id(session: Session, recording: Recording, path: Path) -> str:
    """The file's name without its ending, with some of the digest where another recording has that name."""
    taken = session.exec(select(Call).where(Call.source == FILES, Call.call_id == path.stem)).first()
    return f"{path.stem}-{recording.sha256[:8]}" if taken else path.stem
