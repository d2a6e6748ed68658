"""Which recording belongs to which call record: by the file's name, or by the number and time in it."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from audit import trail
from audit.calls.models import Call, Recording
from audit.parties.numbers import key_of, same
from audit.store.types import LOCAL

FILES = "files"  # the source of a call that is known by its recording alone
_APART = timedelta(minutes=2)  # what the clocks of dialler and recorder may differ by
_TIME = re.compile(r"(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)[-_.T ]?(\d\d)[-_.:]?(\d\d)[-_.:]?(\d\d)?")
_NUMBER = re.compile(r"(?<!\d)(\d{3,4}\*+\d{2,4}|\d{3,4}-\d{7,8}|(?:86)?1\d{10}|0\d{9,11}|\d{7,12})(?!\d)")


def record_of(session: Session, name: str) -> Call | None:
    """The one call record without a recording that names this file, or that its number and time fit."""
    free = select(Call).where(Call.source != FILES, col(Call.recording_id).is_(None))
    named = session.exec(free.where(Call.recording_name == name).limit(2)).all()
    if not named and (moment := _time_in(name)):
        near = free.where(col(Call.started_at).between(moment - _APART, moment + _APART))
        keys = list(_numbers_in(name))
        named = [call for call in session.exec(near) if any(same(call.number_key, key) for key in keys)]
    return named[0] if len(named) == 1 else None


def match_recordings(session: Session) -> int:
    """Joins recordings that had no record so far with the records that have come since, and says how many."""
    matched = 0
    alone = select(Call, Recording).join(Recording, col(Recording.id) == col(Call.recording_id))
    for call, recording in session.exec(alone.where(Call.source == FILES)).all():
        if record := record_of(session, recording.name):
            join(session, call, record)
            matched += 1
    return matched


def join(session: Session, call: Call, record: Call) -> Call:
    """The recording's call takes on all that the record says; the record as an entry of its own goes.

    So transcripts, runs and findings of the recording stay where they are.
    """
    said = record.model_dump(exclude={"id", "recording_id", "stage", "percent", "run_id", "speakers"})
    session.delete(record)
    session.flush()
    call.sqlmodel_update(said)
    session.flush()
    body = {"call_id": call.call_id, "recording": call.recording_id, "relation": call.relation}
    trail.append(session, "system", "call.recorded", f"call:{call.id}", body)
    return call


def _time_in(name: str) -> datetime | None:
    found = _TIME.search(name)
    if not found:
        return None
    try:
        return datetime(*(int(part or 0) for part in found.groups()), tzinfo=LOCAL)  # type: ignore[arg-type,misc]
    except ValueError:
        return None


def _numbers_in(name: str) -> Iterator[str]:
    left = _TIME.sub(" ", name)
    yield from (key for found in _NUMBER.findall(left) if (key := key_of(found)))
