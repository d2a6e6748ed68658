"""Rows put in or brought up to date in one statement, on either database; and ids looked up by the thousand."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, select

_AT_ONCE = 5_000  # names in one question

T = TypeVar("T")


def upsert(
    session: Session,
    model: type[SQLModel],
    rows: Sequence[Mapping[str, Any]],
    key: Collection[str],
    fresh: Mapping[str, Any] | None = None,
) -> None:
    """Inserts the rows (all with the same columns); where one of that key is there, it takes on the row's values.

    `fresh` are values for new rows only.
    """
    if not rows:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(model.__table__)  # type: ignore[attr-defined]  # the ORM would part rows by what is NULL
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    put = statement.on_conflict_do_update(index_elements=list(key), set_=changed) if changed else None
    session.execute(
        put if put is not None else statement.on_conflict_do_nothing(index_elements=list(key)),
        [{**(fresh or {}), **row} for row in rows],
    )


def ids(session: Session, model: type[SQLModel], column: str, names: Iterable[str | None]) -> dict[str, int]:
    """The ids of the entries of those names, as far as there are any."""
    wanted = sorted({name for name in names if name is not None})
    named = getattr(model, column)
    found: dict[str, int] = {}
    for some in batches(wanted, _AT_ONCE):
        there = session.execute(select(named, model.id).where(col(named).in_(some)))  # type: ignore[attr-defined]
        found |= {name: number for name, number in there}  # noqa: C416 - a result is no mapping
    return found


def batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """The things in lists of at most that size."""
    left = iter(things)
    while some := list(islice(left, size)):
        yield some
