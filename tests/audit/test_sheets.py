"""Register files as other systems export them: rows with their lines, and headings and codes under our names."""

import codecs
import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import imports
from audit.imports.mapping import folded, load_mapping
from audit.imports.sheets import read_sheet
from classifiers.errors import BadInput

SHIPPED = Path(imports.__path__[0], "headings.yaml")
KNOWN = {"call_id", "工号", "通话时长(秒)"}
ROWS = [["call_id", "工号", "备注"], ["CR1", "GH8001", "说“好”，\n改天"], ["CR2", "GH8002", ""]]


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Writes a file."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[[Callable[[Any], None]], Path]:
    """Makes a workbook with one sheet."""

    def make(fill: Callable[[Any], None]) -> Path:
        path = tmp_path / "sheet.xlsx"
        with xlsxwriter.Workbook(path) as book:
            fill(book)
        return path

    return make


def rows(path: Path, known: set[str] = KNOWN) -> list[tuple[int, dict[str, Any]]]:
    return list(read_sheet(path, known).rows)


def as_csv(table: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(table)
    return text.getvalue()


# CSV

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_of_every_kind_tells_the_line_on_which_a_row_starts(file, encoding: str, delimiter: str) -> None:
    path = file("calls.txt", as_csv(ROWS, delimiter).encode(encoding))
    assert rows(path) == [
        (2, {"call_id": "CR1", "工号": "GH8001", "备注": "说“好”，\n改天"}),
        (4, {"call_id": "CR2", "工号": "GH8002", "备注": ""}),
    ]


def test_utf_16_of_the_other_order_too(file) -> None:
    assert rows(file("calls.csv", codecs.BOM_UTF16_BE + as_csv(ROWS).encode("utf-16-be")))[0][1]["工号"] == "GH8001"


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.lists(cells, min_size=2, max_size=2), max_size=5),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    st.sampled_from(",\t;"),
)
def test_csv_reads_back_the_same(file, table: list[list[str]], encoding: str, delimiter: str) -> None:
    text = as_csv([["call_id", "工号"], *table], delimiter)
    read = [list(row.values()) for _, row in rows(file("calls.csv", text.encode(encoding)))]
    assert read == [row for row in table if any(cell.strip() for cell in row)]


def test_a_title_above_the_headings_is_left_out(file) -> None:
    sheet = read_sheet(file("calls.csv", "十月通话记录,,\n\n制表：韦青,,\nCALL ID,工号\nCR1,GH8001\n"), KNOWN)
    assert sheet.headings == ("CALL ID", "工号")
    assert list(sheet.rows) == [(5, {"CALL ID": "CR1", "工号": "GH8001"})]


def test_without_known_headings_the_first_row_has_them(file) -> None:
    assert rows(file("a.csv", "x;y;z\n1;2,5;3\n"), set()) == [(2, {"x": "1", "y": "2,5", "z": "3"})]


def test_rows_may_be_blank_short_or_end_in_commas(file) -> None:
    path = file("calls.csv", "call_id,工号,备注,,\nCR1\n\n , ,\nCR2,GH8002,,,\n")
    assert rows(path) == [
        (2, {"call_id": "CR1", "工号": "", "备注": ""}),
        (5, {"call_id": "CR2", "工号": "GH8002", "备注": ""}),
    ]


def test_a_column_without_heading_is_left_out(file) -> None:
    assert rows(file("calls.csv", ",call_id\n0,CR1\n")) == [(2, {"call_id": "CR1"})]


def test_a_sheet_of_headings_alone_has_no_rows(file) -> None:
    assert rows(file("calls.csv", "call_id,工号\n")) == []


# JSON Lines


def test_json_lines_keep_their_values(file) -> None:
    path = file(
        "calls.jsonl", '\ufeff{"call_id": "CR1", "时长": 65}\n\n{"call_id": null, "时长": 2.0, "ok": true}\n{}\n'
    )
    sheet = read_sheet(path)
    assert sheet.headings == ("call_id", "时长", "ok")
    assert list(sheet.rows) == [(1, {"call_id": "CR1", "时长": 65}), (3, {"call_id": None, "时长": 2, "ok": True})]


def test_json_lines_are_told_by_what_they_hold(file) -> None:
    assert rows(file("calls.txt", json.dumps({"call_id": "CR1"}))) == [(1, {"call_id": "CR1"})]


# Workbooks


def test_a_workbook_gives_values_and_the_rows_of_its_first_filled_sheet(workbook) -> None:
    def fill(book: Any) -> None:
        book.add_worksheet("空")
        hidden, sheet = book.add_worksheet("选项"), book.add_worksheet("通话")
        hidden.write(0, 0, "call_id")
        hidden.hide()
        sheet.merge_range("B2:E2", "十月通话记录")
        sheet.write_row("B4", ["call_id", "工号", "通话时长(秒)", "时间", "开始"])
        sheet.write_row("B5", [1001, "GH8001", 65.5])
        sheet.write_datetime("E5", datetime(2026, 10, 19, 8, 40), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        sheet.write_datetime("F5", time(22, 30), book.add_format({"num_format": "hh:mm"}))

    moment = datetime(2026, 10, 19, 8, 40)
    read = {"call_id": 1001, "工号": "GH8001", "通话时长(秒)": 65.5, "时间": moment, "开始": time(22, 30)}
    found = rows(workbook(fill))
    assert found == [(5, read)]
    assert isinstance(found[0][1]["call_id"], int)


def test_merged_cells_are_filled(workbook) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["call_id", "工号", "备注"])
        sheet.write_column("A2", ["CR1", "CR2", "CR3"])
        sheet.merge_range("B2:B3", "GH8001")
        sheet.merge_range("B4:C4", "GH8002")
        sheet.merge_range("G2:H9", "")

    assert [(row["call_id"], row["工号"], row["备注"]) for _, row in rows(workbook(fill))] == [
        ("CR1", "GH8001", ""),
        ("CR2", "GH8001", ""),
        ("CR3", "GH8002", "GH8002"),
    ]


def test_merged_cells_beyond_the_last_filled_one(workbook) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_column("A1", ["call_id", "CR1"])
        sheet.merge_range("C1:D2", "")

    assert rows(workbook(fill)) == [(2, {"call_id": "CR1"})]


OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
ODS = (
    f'<office:document-content xmlns:office="{OFFICE}office:1.0" xmlns:table="{OFFICE}table:1.0" '
    f'xmlns:text="{OFFICE}text:1.0"><office:body><office:spreadsheet><table:table table:name="a">'
    "{}</table:table></office:spreadsheet></office:body></office:document-content>"
)
MANIFEST = f'<manifest:manifest xmlns:manifest="{OFFICE}manifest:1.0"/>'


def test_an_open_document_sheet(file) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    row = f"<table:table-row>{cell}</table:table-row>"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", ODS.format(row.format("call_id") + row.format("CR1")))
        packed.writestr("META-INF/manifest.xml", MANIFEST)
    assert rows(file("calls.ods", held.getvalue())) == [(2, {"call_id": "CR1"})]


# Refusals


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", ": empty"),
        (" \n\n", ": empty"),
        ("call_id,工号\nCR1,GH8001,65\n", ":2: more cells than headings"),
        ("call_id,工号,call_id\n", ":1: two columns 'call_id'"),
        ('call_id,工号\nCR1,"GH8001\nCR2,GH8002\n', ":2: unexpected end of data"),
        ('call_id,工号\nCR1,x\nCR2,"GH"8001\n', ":3: ',' expected after '\"'"),
        ("call_id,工号\nCR1,\0\n", ":2: holds a NUL character"),
        (b"call_id\nCR1\n\xff\xff\xff\n", ":3: not text in UTF-8, UTF-16 or GB18030"),
        (codecs.BOM_UTF8 + "call_id\n工".encode()[:-1] + b"\n", ":2: not text"),
        (codecs.BOM_UTF16_LE + b"a\0\n\0b", ":2: not text"),
        (b"PK\x03\x04 and no more", ": no workbook that can be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ": no workbook that can be read"),
        ('{"a": 1}\n{"a": 1,}\n', ":2: Expecting property name"),
        ('{"a": [1]}\n', ":1: 'a' holds a value within a value"),
        ('{"a": 1, "a": 2}\n', ":1: two values 'a'"),
        ('{"a": NaN}\n', ":1: NaN is no number"),
        ('{"a": 1}\n[1]\n', ":2: no JSON object"),
        ('{"a":' * 100_000, ":1: "),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(file, content: str | bytes, why: str) -> None:
    path = file("calls.csv", content)
    with pytest.raises(BadInput) as refused:
        rows(path)
    assert refused.value.message.startswith(f"{path}{why}")
    assert refused.value.remedy


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        read_sheet(tmp_path / "calls.csv")


def test_a_file_of_json_that_is_none(file) -> None:
    with pytest.raises(BadInput, match=r"calls\.jsonl:1: Expecting value"):
        read_sheet(file("calls.jsonl", "call_id\n"))


# Headings


@pytest.mark.parametrize(
    "spelling", ["通话时长(秒)", "通话时长（秒）", "通话 时长", "*通话时长：", "通话时长【必填】", "通话时长(单位:秒)"]
)
def test_headings_are_compared_without_units_and_spaces(spelling: str) -> None:
    assert load_mapping().rename("calls", [spelling]) == {spelling: "duration_s"}


def test_a_length_in_minutes_is_not_taken_for_seconds() -> None:
    assert load_mapping().rename("calls", ["通话时长(分钟)"]) == {}


@pytest.mark.parametrize(
    ("register", "heading", "column"),
    [
        ("calls", "号码", "callee_phone"),
        ("contacts", "号码", "phone"),
        ("agencies", "号码", "lines"),
        ("calls", "主叫号码", "from_phone"),
        ("calls", "催收员工号", "collector_no"),
        ("visits", "催收员工号", "collector_nos"),
        ("calls", "Call ID", "call_id"),
        ("accounts", "借据号", "account_no"),
        ("messages", "短信内容", "text"),
        ("debtors", "姓名", "name"),
    ],
)
def test_a_heading_means_what_it_means_in_its_register(register: str, heading: str, column: str) -> None:
    assert load_mapping().rename(register, ["无关的列", heading]) == {heading: column}


def test_two_headings_of_one_column_are_refused() -> None:
    with pytest.raises(BadInput, match="'电话' and '手机号' both mean phone"):
        load_mapping().rename("contacts", ["姓名", "电话", "手机号"])


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("direction", "外呼", "outbound"),
        ("direction", "OB", "outbound"),
        ("direction", "Inbound", "inbound"),
        ("disposition", "NO_ANSWER", "no_answer"),
        ("disposition", "No Answer", "no_answer"),
        ("disposition", "空号", "wrong_number"),
        ("callee_relation", "本人", "self"),
        ("to_relation", "爸爸", "parent"),
        ("relation", "配偶", "spouse"),
        ("channel", "企业微信", "wechat"),
        ("relation", "Verlobte", "Verlobte"),
        ("relation", None, None),
        ("name", "本人", "本人"),
        ("duration_s", 65, 65),
    ],
)
def test_codes_in_use_become_ours(column: str, value: object, code: object) -> None:
    assert load_mapping().code(column, value) == code


def test_every_register_knows_its_columns_by_their_own_names() -> None:
    mapping = load_mapping()
    for register, columns in mapping.columns.items():
        for column in set(columns.values()):
            assert mapping.rename(register, [column.upper()]) == {column.upper(): column}
            assert folded(column) in mapping.headings(register)


def test_no_shipped_heading_means_two_columns() -> None:
    shipped = yaml.load(SHIPPED.read_text("utf-8"), yaml.BaseLoader)
    for columns in (shipped["columns"], *shipped["registers"].values()):
        told = Counter(folded(heading) for headings in columns.values() for heading in set(map(folded, headings)))
        assert [heading for heading, times in told.items() if times > 1] == []


def test_no_shipped_value_means_two_codes() -> None:
    shipped = {name.value: node for name, node in yaml.compose(SHIPPED.read_text("utf-8")).value}
    for _, codes in shipped["values"].value:
        told = Counter(folded(value.value) for value, _ in codes.value)
        assert [value for value, times in told.items() if times > 1] == []


def test_a_file_of_ones_own_goes_before_the_shipped_one(file) -> None:
    own = """
        columns: {call_id: [工单], collector_no: [编码]}
        registers: {contacts: {name: [称呼]}}
        values: {disposition: {成功: connected, 空号: no_answer, 2: busy}, relation: {no: unknown}}
    """
    mapping = load_mapping(file("own.yaml", own))
    assert mapping.rename("calls", ["工单", "编码", "通话时长"]) == {
        "工单": "call_id",
        "编码": "collector_no",
        "通话时长": "duration_s",
    }
    assert mapping.rename("contacts", ["称呼"]) == {"称呼": "name"}
    assert [mapping.code("disposition", value) for value in ("成功", "空号", 2, "占线")] == [
        "connected",
        "no_answer",
        "busy",
        "busy",
    ]
    assert mapping.code("callee_relation", "NO") == "unknown"


@pytest.mark.parametrize(
    ("own", "why"),
    [
        ("columns: {caller: [主叫]}", "no column 'caller': one of .*call_id"),
        ("registers: {call: {}}", "no register 'call': one of .*calls"),
        ("registers: {calls: {phone: [号码]}}", "no column in calls 'phone': one of call_id"),
        ("values: {gender: {男: m}}", "no column with codes 'gender': one of collector_channel, direction"),
        ("headings: {}", "headings: Extra inputs"),
        ("columns: {call_id: 流水}", "columns.call_id: Input should be a valid list"),
        ("columns: [", "mend the YAML"),
        ("", "all of it"),
        (b"columns: \xff", "mend the YAML"),
    ],
)
def test_what_a_file_of_ones_own_cannot_say(file, own: str | bytes, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        load_mapping(file("own.yaml", own))


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        load_mapping(tmp_path / "own.yaml")
