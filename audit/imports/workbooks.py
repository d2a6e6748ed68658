"""Rows of a workbook, as Excel and WPS save it."""

from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from audit.imports.cells import Cell, plain
from classifiers.errors import BadInput

WORKBOOKS = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
)  # zip: .xlsx and .ods; compound file: .xls, or anything under a password


def workbook_rows(path: Path) -> Iterator[tuple[int, list[Cell]]]:
    """The cells of each row of the first sheet in sight that has any, numbered as Excel does; merged cells are filled.

    Raises BadInput when the file is damaged, under a password or no workbook.
    """
    try:
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            cells = _first_cells(book)
    except CalamineError as error:
        why = " ".join(str(error).split())
        raise BadInput(f"{path}: no workbook that can be read ({why})", "save it again, without a password") from error
    yield from enumerate(cells, 1)


def _first_cells(book: CalamineWorkbook) -> list[list[Cell]]:
    for about in book.sheets_metadata:
        if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible:
            sheet = book.get_sheet_by_name(about.name)
            if sheet.start:
                return _unmerged(sheet)
    return []


def _unmerged(sheet: CalamineSheet) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in rows[top : bottom + 1]:
            corner = rows[top][left : left + 1]  # nothing, where the merged cells lie beyond the last filled one
            row[left : right + 1] = corner * len(row[left : right + 1])
    return rows
