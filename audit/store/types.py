"""Column types shared by all tables."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, Dialect, Enum
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

LOCAL = ZoneInfo("Asia/Shanghai")  # the clock by which days and hours are counted

SQLModel.metadata.naming_convention = {  # so that a migration can name what it changes, on every database
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Utc(TypeDecorator[datetime]):
    """A point in time, kept in UTC and always given back with its zone; SQLite knows no zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To naive UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From naive UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


def local_day(moment: datetime) -> date:
    """The day that a moment falls on in China."""
    return moment.astimezone(LOCAL).date()


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def word(values: type[StrEnum]) -> Any:
    """The column type of one word out of a vocabulary: plain text in the database, so that a vocabulary can grow."""
    return Enum(values, native_enum=False, length=32, values_callable=lambda words: [w.value for w in words])
