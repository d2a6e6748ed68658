"""A complaint as it is handed in: what a row of a file, or a person at the keyboard, may tell."""

from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, ValidationInfo, field_validator

from audit.calls.today import DEMO_NOON
from audit.imports.cells import wrong
from audit.imports.fields import Day, Key, Maybe, Moment, Text, Words
from audit.imports.rows import Row
from audit.store.types import local_day, now
from complaints.reading.demands import ComplaintType
from complaints.reading.people import Authority
from complaints.reading.reading import LONGEST

_SKEW = timedelta(days=1)  # by which another system's clock may be ahead


def _past(value: datetime) -> datetime:
    if value > max(now(), DEMO_NOON) + _SKEW:
        raise wrong(f"{value:%Y-%m-%d %H:%M} lies in the future")
    return value


class Given(Row):
    """One complaint. `channel` is as written, `due_on` the regulator's own date, `collector` those complained
    of by staff number or name; phone and complainant may be empty.
    """

    channel: Key
    received_at: Annotated[Moment, AfterValidator(_past)]
    text: Key
    complainant: Text = None
    phone: Text = None
    external_ref: Text = None
    type: Maybe[ComplaintType] = None
    due_on: Maybe[Day] = None
    group: Text = None
    account_no: Text = None
    authority: Maybe[Authority] = None
    collector: Words = ()

    @field_validator("text")
    @classmethod
    def _not_too_long(cls, value: str) -> str:
        if len(value) > LONGEST:
            raise wrong(f"{len(value)} characters: give {LONGEST} at most")
        return value

    @field_validator("due_on")
    @classmethod
    def _after_receipt(cls, value: date | None, info: ValidationInfo) -> date | None:
        received = info.data.get("received_at")
        if value and received and value < local_day(received):
            raise wrong("before received_at")
        return value


class GivenRow(Given):
    """One complaint of a file; `id` is its external number, unless the file has a column for that."""

    id: Key
