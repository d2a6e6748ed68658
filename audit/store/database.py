"""The engine, its sessions, and the state of the schema. One request or step is one transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import Session

from audit.settings import settings
from audit.store.secrets import check_key
from classifiers.errors import BadWorkspace

_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_MS = 30_000
_OLDEST_SQLITE = (3, 35)  # RETURNING


@lru_cache(maxsize=4)
def engine(address: str | None = None) -> Engine:
    """The engine of the workspace's database (or of the address given), made once a process."""
    address = address or settings().database
    if not address.startswith("sqlite"):
        try:
            return sqlalchemy.create_engine(address, pool_pre_ping=True)
        except (ArgumentError, ImportError, ValueError) as error:
            raise BadWorkspace("SHENGJIAN_DATABASE_URL is no address", "give postgresql://user@host/name") from error
    folder = Path(address.removeprefix("sqlite:///")).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadWorkspace(f"{folder}: {error.strerror}", "set SHENGJIAN_HOME to a writable folder") from error
    made = sqlalchemy.create_engine(address)
    event.listen(made, "connect", _set_up_sqlite)
    return made


def _set_up_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = "IMMEDIATE"  # writers queue instead of failing half-way
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={_BUSY_MS}", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def transaction() -> Iterator[Session]:
    """A session that commits at the end, or rolls back when something is raised."""
    with Session(engine(), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def snapshot() -> Iterator[Session]:
    """A session for reading that sees one state of the database, whatever others write meanwhile."""
    with Session(engine()) as session:
        if engine().dialect.name == "sqlite":
            session.execute(sqlalchemy.text("BEGIN"))
        else:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


def upgrade(revision: str = "head") -> None:
    """Brings the schema to a revision. Raises BadWorkspace when the database cannot be reached or used."""
    with _usable():
        command.upgrade(_config(), revision)


def downgrade(revision: str) -> None:
    """Takes the schema back to a revision (`base` for none at all)."""
    command.downgrade(_config(), revision)


def is_fresh() -> bool:
    """Whether nothing was ever kept in the database. Raises BadWorkspace when it cannot be reached or used."""
    with _usable():
        return not sqlalchemy.inspect(engine()).get_table_names()


def check() -> str:
    """The revision that the schema is at. Raises BadWorkspace when it is not the newest or not there."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    with _usable(), engine().connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if engine().dialect.name == "sqlite" and sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise BadWorkspace(f"SQLite {sqlite3.sqlite_version} is too old", "use 3.35 or newer, or PostgreSQL")
    if current != newest:
        raise BadWorkspace(f"{where()} is at schema {current}, this version needs {newest}", "run shengjian db upgrade")
    with transaction() as session:
        check_key(session)
    return str(current)


@contextmanager
def _usable() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig).partition("\n")[0]
        raise BadWorkspace(f"{where()}: {reason}", "check SHENGJIAN_HOME or SHENGJIAN_DATABASE_URL") from error


def where() -> str:
    """The database's address for people, without its password."""
    return engine().url.render_as_string(hide_password=True)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
