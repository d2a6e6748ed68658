"""Intake: recordings and call records into the workspace, each once."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from sqlmodel import Session, select

from audit import trail
from audit.calls.decoding import Probe, probe
from audit.calls.matching import FILES, join, record_of
from audit.calls.models import Call, Recording
from audit.store import blobs
from classifiers.errors import BadInput

RECORDS, DEMO = "records", "demo"  # where a call is known from, beside FILES
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


def receive(session: Session, path: Path, manifest: Mapping[str, str]) -> Call:
    """The call of a recording, with the recording kept. The same file again is the same recording and the same call.

    `manifest` names the call record of files whose name does not tell. Raises BadInput for a file that is no usable
    recording; nothing of it is then kept.
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
    return _call(session, recording, path, manifest.get(path.name))


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


def _call(session: Session, recording: Recording, path: Path, call_id: str | None) -> Call:
    """The call that the recording belongs to: the one it has, else that of its record, else one of its own."""
    call = session.exec(select(Call).where(Call.recording_id == recording.id)).first()
    if call and call.source != FILES:
        return call
    record = _named(session, path, call_id) if call_id else record_of(session, path.name)
    if call is None:
        call = Call(source=FILES, call_id=_free_id(session, recording, path), recording_id=recording.id)
        session.add(call)
        session.flush()
    return join(session, call, record) if record else call


def _named(session: Session, path: Path, call_id: str) -> Call:
    """The record that the manifest names for a file."""
    record = session.exec(select(Call).where(Call.source != FILES, Call.call_id == call_id)).first()
    if record is None:
        raise BadInput(f"{path}: its call record {call_id} is not on file", "import the call records first")
    if record.recording_id:
        raise BadInput(f"{path}: {call_id} has another recording already", "give each call record its own")
    return record


def _free_id(session: Session, recording: Recording, path: Path) -> str:
    """The file's name without its ending, with some of the digest where another recording has that name."""
    taken = session.exec(select(Call).where(Call.source == FILES, Call.call_id == path.stem)).first()
    return f"{path.stem}-{recording.sha256[:8]}" if taken else path.stem
