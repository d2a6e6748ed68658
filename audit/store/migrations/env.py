"""Alembic's entry: all tables of the product, on the engine of the workspace."""

import logging
from typing import Any

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import audit.calls.models
import audit.contacts.models
import audit.findings.models
import audit.ledger.models
import audit.parties.models
import audit.store.secrets
import audit.trail
import audit.transcripts.models  # noqa: F401
import complaints.models  # noqa: F401
import reports.models  # noqa: F401
from audit.store.database import engine

logging.getLogger("alembic").setLevel(logging.WARNING)


def _ours(name: str | None, type_: str, _: Any) -> bool:
    """The job engine keeps its own tables in the same database."""
    return type_ != "table" or name in SQLModel.metadata.tables


def _check_references(connection: Connection, on: bool) -> None:
    """SQLite makes a table anew to change it, and must not miss it meanwhile."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


with engine().connect() as connection:
    _check_references(connection, False)
    context.configure(
        connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, include_name=_ours
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    _check_references(connection, True)
