"""What of a workspace a report is about, as conditions that its queries share."""

from sqlalchemy import ColumnElement
from sqlmodel import col

from audit.calls.models import Call
from audit.contacts.models import Message, Visit
from reports.period import Period

Subject = type[Call] | type[Message]


def within(model: Subject | type[Visit], period: Period | None) -> list[ColumnElement[bool]]:
    """Of the days of the period; without one, of any day or none."""
    if period is None:
        return []
    return [col(model.day).between(period.first, period.last)]
