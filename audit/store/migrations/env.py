"""Alembic's entry: all tables of the product, on the engine of the workspace."""

import logging
from typing import Any

from alembic import context
from sqlmodel import SQLModel

import audit.calls.models
import audit.findings.models
import audit.trail
import audit.transcripts.models  # noqa: F401
from audit.store.database import engine

logging.getLogger("alembic").setLevel(logging.WARNING)


def _ours(name: str | None, type_: str, _: Any) -> bool:
    """The job engine keeps its own tables in the same database."""
    return type_ != "table" or name in SQLModel.metadata.tables


with engine().connect() as connection:
    context.configure(
        connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, include_name=_ours
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
