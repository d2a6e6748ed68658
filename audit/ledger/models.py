"""The tables of the ledger: what it found, what it looked at, and how far it has come."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from audit.findings.models import State
from audit.store.types import Utc, now, word


class RuleId(StrEnum):
    """The rules of the ledger."""

    quiet_hours = "quiet-hours"
    connected_per_day = "connected-per-day"
    attempts_per_number = "attempts-per-number"
    third_person = "third-person-not-lost"
    refusal = "contact-after-refusal"
    assignment = "contact-after-assignment"
    private_channel = "private-channel"
    uncertified = "uncertified-collector"
    disposition = "disposition-mismatch"
    visit = "visit-rules"
    rate = "rate-over-cap"


class LedgerVerdict(StrEnum):
    """`unclear` is for a person to look at: the registers do not decide it."""

    finding = "finding"
    unclear = "unclear"


class LedgerResult(SQLModel, table=True):
    """A limit not kept: which contacts were counted, against what, and why.

    `scope` says what the rule judges together (a contact, a debtor with a lender, a number, a collector). A result that
    a later look no longer bears out is kept, and no longer stands. `state` follows the latest review, and is open again
    once other contacts are counted.
    """

    __tablename__ = "ledger_result"
    __table_args__ = (UniqueConstraint("rule", "scope", "day", "verdict", "limits"),)

    id: int | None = Field(default=None, primary_key=True)
    rule: RuleId = Field(sa_type=word(RuleId))
    scope: str
    day: date = Field(index=True)
    verdict: LedgerVerdict = Field(sa_type=word(LedgerVerdict))
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    calls: list[str] = Field(sa_column=Column(JSON, nullable=False))
    messages: list[str] = Field(sa_column=Column(JSON, nullable=False))
    visits: list[str] = Field(sa_column=Column(JSON, nullable=False))
    limit: float | None = None
    counted: float
    why: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    limits: str = Field(description="digest of the limits that judged")
    standing: bool = True
    state: State = Field(default=State.open, sa_type=word(State), sa_column_kwargs={"server_default": State.open.value})
    found_at: datetime = Field(sa_type=Utc, default_factory=now)

    @property
    def verdict_now(self) -> LedgerVerdict:
        """What it counts as after review: what was unclear is a finding once a person confirmed it."""
        return LedgerVerdict.finding if self.state is State.confirmed else self.verdict


class LedgerDay(SQLModel, table=True):
    """How many contacts of a day a rule looked at, and how many it could not judge for want of data."""

    __tablename__ = "ledger_day"

    day: date = Field(primary_key=True)
    rule: RuleId = Field(sa_type=word(RuleId), primary_key=True)
    checked: int
    no_data: int


class LedgerState(SQLModel, table=True):
    """The one row that says by which limits the ledger was kept, and from which day on it must be looked at again;
    `marks` counts how often that was said, so that what comes in meanwhile is not lost.
    """

    __tablename__ = "ledger_state"

    id: int = Field(default=1, primary_key=True)
    limits: str = ""
    due_from: date | None = Field(default=None, description="None: nothing is due")
    marks: int = 0
