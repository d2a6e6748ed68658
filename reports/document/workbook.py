"""Documents as XLSX: what is said on the first sheet, each table on one of its own, then the sheets of data.

Rows are written as they come, so that memory does not grow with them; text is always text and never a formula.
"""

import io
import re
from collections.abc import Iterable
from tempfile import TemporaryDirectory
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.document.model import (
    Column,
    Content,
    Document,
    Facts,
    Form,
    Heading,
    Items,
    Paragraph,
    Quote,
    Table,
    Value,
)
from reports.document.written import Issue

_NUMBERS = {Form.count: "#,##0", Form.share: "0.0%", Form.rate: "#,##0.0", Form.money: "#,##0.00"}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_MOST_ROWS = 1_048_575  # of a sheet, below its headings
_LONGEST_TEXT = 32_767
_WIDE = 18  # characters of a column of width 1
_FIRST = "说明"


def workbook(content: Content, issue: Issue) -> bytes:
    """The document and its data as XLSX."""
    buffer = io.BytesIO()
    with TemporaryDirectory() as folder:
        book = Workbook(buffer, {"constant_memory": True, "strings_to_urls": False, "tmpdir": folder})
        book.set_properties({"title": content.document.title, "created": issue.made_at.replace(tzinfo=None)})
        _Writer(book).write(content, issue)
        book.close()
    return buffer.getvalue()


class _Writer:
    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._names: set[str] = set()
        self._head = book.add_format({"bold": True, "bg_color": "#EEF2F6", "border": 1, "text_wrap": True})
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._formats: dict[Form, Format | None] = {
            form: book.add_format({"num_format": _NUMBERS[form]}) if form in _NUMBERS else None for form in Form
        }

    def write(self, content: Content, issue: Issue) -> None:
        self._words(content.document, issue)
        for section in content.document.sections:
            for part in section.blocks:
                if isinstance(part, Table):
                    total = [part.total] if part.total else []
                    self._rows(part.caption or section.title, part.columns, [*part.rows, *total])
        for sheet in content.sheets:
            self._rows(sheet.name, sheet.columns, sheet.rows())

    def _words(self, document: Document, issue: Issue) -> None:
        sheet = self._sheet(_FIRST)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 100)
        told: list[tuple[str, str]] = [("待办", reason) for reason in document.open]
        for section in document.sections:
            told += [(section.title, "")]
            told += [line for part in section.blocks for line in _lines(part)]
        told += [("", line) for line in issue.lines]
        sheet.write_string(0, 0, document.title + ("（草稿）" if document.is_draft else ""), self._title)
        for at, (label, text) in enumerate(told, 2):
            sheet.write_string(at, 0, label[:_LONGEST_TEXT], self._head if label and not text else self._wrapped)
            sheet.write_string(at, 1, text[:_LONGEST_TEXT], self._wrapped)

    def _rows(self, name: str, columns: list[Column], rows: Iterable[list[Value]]) -> None:
        """Rows on a sheet, and on further ones of the name where they are more than a sheet holds."""
        sheet, at = self._headed(name, columns), 0
        for row in rows:
            if at == _MOST_ROWS:
                sheet, at = self._headed(name, columns), 0
            at += 1
            for n, (value, column) in enumerate(zip(row, columns, strict=True)):
                self._cell(sheet, at, n, value, column.form)

    def _headed(self, name: str, columns: list[Column]) -> Worksheet:
        sheet = self._sheet(name)
        for n, column in enumerate(columns):
            sheet.set_column(n, n, min(_WIDE * column.width, 100))
            sheet.write_string(0, n, column.name, self._head)
        sheet.freeze_panes(1, 0)
        return sheet

    def _cell(self, sheet: Worksheet, at: int, n: int, value: Value, form: Form) -> None:
        if value is None:
            return
        if isinstance(value, str):
            sheet.write_string(at, n, value[:_LONGEST_TEXT])
        else:
            sheet.write_number(at, n, value, self._formats[form])

    def _sheet(self, name: str) -> Worksheet:
        """A sheet of that name, as far as the format allows it, with a number where it is taken."""
        clean = _shortened(_FORBIDDEN.sub("·", name).strip(), _LONGEST_NAME) or "表"
        taken, number = clean, 1
        while taken.casefold() in self._names:
            number += 1
            taken = f"{_shortened(clean, _LONGEST_NAME - 4)}-{number}"
        self._names.add(taken.casefold())
        return self._book.add_worksheet(taken)


def _shortened(name: str, most: int) -> str:
    """The beginning of a name, at most so many UTF-16 units, which the format counts in."""
    return name.encode("utf-16-le", "replace")[: 2 * most].decode("utf-16-le", "ignore")


def _lines(part: Any) -> list[tuple[str, str]]:
    """What a block says, as label and text; tables have sheets of their own."""
    match part:
        case Paragraph() | Heading():
            return [("", part.text)]
        case Items():
            return [("", each) for each in part.items]
        case Facts():
            return [(label, value or "未登记") for label, value in part.rows]
        case Quote():
            return [(part.source, part.text)]
        case Table():
            return [("", f"见工作表“{part.caption}”")] if part.caption else []
    return []
