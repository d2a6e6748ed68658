"""A workspace that is there for one piece of measuring and goes in the end; the user's own is not touched."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from audit.settings import settings
from audit.store import database, secrets

_PLACES = ("SHENGJIAN_HOME", "SHENGJIAN_DATABASE_URL", "SHENGJIAN_BLOBS", "SHENGJIAN_KEY")


@contextmanager
def scratch_workspace() -> Iterator[None]:
    """Within it, all that is kept goes to a temporary folder and SQLite."""
    before = {name: os.environ[name] for name in _PLACES if name in os.environ}
    with TemporaryDirectory(prefix="shengjian-") as folder:
        _move({"SHENGJIAN_HOME": folder})
        try:
            yield
        finally:
            database.engine().dispose()
            _move(before)


def _move(places: dict[str, str]) -> None:
    for name in _PLACES:
        os.environ.pop(name, None)
    os.environ.update(places)
    settings.cache_clear()
    database.engine.cache_clear()
    secrets.forget()
