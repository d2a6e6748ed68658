"""Register files into the workspace: put in as a whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session, SQLModel, func, select

from audit import trail
from audit.calls.matching import match_recordings
from audit.calls.service import RECORDS
from audit.imports.mapping import Mapping
from audit.imports.reading import RowReader
from audit.imports.registers import REGISTERS, RegisterName
from audit.imports.relations import fill_relations
from audit.imports.rows import Row
from audit.ledger.due import EVER, mark_due
from audit.parties.models import Account, Agency, Collector, Debtor
from audit.store import blobs
from audit.store.types import local_day
from audit.store.upsert import batches
from classifiers.errors import BadInput

_BATCH = 5_000  # rows
_REMEDY = "mend the row"
_DATED = {RegisterName.calls: "started_at", RegisterName.messages: "sent_at", RegisterName.visits: "at"}
_PARTIES: tuple[type[SQLModel], ...] = (Agency, Collector, Debtor, Account)


@dataclass(frozen=True)
class Imported:
    """What came of a file: its rows, how many were new, what they named that no register lists, and refusals."""

    register: str
    rows: int = 0
    new: int = 0
    unlisted: dict[str, int] = field(default_factory=dict)
    matched: int = 0
    refused: Sequence[BadInput] = ()

    def as_json(self) -> dict[str, Any]:
        """For `import --format json`."""
        counts = {"rows": self.rows, "new": self.new, "updated": self.rows - self.new, "recordings": self.matched}
        return {"register": self.register, **counts, "unlisted": self.unlisted, "refused": [*map(str, self.refused)]}


def import_file(
    session: Session, name: RegisterName, path: Path, mapping: Mapping, *, source: str = RECORDS, partly: bool = False
) -> Imported:
    """Puts a file into its register. With a refused row nothing of the file is put in, unless `partly` is wished for.

    Raises BadInput when the file as a whole cannot be used.
    """
    register = REGISTERS[name]
    reader = RowReader(name, path, mapping)
    count = sum(1 for _ in reader.rows())  # read twice rather than held: a file may have a million rows
    if reader.refused and not partly:
        return Imported(name, refused=reader.refused)
    before, named = _count(session, register.model), _unlisted(session)
    shared = {"source": source} if "source" in register.model.model_fields else {}
    for some in batches(reader.rows(), _BATCH):
        mark_due(session, _first_day(session, name, some))
        register.write(session, some, shared)
    fill_relations(session)
    matched = match_recordings(session) if name is RegisterName.calls else 0
    unlisted = {key: count - named[key] for key, count in _unlisted(session).items() if count > named[key]}
    new = _count(session, register.model) - before
    body = {"sha256": blobs.digest(path), "rows": count, "new": new, "refused": len(reader.refused)}
    trail.append(session, "system", "register.imported", name, body)
    return Imported(name, count, new, unlisted, matched, reader.refused)


def _first_day(session: Session, name: RegisterName, rows: Sequence[Row]) -> date:
    """The day from which the ledger may look otherwise: the first of the contacts that come in, or of what they were on
    file as; all days, when it is not contacts that come in.
    """
    if name not in _DATED:
        return EVER
    model: Any = REGISTERS[name].model
    (number,) = REGISTERS[name].key
    known = getattr(model, number).in_([getattr(row, number) for row in rows])
    on_file: date | None = session.exec(select(func.min(model.day)).where(known)).one()
    coming = min(local_day(getattr(row, _DATED[name])) for row in rows)
    return min(coming, on_file or coming)


def _count(session: Session, model: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(model)).one()


def _unlisted(session: Session) -> dict[str, int]:
    """How many entries of each kind are named by others and listed by no register."""
    counted = {}
    for model in _PARTIES:
        unfilled = select(func.count()).select_from(model).where(model.listed.is_(False))  # type: ignore[attr-defined]
        counted[model.__tablename__] = session.exec(unfilled).one()
    return {str(name): count for name, count in counted.items()}
