"""Rows of a file of text: its encoding, its lines, CSV and JSON Lines."""

import codecs
import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from audit.imports.cells import Cell, Row, plain
from classifiers.errors import BadInput

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def encoding_of(path: Path, start: bytes) -> str:
    """UTF-16 by its mark, UTF-8, or what Excel saves in China. Every line is tried, so that no text is garbled.

    `start` holds the file's first bytes. Raises BadInput naming the first line that is none of them.
    """
    if start.startswith(_UTF_16):
        return "utf-16"
    wrong = _first_line_not_in(path, "utf-8")
    if not wrong:
        return "utf-8-sig"
    if not start.startswith(codecs.BOM_UTF8) and not _first_line_not_in(path, "gb18030"):
        return "gb18030"
    _not_text(path, wrong)


def _first_line_not_in(path: Path, encoding: str) -> int | None:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                return number
    return None


def lines_of(path: Path, encoding: str) -> Iterator[str]:
    """The lines with their ends. Raises BadInput naming the line that is not text or holds a NUL character.

    The bytes are held, so that no file stays open when a reader stops half-way.
    """
    number = 0
    with io.TextIOWrapper(io.BytesIO(path.read_bytes()), encoding=encoding, newline="") as file:
        try:
            for number, line in enumerate(file, 1):
                if "\0" in line:
                    raise BadInput(f"{path}:{number}: holds a NUL character", "take it out, or export the file again")
                yield line
        except UnicodeError:
            _not_text(path, number + 1)


def _not_text(path: Path, line: int) -> NoReturn:
    raise BadInput(f"{path}:{line}: not text in UTF-8, UTF-16 or GB18030", "save the file as CSV UTF-8") from None


def csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[Cell]]]:
    """The cells of each row and the line on which it starts. Raises BadInput where the quotes are broken."""
    reader = csv.reader(lines_of(path, encoding), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [*cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(f"{path}:{line}: {error}", "mend the quotes of the row that starts there") from error


def json_rows(path: Path, encoding: str, *, drop_nested: bool = False) -> Iterator[tuple[int, Row]]:
    """The object of each line that is not blank. Raises BadInput for one that is none, or holds others, unless those
    are to be left out.
    """
    flat = _outer if drop_nested else _flat
    for number, line in enumerate(lines_of(path, encoding), 1):
        if line.strip():
            yield number, _object(path, number, line, flat)


def _object(path: Path, number: int, line: str, flat: Callable[[list[tuple[str, Any]]], Row]) -> Row:
    try:
        found = json.loads(line, object_pairs_hook=flat, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"{path}:{number}: {getattr(error, 'msg', error)}", "give one flat JSON object a line"
        ) from error
    if not isinstance(found, dict):
        raise BadInput(f"{path}:{number}: no JSON object", "give one flat JSON object a line")
    return found


def _flat(pairs: list[tuple[str, Any]]) -> Row:
    row: Row = {}
    for name, value in pairs:
        if isinstance(value, dict | list):
            raise ValueError(f"{name!r} holds a value within a value")
        if name in row:
            raise ValueError(f"two values {name!r}")
        row[name] = plain(value)
    return row


def _outer(pairs: list[tuple[str, Any]]) -> Row:
    return _flat([(name, value) for name, value in pairs if not isinstance(value, dict | list)])


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
