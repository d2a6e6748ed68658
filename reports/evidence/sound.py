"""The recordings of a pack: the original byte for byte, a copy for listening, and the redacted copy with its proof."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from audit.calls.models import Call, Recording
from audit.store import blobs
from audit.transcripts.engine import Engine
from classifiers.errors import BadInput
from reports.evidence.gathering import Item
from reports.evidence.packing import Pack
from reports.redaction.people import KnownPeople
from reports.redaction.placing import NotRedacted
from reports.redaction.proof import Heard, redacted_copy
from reports.redaction.sound import to_mp3

_UNSAFE = re.compile(r"[^\w-]+", re.ASCII)
_ENDING = re.compile(r"\.[a-z0-9]{1,5}")


@dataclass(frozen=True)
class Work:
    """What packing needs: the pack, who packs, the recogniser, and a folder for copies on their way."""

    pack: Pack
    by: str
    recogniser: Callable[[], Engine]
    folder: Path


@dataclass(frozen=True)
class Kept:
    """What became of a recording: the original's file and SHA-256, or why it is missing; the same of the redacted."""

    file: str = ""
    sha256: str = ""
    missing: str = ""
    redacted: str = ""
    not_redacted: str = ""


def name_of(item: Item) -> str:
    """What the files of a contact are called: its place in the list and its number."""
    return f"{item.no:02d}-{_UNSAFE.sub('_', item.number)}"


def pack_recording(work: Work, item: Item, known: KnownPeople) -> Kept:
    """Puts in the recording of a call and its copies. Raises BadInput where it is not what was once received."""
    if item.recording is None:
        return Kept(missing=_why_none(item))
    try:
        with blobs.local(item.recording.blob) as path:
            if not path.exists():
                raise FileNotFoundError(path)
            return _packed(work, item, item.recording, path, known)
    except FileNotFoundError:
        return Kept(
            sha256=item.recording.sha256, missing="录音文件已不在库中（到期删除或遗失），入库摘要见 SHA-256 一栏"
        )


def _packed(work: Work, item: Item, recording: Recording, path: Path, known: KnownPeople) -> Kept:
    if blobs.digest(path) != recording.sha256:
        raise BadInput(f"{recording.name}: not the bytes that were received", "bring it back from a backup")
    ending = _ENDING.fullmatch(Path(recording.name).suffix.lower())
    file, listening = f"originals/{name_of(item)}{ending[0] if ending else '.bin'}", work.folder / "listening.mp3"
    work.pack.file(file, path)
    to_mp3(path, listening)
    work.pack.file(f"listening/{name_of(item)}.mp3", listening)
    copy = work.folder / "redacted.flac"
    try:
        heard = Heard(recording.layout, item.transcript, item.segments)
        redacted_copy(path, copy, heard, known, work.recogniser)
    except NotRedacted as error:
        return Kept(file, recording.sha256, not_redacted=error.reason)
    redacted = f"redacted/{name_of(item)}.flac"
    work.pack.file(redacted, copy)
    to_mp3(copy, listening)
    work.pack.file(f"redacted/{name_of(item)}.mp3", listening)
    return Kept(file, recording.sha256, redacted=redacted)


def _why_none(item: Item) -> str:
    call = item.contact
    if isinstance(call, Call) and call.recording_name:
        return f"通话记录写明录音 {call.recording_name}，但未收到"
    if isinstance(call, Call) and call.talk_seconds == 0:
        return "未接通，没有录音"
    return "没有录音"
