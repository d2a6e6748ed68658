"""The tables of messages, visits, agreed hours and refusals."""

from datetime import date, datetime, time

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from audit.store.secrets import Secret
from audit.store.types import Utc, word
from classifiers.taxonomy import Channel


class Message(SQLModel, table=True):
    """A text sent to a debtor or somebody else; `sender` is the line or account it was sent from, `day` is local."""

    __table_args__ = (
        UniqueConstraint("source", "message_id"),
        Index("ix_message_account_day", "account_id", "day"),
        Index("ix_message_collector_sent", "collector_id", "sent_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    message_id: str
    collector_id: int | None = Field(default=None, foreign_key="collector.id")
    account_id: int | None = Field(default=None, foreign_key="account.id")
    number: str | None = Field(default=None, sa_type=Secret)
    number_key: str | None = Field(default=None, index=True)
    relation: str | None = None
    channel: Channel = Field(sa_type=word(Channel))
    sent_at: datetime = Field(sa_type=Utc)
    day: date = Field(index=True)
    text: str
    sender: str | None = Field(default=None, sa_type=Secret)
    sender_key: str | None = None
    run_id: int | None = Field(
        default=None, description="the judgement that stands; no foreign key, as runs name messages"
    )


class Visit(SQLModel, table=True):
    """A visit in person; `collectors` are the ids of who went. What the register leaves open is None."""

    id: int | None = Field(default=None, primary_key=True)
    visit_id: str = Field(unique=True)
    collectors: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    at: datetime = Field(sa_type=Utc)
    day: date = Field(index=True)
    place: str | None = None
    consent: bool | None = None
    recorded: bool | None = None


class Agreement(SQLModel, table=True):
    """Hours of the day in which a debtor agreed to be contacted, from a day on; `end` is not part of them."""

    __table_args__ = (UniqueConstraint("debtor_id", "start", "end", "agreed_on"),)

    id: int | None = Field(default=None, primary_key=True)
    debtor_id: int = Field(foreign_key="debtor.id")
    start: time
    end: time
    agreed_on: date
    evidence: str | None = None


class StopRequest(SQLModel, table=True):
    """Somebody's word that they are not to be contacted, heard in a call."""

    __tablename__ = "stop_request"
    __table_args__ = (UniqueConstraint("call_id", "number_key"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    number_key: str
    since: datetime = Field(sa_type=Utc)
    call_id: int = Field(foreign_key="call.id")
    at_ms: int
    quote: str
