"""Intake: recordings and call records into the workspace, each once."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sqlmodel import Session, select

from audit import trail
from audit.calls.decoding import Probe, probe
from audit.calls.models import Call, Recording
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

    def refuse(error: OSError) -> None:
        refused.append(BadInput(f"{error.filename}: {error.strerror}", "give a file or folder that can be read"))

    for path in paths:
        if path.is_dir():
            before = len(found)
            found += _sounds_in(path, refuse)
            if len(found) == before and not refused:
                refused.append(BadInput(f"{path}: no recordings in it", "give the folder that holds them"))
        elif path.exists():
            found.append(path)
        else:
            refused.append(BadInput(f"{path}: No such file or directory", "give a file or folder that can be read"))
    return list(dict.fromkeys(found)), refused


def _sounds_in(folder: Path, refuse: Callable[[OSError], None]) -> Iterator[Path]:
    """The sound files in a folder and those below it; links to folders are not followed: they may circle."""
    for place, folders, names in os.walk(folder, onerror=refuse):
        folders.sort()
        yield from (Path(place, name) for name in sorted(names) if Path(name).suffix.lower() in _SOUND)


def receive(session: Session, path: Path, record: CallRecord | None, source: str = RECORDS) -> Call:
    """The call of a recording, with the recording kept. The same file again is the same recording and the same call.

    Raises BadInput for a file that is no usable recording; nothing of it is then kept.
    """
    if not _is_text(path.name):
        raise BadInput(f"{path}: the file's name is not UTF-8", "rename the file")
    try:
        sha256 = blobs.digest(path)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "give a file that can be read") from error
    recording = session.exec(select(Recording).where(Recording.sha256 == sha256)).first()
    if recording is None:
        recording = _keep(session, path, sha256, probe(path))
    return _call(session, recording, path, record, source)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


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
        call = known or Call(source=FILES, call_id=_free_id(session, recording, path), recording_id=recording.id)
        session.add(call)
        session.flush()
        return call
    listed = session.exec(select(Call).where(Call.source != FILES, Call.call_id == record.call_id)).first()
    if listed and listed.recording_id not in {None, recording.id}:
        raise BadInput(f"{path}: {record.call_id} has another recording already", "give each call record its own")
    unlisted = known if known and known.source == FILES else None
    return _record(session, listed or unlisted or Call(source=FILES, call_id=""), recording, record, source)


def _record(session: Session, call: Call, recording: Recording, record: CallRecord, source: str) -> Call:
    """The call with what its record says; the trail notes a change."""
    call.source = source if call.source == FILES else call.source
    call.call_id, call.recording_id = record.call_id, recording.id
    call.collector_no, call.account_no, call.agency = record.collector_no, record.account_no, record.agency
    call.relation, call.direction = record.callee_relation, record.direction
    call.started_at, call.talk_seconds = record.started_at, record.duration_s
    call.disposition = record.disposition
    session.add(call)
    if session.is_modified(call):
        session.flush()
        body = {"call_id": call.call_id, "recording": recording.id, "relation": call.relation}
        trail.append(session, "system", "call.recorded", f"call:{call.id}", body)
    return call


def _free_id(session: Session, recording: Recording, path: Path) -> str:
    """The file's name without its ending, with some of the digest where another recording has that name."""
    taken = session.exec(select(Call).where(Call.source == FILES, Call.call_id == path.stem)).first()
    return f"{path.stem}-{recording.sha256[:8]}" if taken else path.stem
