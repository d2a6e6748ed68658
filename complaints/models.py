"""The tables of complaints: the case, what happened to it, its time limits, and its evidence."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Numeric, UniqueConstraint
from sqlmodel import Field, SQLModel

from audit.store.secrets import Secret
from audit.store.types import Utc, now, word
from classifiers.taxonomy import Kind
from complaints.clock_rules import ClockKind, Unit
from complaints.reading.demands import ComplaintType
from complaints.reading.people import Authority
from complaints.vocabulary import CaseState, EventKind, LinkState, Satisfaction, Substantiated


class Complaint(SQLModel, table=True):
    """A complaint as it stands. `corrections` is what the officer set right in the reading of the text, and is not
    overwritten by an import or a proposal. `collectors` are those complained of, by staff number or name.
    """

    __table_args__ = (UniqueConstraint("channel", "external_ref"),)

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    channel: str
    channel_written: str
    external_ref: str | None = None
    type: ComplaintType = Field(sa_type=word(ComplaintType))
    received_at: datetime = Field(sa_type=Utc, index=True)
    complainant: str | None = Field(default=None, sa_type=Secret)
    complainant_key: str | None = Field(default=None, index=True)
    phone: str | None = Field(default=None, sa_type=Secret)
    phone_key: str | None = Field(default=None, index=True)
    authority: Authority = Field(sa_type=word(Authority))
    text: str
    text_digest: str = Field(index=True, description="SHA-256 of the text in plain form, without spaces")
    debtor_id: int | None = Field(default=None, foreign_key="debtor.id", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    collectors: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    corrections: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    state: CaseState = Field(default=CaseState.received, sa_type=word(CaseState), index=True)
    handler: str | None = None
    escalated_to: str | None = None
    repeat_of: int | None = Field(default=None, foreign_key="complaint.id", index=True)
    group_label: str | None = Field(default=None, index=True)
    representatives: int | None = None
    people: int | None = Field(default=None, description="complainants who came in person")
    major: bool = False
    substantiated: Substantiated | None = Field(default=None, sa_type=word(Substantiated))
    reason: str | None = Field(default=None, description="of the decision")
    remedies: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    redress: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    compensation: Decimal | None = Field(default=None, sa_type=Numeric(18, 2), description="yuan")
    decided_at: datetime | None = Field(default=None, sa_type=Utc)
    closed_at: datetime | None = Field(default=None, sa_type=Utc, index=True)
    satisfaction: Satisfaction = Field(default=Satisfaction.unasked, sa_type=word(Satisfaction))
    satisfaction_on: date | None = None
    business: str = Field(description="JR/T 0169-2018, axis B")
    cause: str = Field(description="axis C")
    business_channel: str = Field(description="axis A")
    assignment_notice_on: date | None = Field(default=None, description="when the debtor was told of the agency")


class ComplaintEvent(SQLModel, table=True):
    """What happened to a case, in order of `id`; triggers refuse to change or delete it. `at`: when it took effect."""

    __tablename__ = "complaint_event"

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    kind: EventKind = Field(sa_type=word(EventKind))
    at: datetime = Field(sa_type=Utc)
    recorded_at: datetime = Field(sa_type=Utc, default_factory=now)
    actor: str
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    blob: str | None = Field(default=None, description="key of the attachment")
    sha256: str | None = None
    file_name: str | None = None


class Deadline(SQLModel, table=True):
    """A clock of a case as its events leave it, for queries; the clock itself is had from the events."""

    __table_args__ = (UniqueConstraint("complaint_id", "rule", "started_at"),)

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    rule: str
    kind: ClockKind = Field(sa_type=word(ClockKind))
    started_at: datetime = Field(sa_type=Utc)
    due_at: datetime = Field(sa_type=Utc, index=True)
    unit: Unit = Field(sa_type=word(Unit))
    provisional: bool
    warn_on: list[str] = Field(sa_column=Column(JSON, nullable=False), description="local days")
    met_at: datetime | None = Field(default=None, sa_type=Utc)
    extensions: list[dict[str, str]] = Field(sa_column=Column(JSON, nullable=False))
    paused: bool = False


class EvidenceLink(SQLModel, table=True):
    """A piece of evidence in a case: exactly one call, message, ledger result or finding, and why it belongs there."""

    __tablename__ = "evidence_link"
    __table_args__ = (
        *(UniqueConstraint("complaint_id", f"{kind}_id") for kind in ("call", "message", "ledger_result", "finding")),
        CheckConstraint(
            "(CASE WHEN call_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN message_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN ledger_result_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN finding_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_subject",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id")
    call_id: int | None = Field(default=None, foreign_key="call.id", index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    ledger_result_id: int | None = Field(default=None, foreign_key="ledger_result.id")
    finding_id: int | None = Field(default=None, foreign_key="finding.id")
    kind: Kind | None = Field(default=None, sa_type=word(Kind), description="of the allegation")
    why: str = ""
    score: float = 0.0
    state: LinkState = Field(default=LinkState.proposed, sa_type=word(LinkState))
    actor: str
