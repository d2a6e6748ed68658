"""The tables of calls and recordings."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from audit.store.types import Utc, now, word


class Layout(StrEnum):
    """How the parties lie on the channels."""

    stereo = "stereo"
    fake_stereo = "fake_stereo"
    one_sided = "one_sided"
    mono = "mono"

    @property
    def parted(self) -> bool:
        """Whether each party has a channel."""
        return self in {Layout.stereo, Layout.one_sided}


class Stage(StrEnum):
    """How far the work on a call has come."""

    waiting = "waiting"
    transcribing = "transcribing"
    classifying = "classifying"
    done = "done"


class Recording(SQLModel, table=True):
    """A recording as received, kept under its SHA-256; the same file twice is one recording."""

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(unique=True)
    blob: str
    name: str
    codec: str
    seconds: float
    channels: int
    layout: Layout = Field(sa_type=word(Layout))
    received_at: datetime = Field(sa_type=Utc, default_factory=now)


class Call(SQLModel, table=True):
    """A call: its record where one is known, its recording where there is one, and the state of the work on it."""

    __table_args__ = (UniqueConstraint("source", "call_id"),)

    id: int | None = Field(default=None, primary_key=True)
    source: str
    call_id: str
    recording_id: int | None = Field(default=None, foreign_key="recording.id", index=True)
    collector_no: str | None = Field(default=None, index=True)
    account_no: str | None = Field(default=None, index=True)
    agency: str | None = None
    relation: str | None = None
    direction: str | None = None
    started_at: datetime | None = Field(default=None, sa_type=Utc)
    talk_seconds: int | None = None
    disposition: str | None = None
    stage: Stage = Field(default=Stage.waiting, sa_type=word(Stage))
    percent: int = 0
    run_id: int | None = Field(
        default=None, description="the judgement that stands; no foreign key, as runs name calls"
    )
