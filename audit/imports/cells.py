"""What a cell of a sheet may hold, and how to say that it cannot be used."""

import unicodedata
from datetime import date, datetime, time, timedelta

from pydantic_core import PydanticCustomError

Cell = str | int | float | bool | datetime | date | time | timedelta | None
Row = dict[str, Cell]

_EXACT = 10**15  # a workbook keeps fifteen digits of a number


def filled(cell: Cell) -> bool:
    """Whether there is more in the cell than spaces."""
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def plain(cell: Cell) -> Cell:
    """The cell with 1001.0 as 1001, for a workbook knows no whole numbers."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT else cell


def half_width(value: object) -> str:
    """The value as text in half width, without spaces around it; empty for None."""
    return "" if value is None else unicodedata.normalize("NFKC", str(value)).strip()


def wrong(problem: str) -> PydanticCustomError:
    """What to raise so that pydantic names just the problem."""
    return PydanticCustomError("cell", "{problem}", {"problem": problem})


def no(thing: str, value: object) -> PydanticCustomError:
    """What to raise for a value that is no such thing."""
    shown = half_width(value)[:40]
    return wrong(f"{shown!r} is no {thing}" if shown else f"it is empty: give a {thing}")
