"""Rows of an exported sheet, whatever its format: CSV, a workbook or JSON Lines, told apart by what is in the file."""

import codecs
import csv
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, repeat
from pathlib import Path

from audit.imports.cells import Cell, Row, filled
from audit.imports.mapping import folded
from audit.imports.texts import csv_rows, encoding_of, json_rows, lines_of
from audit.imports.workbooks import WORKBOOKS, workbook_rows
from classifiers.errors import BadInput

_JSON_ENDINGS = {".jsonl", ".ndjson", ".json-lines", ".json"}
_DELIMITERS = ",\t;"
_OPENING = 10  # rows among which the headings are looked for


@dataclass(frozen=True)
class Sheet:
    """The headings, and the rows with the lines on which they start. Rows are read as they are asked for, once."""

    headings: tuple[str, ...]
    rows: Iterator[tuple[int, Row]]


def read_sheet(path: Path, known: Collection[str] = (), *, drop_nested: bool = False) -> Sheet:
    """The file's first sheet; the headings are the first of ten rows that holds the most of the `known` ones. In JSON a
    value within a value is refused, or else left out.

    Raises BadInput naming file and line, here or while the rows are read.
    """
    try:
        with path.open("rb") as file:
            start = file.read(1024)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "give a file that can be read") from error
    wanted = {folded(heading) for heading in known}
    if start.startswith(WORKBOOKS):
        return _table(path, workbook_rows(path), wanted)
    encoding = encoding_of(path, start)
    if path.suffix.lower() in _JSON_ENDINGS or start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{"):
        return _json_sheet(path, encoding, drop_nested)
    return _table(path, csv_rows(path, encoding, _delimiter(path, encoding, wanted)), wanted)


def _table(path: Path, rows: Iterator[tuple[int, list[Cell]]], wanted: set[str]) -> Sheet:
    rest = (row for row in rows if any(map(filled, row[1])))
    opening = list(islice(rest, _OPENING))
    if not opening:
        raise BadInput(f"{path}: empty", "give a file with a row of headings")
    at = max(range(len(opening)), key=lambda n: _fit(opening[n][1], wanted))
    headings = _headings(path, *opening[at])
    return Sheet(tuple(filter(None, headings)), _named(path, headings, chain(opening[at + 1 :], rest)))


def _headings(path: Path, line: int, cells: list[Cell]) -> list[str]:
    """The headings without the empty ones at the end; an empty one between others is a column left out."""
    headings = ["" if cell is None else str(cell).strip() for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    for n, heading in enumerate(headings):
        if heading and heading in headings[:n]:
            raise BadInput(f"{path}:{line}: two columns {heading!r}", "rename one or take it out")
    return headings


def _named(path: Path, headings: list[str], rows: Iterable[tuple[int, list[Cell]]]) -> Iterator[tuple[int, Row]]:
    width = len(headings)
    for line, cells in rows:
        if any(map(filled, cells[width:])):
            raise BadInput(f"{path}:{line}: more cells than headings", "put cells with a comma in quotes")
        named = zip(headings, chain(cells, repeat("")), strict=False)  # a row may end before its last, empty cells
        yield line, {heading: cell for heading, cell in named if heading}


def _fit(cells: Iterable[Cell], wanted: set[str]) -> int:
    return sum(isinstance(cell, str) and folded(cell) in wanted for cell in cells)


def _delimiter(path: Path, encoding: str, wanted: set[str]) -> str:
    """The delimiter with which the first lines hold the most known headings, then the most columns."""
    opening = list(islice(lines_of(path, encoding), _OPENING))

    def promise(delimiter: str) -> tuple[int, int]:
        try:
            rows = list(csv.reader(opening, delimiter=delimiter))
        except csv.Error:  # it is named, with its line, when the rows are read
            return 0, 0
        return max((_fit(row, wanted) for row in rows), default=0), max(map(len, rows[:1]), default=0)

    return max(_DELIMITERS, key=promise)


def _json_sheet(path: Path, encoding: str, drop_nested: bool) -> Sheet:
    rows = list(json_rows(path, encoding, drop_nested=drop_nested))
    if not rows:
        raise BadInput(f"{path}: empty", "give a file with one object a line")
    headings = dict.fromkeys(chain.from_iterable(row for _, row in rows))
    return Sheet(tuple(headings), (row for row in rows if any(map(filled, row[1].values()))))
