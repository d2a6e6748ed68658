"""The tables of runs and findings. Nothing here is overwritten: a new pack or model makes a new run."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from audit.store.types import Utc, now, word
from classifiers.taxonomy import Kind, Severity, Speaker, Verdict


class State(StrEnum):
    """Where a finding stands between machine and person; `suggested` ones do not count until confirmed."""

    open = "open"
    suggested = "suggested"
    confirmed = "confirmed"
    rejected = "rejected"


class UsedPack(SQLModel, table=True):
    """A rule pack as it was when it judged, whole and by its digest."""

    __tablename__ = "rule_pack"
    __table_args__ = (UniqueConstraint("name", "sha256"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    version: str
    sha256: str
    canonical: str
    first_used_at: datetime = Field(sa_type=Utc, default_factory=now)


class Run(SQLModel, table=True):
    """One judgement of one call or message: which transcript, which pack and model (its SHA-256, empty where rules
    judged alone), who was taken to hear, and the law of which day. `cues` are what the ledger needs of the talk.
    """

    __table_args__ = (
        UniqueConstraint("call_id", "transcript_id", "rule_pack_id", "model", "relation", "day"),
        UniqueConstraint("message_id", "rule_pack_id", "model", "relation", "day"),
        CheckConstraint("(call_id IS NULL) <> (message_id IS NULL)", name="one_subject"),
    )

    id: int | None = Field(default=None, primary_key=True)
    call_id: int | None = Field(default=None, foreign_key="call.id")
    transcript_id: int | None = Field(default=None, foreign_key="transcript.id")
    message_id: int | None = Field(default=None, foreign_key="message.id")
    rule_pack_id: int = Field(foreign_key="rule_pack.id")
    model: str
    relation: str
    day: date
    verdict: Verdict = Field(sa_type=word(Verdict))
    cues: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=Utc, default_factory=now)


class Finding(SQLModel, table=True):
    """A rule's hit in a segment or a message: text[start:end] is the quote; in a recording it is spoken from `at_ms`
    to `until_ms`.
    """

    __table_args__ = (
        UniqueConstraint("run_id", "segment_id", "rule", "start", "end"),
        Index("ix_finding_state_severity", "state", "severity"),
    )

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id", index=True)
    segment_id: int | None = Field(default=None, foreign_key="segment.id")
    rule: str
    kind: Kind = Field(sa_type=word(Kind))
    severity: Severity = Field(sa_type=word(Severity))
    score: float
    start: int
    end: int
    quote: str
    at_ms: int | None = None
    until_ms: int | None = None
    speaker: Speaker = Field(sa_type=word(Speaker))
    explanation: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    state: State = Field(sa_type=word(State))
