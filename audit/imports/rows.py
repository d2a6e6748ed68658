"""What a row of each register holds. The field names are the columns of the files; a column may be absent where the
field has a default, and whatever needs it then says "no data".
"""

from datetime import date, datetime
from pathlib import PureWindowsPath
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from audit.calls.models import Direction, Side
from audit.imports.cells import wrong
from audit.imports.fields import Clock, Day, Flag, Key, Maybe, Moment, Money, Rate, Seconds, Text, Words
from classifiers.taxonomy import Channel
from classifiers.turns import LONGEST

_Open = Annotated[Flag | None, BeforeValidator(lambda value: None if str(value or "").strip() == "" else value)]


class Row(BaseModel):
    """A row of a register; columns that we do not know are left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class AgencyRow(Row):
    """`lines` are the official numbers and accounts, several in one cell."""

    agency: Key
    lines: Words = ()
    listed_on: Maybe[Day] = None
    contact: Text = None


class CollectorRow(Row):
    """`certified_until` is the last day of the institution's own training record."""

    collector_no: Key
    name: Text
    team: Text
    agency: Key
    hired_on: Maybe[Day] = None
    certified_until: Maybe[Day] = None
    phone: Text = None


class DebtorRow(Row):
    """Phone and identity number may be masked or empty."""

    debtor_no: Key
    name: Text
    gender: Text = None
    phone: Text
    id_no: Text = None
    address: Text = None
    employer: Text = None


class AccountRow(Row):
    """`interest_rate` is a fraction a year; the agency has the account from `assigned_on` to `assigned_until`."""

    account_no: Key
    debtor_no: Key
    lender: Text
    product: Text = None
    principal: Maybe[Money] = None
    currency: Text = None
    overdue_since: Maybe[Day] = None
    days_overdue: Maybe[Annotated[int, Field(ge=-36_500, le=36_500)]] = None
    agency: Text = None
    assigned_on: Annotated[Maybe[Day], Field(validate_default=True)] = None
    assigned_until: Maybe[Day] = None
    interest_rate: Maybe[Rate] = None

    @field_validator("assigned_on")
    @classmethod
    def _since_when(cls, value: date | None, info: ValidationInfo) -> date | None:
        if info.data.get("agency") and not value:
            raise wrong("missing beside an agency")
        return value

    @field_validator("assigned_until")
    @classmethod
    def _ends_after_it_begins(cls, value: date | None, info: ValidationInfo) -> date | None:
        begun = info.data.get("assigned_on")
        if value and begun and value < begun:
            raise wrong("before assigned_on")
        return value


class ContactRow(Row):
    """Somebody around a debtor; `stop_since` is when they asked not to be contacted again."""

    debtor_no: Key
    name: Text
    relation: Key
    phone: Text
    source: Text = None
    stop_since: Maybe[Moment] = None


class CallRow(Row):
    """`callee_relation` is who is at the other end (`self` is the debtor), on inbound calls too."""

    call_id: Key
    collector_no: Text
    account_no: Text
    callee_phone: Text = None
    callee_relation: Text
    direction: Direction
    started_at: Moment
    ended_at: Maybe[Moment] = None
    duration_s: Seconds
    recording: Text = None
    disposition: Text = None
    from_phone: Text = None
    agency: Text = None
    collector_channel: Maybe[Side] = None

    @field_validator("recording")
    @classmethod
    def _without_folders(cls, value: str | None) -> str | None:
        """Some diallers put folders before the file's name."""
        return PureWindowsPath(value).name if value else None

    @field_validator("ended_at")
    @classmethod
    def _ends_after_it_starts(cls, value: datetime | None, info: ValidationInfo) -> datetime | None:
        started = info.data.get("started_at")
        if value and started and value < started:
            raise wrong("the call ends before it starts")
        return value


class MessageRow(Row):
    """`sender` is the line or account that it was sent from."""

    message_id: Key
    collector_no: Text
    account_no: Text
    to_phone: Text
    to_relation: Text
    channel: Channel
    sent_at: Moment
    text: Annotated[Key, Field(max_length=LONGEST)]
    sender: Text = None


class AgreementRow(Row):
    """Hours in which a debtor agreed to be contacted, from a day on."""

    debtor_no: Key
    from_time: Clock
    to_time: Clock
    agreed_on: Day
    evidence: Text = None


class VisitRow(Row):
    """Who went, where, whether entering was agreed to, and whether all of it was recorded."""

    visit_id: Key
    collector_nos: Words
    account_no: Text
    at: Moment
    place: Text = None
    consent: _Open = None
    recorded: _Open = None


class PolicyRow(Row):
    """A written collection policy: who answers for it, and when it is to be looked at again."""

    policy_no: Key
    title: Key
    version: Text = None
    responsible: Text = None
    effective_on: Maybe[Day] = None
    next_review: Maybe[Day] = None
    document: Text = None
