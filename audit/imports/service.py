"""Register files into the workspace: read, checked row by row, and put in as a whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session, SQLModel, func, select

from audit import trail
from audit.calls.matching import match_recordings
from audit.calls.service import RECORDS
from audit.imports.mapping import Mapping
from audit.imports.registers import REGISTERS, Register, RegisterName
from audit.imports.relations import fill_relations
from audit.imports.rows import Row
from audit.imports.sheets import Sheet, read_sheet
from audit.ledger.due import EVER, mark_due
from audit.parties.models import Account, Agency, Collector, Debtor
from audit.store import blobs
from audit.store.types import local_day
from audit.store.upsert import batches
from classifiers.errors import BadInput, first_mistake

_BATCH = 5_000  # rows
_REMEDY = "mend the row"
_DATED = {RegisterName.calls: "started_at", RegisterName.messages: "sent_at", RegisterName.visits: "at"}
_PARTIES: tuple[type[SQLModel], ...] = (Agency, Collector, Debtor, Account)


@dataclass(frozen=True)
class Imported:
    """What came of a file: its rows, how many were new, what they named that no register lists, and refusals."""

    register: RegisterName
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
    rows, refused = read_rows(name, path, mapping)
    if refused and not partly:
        return Imported(name, refused=refused)
    before, named = _count(session, register.model), _unlisted(session)
    shared = {"source": source} if "source" in register.model.model_fields else {}
    mark_due(session, _first_day(session, name, rows))
    for some in batches(rows, _BATCH):
        register.write(session, some, shared)
    fill_relations(session)
    matched = match_recordings(session) if name is RegisterName.calls else 0
    unlisted = {key: count - named[key] for key, count in _unlisted(session).items() if count > named[key]}
    new = _count(session, register.model) - before
    body = {"sha256": blobs.digest(path), "rows": len(rows), "new": new, "refused": len(refused)}
    trail.append(session, "system", "register.imported", name, body)
    return Imported(name, len(rows), new, unlisted, matched, refused)


def read_rows(name: RegisterName, path: Path, mapping: Mapping) -> tuple[list[Row], list[BadInput]]:
    """The rows of a file that hold, and a refusal naming line and field for each that does not.

    Raises BadInput when the file as a whole cannot be used.
    """
    register = REGISTERS[name]
    sheet = read_sheet(path, mapping.headings(name))
    columns = _columns(register, name, path, sheet, mapping)
    rows: list[Row] = []
    refused: list[BadInput] = []
    seen: dict[tuple[Any, ...], int] = {}
    for line, cells in sheet.rows:
        found = {column: mapping.code(column, cells.get(heading)) for heading, column in columns.items()}
        try:
            row = register.row.model_validate(found)
        except ValidationError as error:
            refused.append(BadInput(f"{path}:{line}: {first_mistake(error)}", _REMEDY))
            continue
        key = tuple(getattr(row, column) for column in register.key)
        if (first := seen.setdefault(key, line)) != line:
            what = f"{register.key[-1] if len(key) == 1 else ', '.join(register.key)}"
            refused.append(BadInput(f"{path}:{line}: {what}: stands in line {first} already", _REMEDY))
            continue
        rows.append(row)
    return rows, refused


def _columns(register: Register, name: RegisterName, path: Path, sheet: Sheet, mapping: Mapping) -> dict[str, str]:
    """The column of our register for each heading of the file that has one."""
    known = register.row.model_fields
    try:
        renamed = mapping.rename(name, sheet.headings)
    except BadInput as error:
        raise BadInput(f"{path}: {error.message}", error.remedy) from error
    columns = {heading: column for heading, column in renamed.items() if column in known}
    missing = [column for column, field in known.items() if field.is_required() and column not in columns.values()]
    if missing:
        raise BadInput(f"{path}: no column {', '.join(missing)}", "add it, or name its heading with --mapping")
    return columns


def _first_day(session: Session, name: RegisterName, rows: Sequence[Row]) -> date:
    """The day from which the ledger may look otherwise: the first of the contacts that come in, or of what they were on
    file as; all days, when it is not contacts that come in.
    """
    if name not in _DATED:
        return EVER
    days = [local_day(getattr(row, _DATED[name])) for row in rows]
    model: Any = REGISTERS[name].model
    (number,) = REGISTERS[name].key
    for some in batches(rows, _BATCH):
        known = getattr(model, number).in_([getattr(row, number) for row in some])
        days += filter(None, session.exec(select(func.min(model.day)).where(known)))
    return min(days, default=date.max)


def _count(session: Session, model: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(model)).one()


def _unlisted(session: Session) -> dict[str, int]:
    """How many entries of each kind are named by others and listed by no register."""
    counted = {}
    for model in _PARTIES:
        unfilled = select(func.count()).select_from(model).where(model.listed.is_(False))  # type: ignore[attr-defined]
        counted[model.__tablename__] = session.exec(unfilled).one()
    return {str(name): count for name, count in counted.items()}
