"""The tamper-evident trail: who did what to which thing, each event chained to the one before by SHA-256.

Events hold ids and names of fields, never personal data, so that retention can delete without breaking the chain.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, update
from sqlmodel import Field, Session, SQLModel, col, select

from audit.store.types import Utc, now
from classifiers.errors import Refused

GENESIS = "0" * 64
_REMEDY = "compare with the heads printed in earlier reports"


class AuditEvent(SQLModel, table=True):
    """One event. Database triggers refuse to change or delete it."""

    __tablename__ = "audit_event"

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=Utc)
    actor: str
    action: str
    subject: str
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    prev_hash: str
    hash: str


class TrailHead(SQLModel, table=True):
    """The one row that says where the chain ends; whoever appends holds it until commit."""

    __tablename__ = "trail_head"

    id: int = Field(default=1, primary_key=True)
    seq: int
    hash: str


class BrokenTrail(Refused):
    """The chain does not hold: an event was changed, removed or put in."""


def append(session: Session, actor: str, action: str, subject: str, body: dict[str, Any]) -> AuditEvent:
    """Adds an event inside the caller's transaction. Call it last: the head is held until commit."""
    bump = update(TrailHead).where(col(TrailHead.id) == 1).values(seq=col(TrailHead.seq) + 1)
    seq, prev_hash = session.execute(bump.returning(col(TrailHead.seq), col(TrailHead.hash))).one()
    event = AuditEvent(
        seq=seq, at=now(), actor=actor, action=action, subject=subject, body=body, prev_hash=prev_hash, hash=""
    )
    event.hash = _hash(event)
    session.add(event)
    session.execute(update(TrailHead).where(col(TrailHead.id) == 1).values(hash=event.hash))
    return event


def head(session: Session) -> TrailHead:
    """Where the chain ends now."""
    return session.exec(select(TrailHead)).one()


def verify(session: Session) -> TrailHead:
    """Walks the whole chain and returns its head. Raises BrokenTrail naming the first event that does not fit."""
    end = head(session)  # before the walk: others may append while it lasts
    seq, previous = 0, GENESIS
    chain = select(AuditEvent).where(col(AuditEvent.seq) <= end.seq).order_by(col(AuditEvent.seq))
    for event in session.exec(chain.execution_options(yield_per=1000)):
        seq += 1
        if event.seq != seq:
            raise BrokenTrail(f"trail: event {seq} is missing", _REMEDY)
        if event.prev_hash != previous or event.hash != _hash(event):
            raise BrokenTrail(f"trail: event {seq} was changed", _REMEDY)
        previous = event.hash
    if (end.seq, end.hash) != (seq, previous):
        raise BrokenTrail(f"trail: it ends at event {seq}, its head says {end.seq}", _REMEDY)
    return end


def _hash(event: AuditEvent) -> str:
    fields = {
        "seq": event.seq,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "action": event.action,
        "subject": event.subject,
        "body": event.body,
        "prev_hash": event.prev_hash,
    }
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
