"""The rows of a register file, checked one by one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from audit.imports.mapping import Mapping
from audit.imports.registers import REGISTERS, RegisterName
from audit.imports.rows import Row
from audit.imports.sheets import Sheet, read_sheet
from classifiers.errors import BadInput, first_mistake

_REMEDY = "mend the row"


class Shape(NamedTuple):
    """What the rows of a register hold, what makes two of them one, and whether values within values are left out."""

    row: type[Row]
    key: tuple[str, ...]
    drop_nested: bool = False


class RowReader:
    """Reads a file, as often as it is asked to; `refused` names line and field of what did not hold the last time."""

    def __init__(self, name: str, path: Path, mapping: Mapping, shape: Shape | None = None) -> None:
        """With a shape, of a register that is kept elsewhere and has headings only."""
        self._name = name
        self._shape = shape or _shape(RegisterName(name))
        self._path = path
        self._mapping = mapping
        self.refused: list[BadInput] = []

    def rows(self) -> Iterator[Row]:
        """The rows that hold. Raises BadInput when the file as a whole cannot be used."""
        return (row for _, row in self.numbered())

    def numbered(self) -> Iterator[tuple[int, Row]]:
        """The rows that hold, with their lines. Raises BadInput when the file as a whole cannot be used."""
        self.refused = []
        sheet = read_sheet(self._path, self._mapping.headings(self._name), drop_nested=self._shape.drop_nested)
        columns = self._columns(sheet)
        seen: dict[tuple[Any, ...], int] = {}
        for line, cells in sheet.rows:
            found = {
                column: self._mapping.code(column, cells.get(heading), self._name)
                for heading, column in columns.items()
            }
            try:
                row = self._shape.row.model_validate(found)
            except ValidationError as error:
                self.refuse(line, str(first_mistake(error)))
                continue
            key = tuple(getattr(row, column) for column in self._shape.key)
            if (first := seen.setdefault(key, line)) != line:
                self.refuse(line, f"{', '.join(self._shape.key)}: stands in line {first} already")
                continue
            yield line, row

    def refuse(self, line: int, what: str) -> None:
        """Adds a refusal, of a row that does not hold or does not fit what is on file."""
        self.refused.append(BadInput(f"{self._path}:{line}: {what}", _REMEDY))

    def _columns(self, sheet: Sheet) -> dict[str, str]:
        """The column of our register for each heading of the file that has one."""
        known = self._shape.row.model_fields
        try:
            renamed = self._mapping.rename(self._name, sheet.headings)
        except BadInput as error:
            raise BadInput(f"{self._path}: {error.message}", error.remedy) from error
        columns = {heading: column for heading, column in renamed.items() if column in known}
        missing = [column for column, field in known.items() if field.is_required() and column not in columns.values()]
        if missing:
            raise BadInput(
                f"{self._path}: no column {', '.join(missing)}", "add it, or name its heading with --mapping"
            )
        return columns


def _shape(name: RegisterName) -> Shape:
    register = REGISTERS[name]
    return Shape(register.row, register.key)
