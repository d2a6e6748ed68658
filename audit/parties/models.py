"""The tables of the parties. `listed` is false for an entry that a reference made and no register has filled yet."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, Column, Numeric, UniqueConstraint
from sqlmodel import Field, SQLModel

from audit.store.secrets import Secret
from audit.store.types import Utc

SELF = "self"  # the relation of the debtor


class Agency(SQLModel, table=True):
    """Who calls: a collection agency, or the lender itself. `lines` are its official numbers and accounts."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    lines: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    listed_on: date | None = None
    contact: str | None = None
    listed: bool = False


class Collector(SQLModel, table=True):
    """Who speaks. `certified_until` is the last day of the institution's own training record."""

    __table_args__ = (UniqueConstraint("staff_no", "agency_id"),)

    id: int | None = Field(default=None, primary_key=True)
    staff_no: str
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    name: str | None = None
    team: str | None = None
    hired_on: date | None = None
    certified_until: date | None = None
    phone: str | None = Field(default=None, sa_type=Secret)
    phone_key: str | None = Field(default=None, index=True)
    listed: bool = False


class Debtor(SQLModel, table=True):
    """Who owes."""

    id: int | None = Field(default=None, primary_key=True)
    debtor_no: str = Field(unique=True)
    name: str | None = Field(default=None, index=True)
    gender: str | None = None
    phone: str | None = Field(default=None, sa_type=Secret)
    phone_key: str | None = Field(default=None, index=True)
    id_no: str | None = Field(default=None, sa_type=Secret)
    id_key: str | None = Field(default=None, index=True)
    address: str | None = None
    employer: str | None = None
    listed: bool = False


class Account(SQLModel, table=True):
    """What is owed, to which lender. `interest_rate` is a fraction a year, `days_overdue` as the register has it."""

    id: int | None = Field(default=None, primary_key=True)
    account_no: str = Field(unique=True)
    debtor_id: int | None = Field(default=None, foreign_key="debtor.id", index=True)
    lender: str | None = Field(default=None, index=True)
    product: str | None = None
    principal: Decimal | None = Field(default=None, sa_type=Numeric(18, 2))
    currency: str | None = None
    overdue_since: date | None = None
    days_overdue: int | None = None
    interest_rate: Decimal | None = Field(default=None, sa_type=Numeric(10, 6))
    listed: bool = False


class Assignment(SQLModel, table=True):
    """Which agency had an account from when to when; `until` is its last day."""

    __table_args__ = (UniqueConstraint("account_id", "agency_id", "assigned_on"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    agency_id: int = Field(foreign_key="agency.id")
    assigned_on: date
    until: date | None = None


class ContactPerson(SQLModel, table=True):
    """Somebody around a debtor: how related, where the number came from, and since when not to be contacted."""

    __tablename__ = "contact_person"
    __table_args__ = (UniqueConstraint("debtor_id", "name", "phone_key"),)

    id: int | None = Field(default=None, primary_key=True)
    debtor_id: int = Field(foreign_key="debtor.id")
    name: str = Field(default="", index=True)
    relation: str
    phone: str | None = Field(default=None, sa_type=Secret)
    phone_key: str = Field(default="", index=True)
    source: str | None = None
    stop_since: datetime | None = Field(default=None, sa_type=Utc)


class Policy(SQLModel, table=True):
    """A written collection policy of the institution: who answers for it, and when it is to be reviewed."""

    id: int | None = Field(default=None, primary_key=True)
    policy_no: str = Field(unique=True)
    title: str
    version: str | None = None
    responsible: str | None = None
    effective_on: date | None = None
    next_review: date | None = None
    document: str | None = None
