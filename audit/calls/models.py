"""The tables of calls and recordings."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from audit.store.secrets import Secret
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


class Side(StrEnum):
    """A channel of a stereo recording."""

    left = "left"
    right = "right"


class Direction(StrEnum):
    """Who rang whom: `outbound` is from the agency."""

    outbound = "outbound"
    inbound = "inbound"


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

    __table_args__ = (
        UniqueConstraint("source", "call_id"),
        Index("ix_call_account_started", "account_id", "started_at"),
        Index("ix_call_collector_started", "collector_id", "started_at"),
        Index("ix_call_number_day", "number_key", "day"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    call_id: str
    recording_id: int | None = Field(default=None, foreign_key="recording.id", index=True)
    recording_name: str | None = Field(default=None, index=True, description="the file that the record names")
    collector_id: int | None = Field(default=None, foreign_key="collector.id")
    account_id: int | None = Field(default=None, foreign_key="account.id")
    agency_id: int | None = Field(default=None, foreign_key="agency.id", description="as the record has it")
    number: str | None = Field(default=None, sa_type=Secret, description="the other side's")
    number_key: str | None = None
    line: str | None = Field(default=None, sa_type=Secret, description="the agency's")
    line_key: str | None = None
    relation: str | None = None
    direction: Direction | None = Field(default=None, sa_type=word(Direction))
    started_at: datetime | None = Field(default=None, sa_type=Utc)
    day: date | None = Field(default=None, index=True, description="the local day of started_at")
    talk_seconds: int | None = Field(default=None, description="above zero means connected")
    disposition: str | None = None
    collector_channel: Side | None = Field(default=None, sa_type=word(Side), description="where the record tells")
    speakers: int | None = Field(default=None, description="how many share a channel, where a person has said")
    stage: Stage = Field(default=Stage.waiting, sa_type=word(Stage))
    percent: int = 0
    run_id: int | None = Field(
        default=None, description="the judgement that stands; no foreign key, as runs name calls"
    )
