"""What SQLite and PostgreSQL write differently: lists and fields of JSON, days between moments, local days."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import JSON, ColumnElement, Date, DateTime, TableValuedAlias, case, cast, extract, func, type_coerce
from sqlmodel import Session

_AHEAD = 8  # hours of Beijing time before UTC, all the year round


class Sql:
    """Expressions for the database of a session."""

    def __init__(self, session: Session) -> None:
        self._on_sqlite = session.get_bind().dialect.name == "sqlite"

    def field(self, stored: Any, key: str) -> ColumnElement[Any]:
        """A part of a JSON object, itself JSON; NULL where there is none."""
        if self._on_sqlite:
            return func.json_extract(stored, f"$.{key}")
        return func.json_extract_path(stored, key, type_=JSON)

    def each(self, listed: Any) -> TableValuedAlias:
        """The elements of a JSON list, a row each, in the column `value` as text."""
        unnest = func.json_each if self._on_sqlite else func.json_array_elements_text
        return unnest(listed).table_valued("value")

    def word(self, element: Any, key: str) -> ColumnElement[Any]:
        """The text under a key of an element that is an object."""
        if self._on_sqlite:
            return func.json_extract(element, f"$.{key}")
        return func.json_extract_path_text(cast(element, JSON), key)

    def days(self, later: Any, earlier: Any) -> ColumnElement[Any]:
        """Days from one moment to another, as a fraction."""
        if self._on_sqlite:
            return func.julianday(later) - func.julianday(earlier)
        return extract("epoch", type_coerce(later, DateTime) - type_coerce(earlier, DateTime)) / 86400

    def local_day(self, moment: Any) -> ColumnElement[date]:
        """The day that a moment falls on in China."""
        if self._on_sqlite:
            return type_coerce(func.date(moment, f"+{_AHEAD} hours"), Date)
        return cast(type_coerce(moment, DateTime) + timedelta(hours=_AHEAD), Date)


def flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where it holds, else 0, so that it can be summed."""
    return case((condition, 1), else_=0)


def how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """In how many rows it holds."""
    return func.count(case((condition, 1)))
