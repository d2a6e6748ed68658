"""Packing the evidence itself, contact by contact and attachment by attachment, and the row in the list for each."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from audit.calls.models import Call
from audit.store import blobs
from audit.transcripts.formats import clock
from audit.transcripts.models import Segment
from classifiers.errors import BadInput
from complaints.cases.showing import plain
from complaints.models import ComplaintEvent
from reports.evidence.gathering import Gathered, Item
from reports.evidence.listing import Row, formed_at, purpose, summary
from reports.evidence.packing import Pack
from reports.evidence.sound import Work, name_of, pack_recording
from reports.evidence.told import message_json
from reports.names import CHANNELS, NOT_LISTED, SPEAKERS
from reports.redaction.finding import marks, replaced
from reports.redaction.people import KnownPeople, known_people
from reports.redaction.proof import lines_of

_MESSAGES = "messages.jsonl"
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')


def contact_rows(session: Session, work: Work, found: Gathered) -> list[Row]:
    """Puts in recordings, transcripts and messages."""
    known = {
        item.no: known_people(session, item.contact.account_id or found.case.account_id, found.case)
        for item in found.items
    }
    rows = [_call_row(work, item, known[item.no]) for item in found.calls]
    lines = [
        json.dumps(message_json(item, known[item.no]), ensure_ascii=False, sort_keys=True) + "\n"
        for item in found.messages
    ]
    digest = work.pack.data(_MESSAGES, "".join(lines).encode())
    return rows + [
        replace(_row(item, work.by), file=_MESSAGES, sha256=digest, length="1 条") for item in found.messages
    ]


def attachment_rows(pack: Pack, found: Gathered, by: str) -> list[Row]:
    """Puts in the files kept with the case; one that is gone is listed as missing."""
    first = len(found.items) + 1
    return [_attachment_row(pack, event, no, by) for no, event in enumerate(found.attached, first)]


def _call_row(work: Work, item: Item, known: KnownPeople) -> Row:
    kept = pack_recording(work, item, known)
    _transcripts(work.pack, item, known)
    length = f"{item.recording.seconds:.1f} 秒" if item.recording else ""
    return replace(
        _row(item, work.by),
        file=kept.file,
        length=length,
        sha256=kept.sha256,
        missing=kept.missing,
        redacted=kept.redacted,
        not_redacted=kept.not_redacted,
    )


def _transcripts(pack: Pack, item: Item, known: KnownPeople) -> None:
    """The transcript as JSON and text, as heard and redacted."""
    if item.transcript is None:
        return
    heard = [segment.text for segment in item.segments]
    hidden = marks(lines_of(item.segments), known)
    redacted = [replaced(text, found) for text, found in zip(heard, hidden, strict=True)]
    by = plain(item.transcript.model_dump(include={"engine", "model", "options", "language", "quality", "created_at"}))
    for ending, texts in (("", heard), (".redacted", redacted)):
        spoken = [_segment(segment, text) for segment, text in zip(item.segments, texts, strict=True)]
        lines = (f"[{clock(one['start'])}] {SPEAKERS[one['speaker']]}：{one['text']}" for one in spoken)
        pack.json(f"transcripts/{name_of(item)}{ending}.json", {**by, "call": item.number, "segments": spoken})
        pack.text(f"transcripts/{name_of(item)}{ending}.txt", "\n".join(lines) + "\n")


def _segment(segment: Segment, text: str) -> dict[str, Any]:
    told = {"speaker": segment.speaker, "text": text, "confidence": segment.confidence}
    words: Sequence[list[int]] = segment.words if text == segment.text else ()
    return {"start": segment.start_ms / 1000, "end": segment.end_ms / 1000, **told, "words_ms": list(words)}


def _row(item: Item, by: str) -> Row:
    name = f"{'通话' if isinstance(item.contact, Call) else CHANNELS[item.contact.channel]} {item.number}"
    return Row(item.no, name, "", item.contact.source, formed_at(item), summary(item), "", "", purpose(item), by)


def _attachment_row(pack: Pack, event: ComplaintEvent, no: int, by: str) -> Row:
    name = _UNSAFE.sub("_", event.file_name or "")
    note = str(event.body.get("note") or NOT_LISTED)
    row = Row(no, name, "", "complaint", str(plain(event.at)), note, "", event.sha256 or "", note, by)
    try:
        with blobs.local(event.blob or "") as path:
            if not path.exists():
                raise FileNotFoundError(path)
            if blobs.digest(path) != event.sha256:
                raise BadInput(f"{event.file_name}: not the bytes that were attached", "bring it back from a backup")
            file = f"attachments/{no:02d}-{name}"
            pack.file(file, path)
            return replace(row, file=file, length=f"{path.stat().st_size} 字节")
    except FileNotFoundError:
        return replace(row, missing="附件文件已不在库中，入库摘要见 SHA-256 一栏")
