"""A document as data, written as page, Word, PDF and workbook."""

import io
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from classifiers.errors import BadInput
from reports.document.model import (
    Chart,
    Clip,
    Column,
    Content,
    Document,
    Facts,
    Form,
    Heading,
    Items,
    Paragraph,
    Quote,
    Section,
    Series,
    Sheet,
    Signature,
    Table,
)
from reports.document.page import numeral, page
from reports.document.pdf import figure, pdf
from reports.document.word import word
from reports.document.word_templates import SETTINGS, make
from reports.document.workbook import workbook
from reports.document.written import Issue, written

ISSUE = Issue(2, datetime(2026, 11, 2, 4, tzinfo=UTC), 123, "ab" * 32, "cd" * 32)
RARE = "㛃𬭎䶮喆堃"
MARKUP = "<b>A&B</b> {{ 1 + 1 }} #let x = 1 =SUM(A1)"
TABLE = Table(
    caption="违规统计",
    columns=[Column(name="类别", width=2), Column(name="数量", form=Form.count), Column(name="比例", form=Form.share)],
    rows=[["=1+1", 1234, 0.256], ["威胁恐吓", 3, None]],
    total=["合计", 1237, 1.0],
)
EVERY_BLOCK = [
    Paragraph(text=f"投诉人{RARE}称：{MARKUP}"),
    Paragraph(text="注\x00意\x0b事项", tone="warning"),
    Heading(text="（一）查明"),
    Items(items=["甲", "乙"], numbered=True),
    Facts(rows=[("转办编号", "ZB-1"), ("到期日", "")]),
    TABLE,
    Table(caption="空表", columns=[Column(name="甲")], rows=[], empty="本期没有"),
    Chart(
        caption="按月", form="lines", labels=["9月", "10月"], series=[Series(name="违规", values=[None, 2])], alt="折线"
    ),
    Chart(
        caption="按类", labels=["辱骂"], series=[Series(name="甲", values=[0]), Series(name="乙", values=[0])], alt="柱"
    ),
    Clip(caption="片段", sound=b"ID3"),
    Clip(caption="片段", without="录音已按期删除"),
    Quote(text="你等着", source="通话 C1，00:12"),
    Signature(lines=["负责人"]),
]


def document(*blocks: object, **more: object) -> Document:
    section = Section(id="facts", title="查明事实", blocks=list(blocks or EVERY_BLOCK))
    return Document(**{"kind": "reply", "title": "处理情况报告", "sections": [section], **more})


def docx_text(data: bytes) -> str:
    read = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in read.paragraphs] + cells)


@pytest.mark.parametrize("style", ["letter", "report"])
def test_every_block_is_written_in_every_format(style: str) -> None:
    whole = document(style=style, to="某监管局", open=["尚未决定"])
    html, word_text = page(whole, ISSUE).decode(), docx_text(word(whole, ISSUE))
    for text in (RARE, "负责人", "未登记", "25.6%", "1,234", "本期没有", "尚未决定", "第 123 号事件"):
        assert text in html, text
        assert text in word_text, text
    assert "&lt;b&gt;A&amp;B&lt;/b&gt; {{ 1 + 1 }}" in html
    assert MARKUP in word_text
    assert pdf(whole, ISSUE).startswith(b"%PDF")


def test_the_same_document_has_the_same_bytes() -> None:
    content = Content(document())
    for write in (page, word, pdf):
        assert write(content.document, ISSUE) == write(content.document, ISSUE)
    assert workbook(content, ISSUE) == workbook(content, ISSUE)
    assert content.digest() != Content(document(Paragraph(text="别的"))).digest()


def test_a_pdf_is_tagged_archival_and_refuses_what_no_font_shows() -> None:
    made = pdf(document(), ISSUE)
    assert b"<pdfaid:part>2</pdfaid:part>" in made
    assert b"pdfuaid:part" in made
    with pytest.raises(BadInput, match="no font has the character") as refused:
        pdf(document(Paragraph(text="名字\U0003134a")), ISSUE)
    assert "\U0003134a" in refused.value.message


def test_a_chart_is_drawn_for_pages_and_for_word() -> None:
    chart = next(block for block in EVERY_BLOCK if isinstance(block, Chart))
    assert figure(chart, "svg").startswith(b"<svg")
    assert figure(chart, "png").startswith(b"\x89PNG")


def test_a_workbook_has_a_sheet_for_each_table_and_nothing_runs_in_it() -> None:
    rows = [[f"={n}", "https://shengjian.invalid", n] for n in range(3)]
    columns = [Column(name="文字"), Column(name="链接"), Column(name="数", form=Form.count)]
    sheets = tuple(Sheet(name, columns, lambda: iter(rows)) for name in ("明细:1", "明细:1"))
    data = workbook(Content(document(), sheets), ISSUE)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["说明", "违规统计", "空表", "明细·1", "明细·1-2"]
    assert book.get_sheet_by_name("违规统计").to_python()[1:] == [
        ["=1+1", 1234.0, 0.256],
        ["威胁恐吓", 3.0, ""],
        ["合计", 1237.0, 1.0],
    ]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert not [name for name in package.namelist() if b"<f>" in package.read(name)]


@given(st.text(max_size=200))
@settings(max_examples=30, deadline=None)
def test_any_text_can_be_kept_in_a_workbook(text: str) -> None:
    kept = document(Table(caption=text[:40], columns=[Column(name="a")], rows=[[text]]))
    data = workbook(Content(kept), ISSUE)
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names) == 2


def test_a_house_may_use_its_own_word_template(tmp_path: Path) -> None:
    own = docx.Document()
    own.add_paragraph("某某银行函：{{ case_number }}")
    own.add_paragraph("{{p parts.facts.body }}")
    own.save(str(tmp_path / "reply.docx"))
    text = docx_text(word(document(fields={"case_number": "TS-1"}), ISSUE, tmp_path))
    assert "某某银行函：TS-1" in text
    assert "转办编号" in text


@pytest.mark.parametrize(
    ("tag", "problem"),
    [("{{ case_nubmer }}", "'case_nubmer' is undefined"), ("{% if %}", "Expected an expression"), (None, "no Word")],
)
def test_a_template_with_a_wrong_tag_is_named(tmp_path: Path, tag: str | None, problem: str) -> None:
    path = tmp_path / "reply.docx"
    path.write_bytes(b"no zip")
    if tag:
        own = docx.Document()
        own.add_paragraph(tag)
        own.save(str(path))
    with pytest.raises(BadInput, match=re.escape(str(path))) as refused:
        word(document(), ISSUE, tmp_path)
    assert problem in refused.value.message


@pytest.mark.parametrize("name", SETTINGS)
def test_the_shipped_templates_are_those_that_the_module_makes(name: str, tmp_path: Path) -> None:
    make(name, tmp_path / "made.docx")
    shipped = Path(__file__).parents[2] / "reports" / "document" / "templates" / f"{name}.docx"
    with zipfile.ZipFile(tmp_path / "made.docx") as made, zipfile.ZipFile(shipped) as kept:
        for part in ("word/document.xml", "word/styles.xml", "word/footer1.xml"):
            assert made.read(part) == kept.read(part)


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (None, Form.count, "—"),
        ("", Form.text, "—"),
        (0, Form.count, "0"),
        (12345, Form.count, "12,345"),
        (0.0512, Form.share, "5.1%"),
        (3.14159, Form.rate, "3.1"),
        (1200, Form.money, "1,200.00"),
        ("样本不足", Form.rate, "样本不足"),
    ],
)
def test_values_are_written_alike_everywhere(value: str | float | None, form: Form, text: str) -> None:
    assert written(value, form) == text


def test_sections_are_numbered_as_in_official_documents() -> None:
    assert [numeral(n) for n in (1, 9, 10, 11, 20, 21, 99)] == ["一", "九", "十", "十一", "二十", "二十一", "九十九"]
