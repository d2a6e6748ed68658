"""Documents as DOCX by docxtpl, in a template that a house may replace with its own."""

import io
import zipfile
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from docx.document import Document as Body
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm
from docx.table import Table as Grid
from docxtpl import DocxTemplate

from classifiers.errors import BadInput
from reports.document.model import (
    Chart,
    Clip,
    Column,
    Document,
    Facts,
    Form,
    Heading,
    Items,
    Paragraph,
    Quote,
    Section,
    Signature,
    Table,
)
from reports.document.page import numeral
from reports.document.pdf import figure
from reports.document.written import Issue, row_written, rows_written

_TEMPLATES = Path(str(files("reports.document") / "templates"))
_TONES = {"plain": "Normal", "note": "Note", "warning": "Warning", "strong": "Strong Text"}
_MADE = (1980, 1, 1, 0, 0, 0)  # the time of every file in the package, so that the same document has the same bytes
_REMEDY = "mend the template; docs/reports.md lists what it may name"


def word(document: Document, issue: Issue, folder: Path | None = None) -> bytes:
    """The document as DOCX, in the folder's template `KIND.docx` if there is one. Raises BadInput for a template that
    is no Word file or names something that there is not.
    """
    path = own_template(document, folder) or _TEMPLATES / f"{document.style}.docx"
    template = DocxTemplate(path)
    try:
        told = _told(template, document, issue)
        strict = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=True)
        template.render(told, strict, autoescape=True)
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError) as error:
        raise BadInput(f"{path}: no Word template", "save it as .docx") from error
    except jinja2.TemplateError as error:
        raise BadInput(f"{path}: {str(error).strip() or 'a tag is wrong'}", _REMEDY) from error
    buffer = io.BytesIO()
    template.save(buffer)
    return _steady(buffer)


def own_template(document: Document, folder: Path | None) -> Path | None:
    """The house's own template for documents of this kind, if the folder has one."""
    own = folder / f"{document.kind}.docx" if folder else None
    return own if own and own.is_file() else None


def _told(template: DocxTemplate, document: Document, issue: Issue) -> dict[str, Any]:
    sections = [_section(template, n, section) for n, section in enumerate(document.sections, 1)]
    return {
        **document.fields,
        "title": document.title,
        "subtitle": document.subtitle,
        "to": document.to,
        "draft": "；".join(document.open),
        "sections": sections,
        "parts": {section.id: each for section, each in zip(document.sections, sections, strict=True)},
        "issue": issue.lines,
    }


def _section(template: DocxTemplate, number: int, section: Section) -> Mapping[str, Any]:
    body = template.new_subdoc()
    for part in section.blocks:
        _WRITERS[type(part)](_Body(body.subdocx, template), part)
    return {"id": section.id, "heading": f"{numeral(number)}、{section.title}", "title": section.title, "body": body}


class _Body:
    """Where blocks are written to, in the styles that the template has."""

    def __init__(self, body: Body, template: DocxTemplate) -> None:
        self._body = body
        whole = template.get_docx()
        self._styles = {style.name for style in whole.styles}
        page = whole.sections[0]
        self._width = (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)

    def paragraph(self, text: str, style: str) -> Any:
        return self._body.add_paragraph(text, style=self.style(style))

    def style(self, name: str) -> str | None:
        return name if name in self._styles else None

    def table(self, columns: int, widths: list[float]) -> Grid:
        grid: Grid = self._body.add_table(rows=0, cols=columns, style=self.style("Table Grid"))
        grid.autofit = False
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = Emu(int(self._width * width / sum(widths)))
        return grid

    def picture(self, png: bytes) -> None:
        run = self.paragraph("", "Picture").add_run()
        run.add_picture(io.BytesIO(png), width=Mm(150))

    def row(self, grid: Grid, texts: list[str], style: str, columns: list[Column] | None = None) -> None:
        cells = grid.add_row().cells  # type: ignore[no-untyped-call]
        for n, (cell, text) in enumerate(zip(cells, texts, strict=True)):
            cell.width = grid.columns[n].width
            paragraph = cell.paragraphs[0]
            paragraph.style = self.style(style)
            paragraph.add_run(text)
            if columns and columns[n].form is not Form.text:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _facts(body: _Body, part: Facts) -> None:
    grid = body.table(2, [1, 3])
    for label, value in part.rows:
        body.row(grid, [label, value or "未登记"], "Table Text")


def _table(body: _Body, part: Table) -> None:
    if part.caption:
        body.paragraph(part.caption, "Caption")
    if part.rows:
        grid = body.table(len(part.columns), [column.width for column in part.columns])
        body.row(grid, [column.name for column in part.columns], "Table Head")
        _repeat(grid)
        for row in rows_written(part):
            body.row(grid, row, "Table Text", part.columns)
        if part.total:
            body.row(grid, row_written(part.total, part.columns), "Table Head", part.columns)
    else:
        body.paragraph(part.empty, "Note")
    body.paragraph(part.note, "Note")


def _repeat(grid: Grid) -> None:
    """The first row stands again on each page."""
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(header)


def _items(body: _Body, part: Items) -> None:
    for n, each in enumerate(part.items, 1):
        body.paragraph(f"{n}. {each}" if part.numbered else each, "Normal" if part.numbered else "List Bullet")


def _chart(body: _Body, part: Chart) -> None:
    body.paragraph(part.caption, "Caption")
    body.picture(figure(part, "png"))


def _clip(body: _Body, part: Clip) -> None:
    body.paragraph(f"〔录音片段〕{part.caption}（{'见网页版' if part.sound else part.without}）", "Note")


def _quote(body: _Body, part: Quote) -> None:
    body.paragraph(f"“{part.text}”", "Quote")
    body.paragraph(part.source, "Note")


_WRITERS: dict[type, Callable[[_Body, Any], Any]] = {
    Paragraph: lambda body, part: body.paragraph(part.text, _TONES[part.tone]),
    Heading: lambda body, part: body.paragraph(part.text, "Heading 2"),
    Items: _items,
    Facts: _facts,
    Table: _table,
    Chart: _chart,
    Clip: _clip,
    Quote: _quote,
    Signature: lambda body, part: [body.paragraph(f"{line}：________________", "Normal") for line in part.lines],
}


def _steady(package: io.BytesIO) -> bytes:
    """The package with all its files of one time."""
    steady = io.BytesIO()
    with zipfile.ZipFile(package) as read, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as write:
        for entry in read.infolist():
            write.writestr(zipfile.ZipInfo(entry.filename, _MADE), read.read(entry), zipfile.ZIP_DEFLATED)
    return steady.getvalue()
