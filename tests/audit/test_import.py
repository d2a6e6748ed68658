"""Registers into the workspace through whole commands: what exports look like, what is refused, what is on file."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from sqlmodel import SQLModel, select

from audit.calls.models import Call
from audit.contacts.models import Message, Visit
from audit.imports.registers import REGISTERS, RegisterName
from audit.parties.models import Account, Assignment, Collector, ContactPerson, Debtor
from audit.store import database

Importer = Callable[..., Any]

CALLS = """call_id,collector_no,account_no,callee_phone,callee_relation,direction,started_at,duration_s,recording
CR1,GH1,AC1,138****1001,self,outbound,2026-10-19T08:40:55+08:00,60,
CR2,GH1,AC2,13900001002,sibling,outbound,2026-10-19T09:00:00+08:00,0,rec/CR2.wav
"""
COLLECTORS = "collector_no,name,team,agency,hired_on,certified_until,phone\n"
MESSAGES = "message_id,collector_no,account_no,to_phone,to_relation,channel,sent_at,text\n"
ACCOUNTS = "account_no,debtor_no,lender,agency,assigned_on\n"
DEBTORS = "debtor_no,name,phone\n"


@pytest.fixture
def bring(shengjian, tmp_path: Path) -> Importer:
    """Imports a register from text, and gives what the command told."""

    def imported(register: str, content: str | bytes, *options: str | Path, name: str = "export.csv") -> Any:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return shengjian("import", register, tmp_path / name, "--format", "json", *options)

    return imported


def kept(model: type[SQLModel]) -> list[Any]:
    """All that a table holds, oldest first."""
    with database.transaction() as session:
        return list(session.exec(select(model).order_by(model.id)))  # type: ignore[attr-defined]


def named(told: Any) -> tuple[int, int, int]:
    assert (told.code, told.err) == (0, "")
    return told.json["rows"], told.json["new"], told.json["updated"]


def gaps(shengjian) -> dict[str, list[str]]:
    return {gap["kind"]: gap["which"] for gap in shengjian("gaps", "--format", "json").json}


# What exports look like

CHINESE = """通话ID,催收员工号,借据号,被叫号码,与债务人关系,呼叫方向,呼叫时间,通话时长（秒）,录音文件名,通话结果
CR1,GH1,AC1,138****1001,本人,呼出,2026年10月19日 8时40分55秒,60,,已接通
CR2,GH1,AC2,13900001002,姐姐,呼出,2026/10/19 9:00,0,,无人接听
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_an_export_in_chinese_in_every_encoding(bring: Importer, encoding: str) -> None:
    assert named(bring("calls", CHINESE.encode(encoding))) == (2, 2, 0)
    first, second = kept(Call)
    assert (first.relation, first.direction, first.disposition, first.talk_seconds) == (
        "self",
        "outbound",
        "connected",
        60,
    )
    assert (second.relation, second.disposition, second.number) == ("sibling", "no_answer", "13900001002")
    assert first.started_at == datetime.fromisoformat("2026-10-19T08:40:55+08:00")


def test_a_workbook_with_a_title_and_merged_cells(bring: Importer, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "made.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:E1", "十月通话记录（导出）")
        sheet.write_row("A2", ["通话ID", "工号", "借据号", "关系", "方向", "呼叫时间", "通话时长"])
        sheet.merge_range("B3:B4", "GH1")
        sheet.write_row("A3", ["CR1"])
        sheet.write_row("A4", ["CR2"])
        for row, call in ((2, ["AC1", "本人", "外呼", None, 60]), (3, ["AC2", "父亲", "来电", None, 1.0])):
            sheet.write_row(row, 2, call)
            sheet.write_datetime(
                row, 5, datetime(2026, 10, 19, 8, 40), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            )
    told = bring("calls", (tmp_path / "made.xlsx").read_bytes(), name="export.xlsx")
    assert named(told) == (2, 2, 0)
    assert {(call.call_id, call.direction, call.relation) for call in kept(Call)} == {
        ("CR1", "outbound", "self"),
        ("CR2", "inbound", "parent"),
    }
    assert [collector.staff_no for collector in kept(Collector)] == ["GH1"]


def test_json_lines(bring: Importer) -> None:
    calls = [
        {"call_id": f"CR{n}", "collector_no": "GH1", "account_no": "AC1", "callee_relation": "self"} for n in (1, 2)
    ]
    rest = {"direction": "outbound", "started_at": "2026-10-19T08:40:55+08:00", "duration_s": 60}
    lines = "\n".join(json.dumps({**call, **rest}) for call in calls)
    assert named(bring("calls", lines, name="export.jsonl")) == (2, 2, 0)


STYLES = [
    "2026-10-19T08:40:55+08:00",
    "2026/10/19 8:40:55",
    "2026年10月19日 8时40分55秒",
    "20261019084055",
    "46314.361747685",
]


def test_five_styles_of_one_moment(bring: Importer) -> None:
    rows = [f"CR{n},GH1,AC1,self,outbound,{style},60" for n, style in enumerate(STYLES)]
    head = "call_id,collector_no,account_no,callee_relation,direction,started_at,duration_s\n"
    assert named(bring("calls", head + "\n".join(rows))) == (5, 5, 0)
    assert {call.started_at for call in kept(Call)} == {datetime.fromisoformat(STYLES[0])}


def test_a_mapping_names_headings_and_codes_of_their_own(bring: Importer, tmp_path: Path) -> None:
    mapping = tmp_path / "ours.yaml"
    mapping.write_text("columns: {account_no: [单据]}\nvalues: {direction: {打出: outbound}}\n", encoding="utf-8")
    export = CHINESE.replace("借据号", "单据").replace("呼出", "打出")
    refused = bring("calls", export)
    assert (refused.code, "no column account_no" in refused.err) == (2, True)
    assert named(bring("calls", export, "--mapping", mapping)) == (2, 2, 0)


# What is refused

BAD_ROWS = {
    "CR3,GH1,AC1,,self,outbound,2026-10-19,-5,": "duration_s",
    "CR3,GH1,AC1,,self,outbound,19/10/2026,5,": "started_at",
    "CR3,GH1,AC1,,self,sideways,2026-10-19,5,": "direction",
    ",GH1,AC1,,self,outbound,2026-10-19,5,": "call_id",
    "CR1,GH1,AC1,,self,outbound,2026-10-19,5,": "call_id: stands in line 2 already",
}


@pytest.mark.parametrize(("row", "problem"), BAD_ROWS.items())
def test_with_one_bad_row_nothing_is_put_in_unless_partly(bring: Importer, row: str, problem: str) -> None:
    told = bring("calls", CALLS + row + "\n")
    assert (told.code, told.json["rows"], kept(Call)) == (2, 0, [])
    assert f"export.csv:4: {problem}" in told.err
    assert "1 rows refused, nothing was imported" in told.err
    partly = bring("calls", CALLS + row + "\n", "--partly")
    assert (partly.code, partly.json["new"], partly.err.count("\n")) == (2, 2, 1)
    assert {call.call_id for call in kept(Call)} == {"CR1", "CR2"}


def test_a_call_that_ends_before_it_starts(bring: Importer) -> None:
    head, first, second = CALLS.splitlines()
    export = f"{head},ended_at\n{first},2026-10-19T08:42:00+08:00\n{second},2026-10-19T08:59:59+08:00\n"
    told = bring("calls", export, "--partly")
    assert (told.code, told.json["new"]) == (2, 1)
    assert "export.csv:3: ended_at: the call ends before it starts" in told.err


BAD_FILES: dict[str, tuple[str, str | bytes, str]] = {
    "a wrong column": ("calls", CALLS.replace("started_at", "started"), "no column started_at"),
    "columns of another register": ("debtors", CALLS, "no column debtor_no, name, phone"),
    "two columns of one meaning": ("debtors", "debtor_no,客户号,name,phone\nD1,D1,a,\n", "both mean debtor_no"),
    "nothing": ("calls", "", "empty"),
    "no text": ("calls", CALLS.encode() + b"\xff\xff", "not text"),
    "more cells than headings": ("debtors", DEBTORS + "D1,a,1,extra\n", "export.csv:2: more cells than headings"),
    "a heading alone": ("visits", "visit_id", "no column"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_file_that_cannot_be_used_is_one_line(bring: Importer, case: str) -> None:
    register, content, problem = BAD_FILES[case]
    told = bring(register, content)
    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert problem in told.err


BAD_ACCOUNTS = {
    "AC1,D1,甲银行,甲公司,,": "assigned_on: missing beside an agency",
    "AC1,D1,甲银行,甲公司,2026-10-02,2026-10-01": "assigned_until: before assigned_on",
}


@pytest.mark.parametrize(("row", "problem"), BAD_ACCOUNTS.items())
def test_an_assignment_begins_and_then_ends(bring: Importer, row: str, problem: str) -> None:
    head = ACCOUNTS.replace("\n", ",assigned_until\n")
    assert f"export.csv:2: {problem}" in bring("accounts", head + row).err


def test_an_agency_has_an_account_from_a_day_on(bring: Importer) -> None:
    told = bring("accounts", "account_no,debtor_no,lender,agency\nAC1,D1,甲银行,甲公司\n")
    assert "export.csv:2: assigned_on: missing beside an agency" in told.err


def test_a_file_that_is_not_there_is_one_line(shengjian, tmp_path: Path) -> None:
    told = shengjian("import", "calls", tmp_path / "gone.csv")
    assert (told.code, told.err.count("\n")) == (2, 1)


def test_a_message_that_was_sent_does_not_change(bring: Importer) -> None:
    row = "M1,GH1,AC1,13800001001,self,sms,2026-10-19 10:00,"
    assert named(bring("messages", f"{MESSAGES}{row}您好\n")) == (1, 1, 0)
    told = bring("messages", f"{MESSAGES}M2{row[2:]}再见\n{row}您好吗\n")
    assert (told.code, told.err.count("\n")) == (2, 1)
    assert "message M1 is on file with another text" in told.err
    assert [message.text for message in kept(Message)] == ["您好"]


def test_another_key_opens_nothing(bring: Importer, shengjian, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bring("calls", CALLS).code == 0
    monkeypatch.setenv("SHENGJIAN_KEY", "0" * 64)
    for told in (bring("calls", CALLS), shengjian("ledger"), shengjian("gaps")):
        assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
        assert "another key" in told.err
    monkeypatch.setenv("SHENGJIAN_KEY", "no key")
    assert (bring("calls", CALLS).code, bring("calls", CALLS).err.count("\n")) == (2, 1)


# What is then on file


def test_the_same_file_again_changes_nothing(bring: Importer) -> None:
    files = {
        "agencies": "agency,lines\n甲公司,02100009101;02100009102\n",
        "collectors": COLLECTORS + "GH1,陈一,一组,甲公司,2024-01-08,2027-01-31,02100009111\n",
        "debtors": DEBTORS + "D1,林二,13800001001\nD2,周三,\n",
        "accounts": ACCOUNTS + "AC1,D1,甲银行,甲公司,2026-09-01\nAC1,D1,甲银行,乙公司,2026-10-01\n",
        "contacts": "debtor_no,name,relation,phone\nD1,林三,sibling,13900001002\nD1,,friend,\n",
        "calls": CALLS,
        "messages": MESSAGES + "M1,GH1,AC1,13800001001,self,sms,2026-10-19 10:00,您好\n",
        "agreements": "debtor_no,from_time,to_time,agreed_on\nD1,22:00,23:00,2026-10-01\n",
        "visits": "visit_id,collector_nos,account_no,at\nV1,GH1;GH2,AC1,2026-10-19 10:00\n",
        "policies": "policy_no,title\nP1,催收管理制度\n",
    }
    first = {register: named(bring(register, content)) for register, content in files.items()}
    again = {register: named(bring(register, content)) for register, content in files.items()}
    assert {register: (rows, new) for register, (rows, new, _) in first.items()} == {
        **{register: (content.count("\n") - 1, content.count("\n") - 1) for register, content in files.items()},
        "accounts": (2, 1),
    }
    assert {new for _, new, _ in again.values()} == {0}
    assert [len(kept(model)) for model in (Call, Message, Visit, Assignment, ContactPerson)] == [2, 1, 1, 2, 2]


@pytest.mark.parametrize("register", RegisterName)
def test_a_register_needs_no_more_than_it_must(bring: Importer, register: RegisterName) -> None:
    usual = {"direction": "inbound", "channel": "sms", "duration_s": "60", "from_time": "22:00", "to_time": "23:00"}
    usual |= dict.fromkeys(["started_at", "sent_at", "at", "agreed_on"], "2026-10-19")
    columns = [name for name, field in REGISTERS[register].row.model_fields.items() if field.is_required()]
    content = "\n".join([",".join(columns), ",".join(usual.get(column, "1") for column in columns)])
    assert named(bring(register, content)) == (1, 1, 0)
    assert named(bring(register, content)) == (1, 0, 1)


def test_a_debtor_without_a_phone(bring: Importer) -> None:
    assert named(bring("debtors", DEBTORS + "D1,林二,\nD2,周三,—\n")) == (2, 2, 0)
    assert [(debtor.phone, debtor.phone_key) for debtor in kept(Debtor)] == [(None, None)] * 2


def test_columns_that_a_file_lacks_stay_as_they_were(bring: Importer) -> None:
    bring("collectors", COLLECTORS + "GH1,陈一,一组,甲公司,2024-01-08,2027-01-31,02100009111\n")
    bring("collectors", "collector_no,name,team,agency,certified_until\nGH1,陈一,二组,甲公司,\n")
    (collector,) = kept(Collector)
    assert (collector.team, collector.certified_until) == ("二组", None)
    assert (collector.phone, collector.hired_on.isoformat()) == ("02100009111", "2024-01-08")
    bring("accounts", "account_no,debtor_no,lender,interest_rate\nAC1,D1,甲银行,0.2160\n")
    bring("accounts", "account_no,debtor_no,lender,principal\nAC1,D1,甲银行,28000\n")
    (account,) = kept(Account)
    assert (f"{account.interest_rate:.4f}", f"{account.principal:.2f}") == ("0.2160", "28000.00")


def test_what_calls_name_is_a_gap_until_its_register_comes(bring: Importer, shengjian) -> None:
    told = bring("calls", CALLS)
    assert told.json["unlisted"] == {"collector": 1, "account": 2}
    assert gaps(shengjian) == {
        "collector not listed": ["GH1"],
        "account not listed": ["AC1", "AC2"],
        "recording named but not received": ["CR2"],
        "connected call without recording": ["CR1"],
    }
    bring("accounts", ACCOUNTS + "AC1,D1,甲银行,甲公司,2026-09-01\nAC2,D1,甲银行,,\n")
    bring("collectors", COLLECTORS + "GH1,陈一,一组,甲公司,,,\n")
    assert gaps(shengjian)["agency not listed"] == ["甲公司"]
    assert gaps(shengjian)["debtor not listed"] == ["D1"]
    bring("agencies", "agency\n甲公司\n")
    bring("debtors", DEBTORS + "D1,林二,\n")
    assert set(gaps(shengjian)) == {"recording named but not received", "connected call without recording"}
    assert "AC1" not in shengjian("gaps").out


def test_who_was_called_is_told_by_the_number_once_a_register_knows_it(bring: Importer) -> None:
    head, *rows = CALLS.splitlines()
    bring("calls", "\n".join([head, *(row.replace(",self,", ",,").replace(",sibling,", ",,") for row in rows)]))
    assert [call.relation for call in kept(Call)] == [None, None]
    bring("accounts", ACCOUNTS + "AC1,D1,甲银行,,\nAC2,D1,甲银行,,\n")
    bring("debtors", DEBTORS + "D1,林二,13800001001\n")
    bring("contacts", "debtor_no,name,relation,phone\nD1,林三,sibling,139****1002\n")
    assert [call.relation for call in kept(Call)] == ["self", "sibling"]


def test_a_collector_named_with_and_without_an_agency_is_one(bring: Importer, shengjian) -> None:
    head, first, second = CALLS.splitlines()
    bring("calls", f"{head},agency\n{first},\n{second},甲公司\n")
    bring("visits", "visit_id,collector_nos,account_no,at\nV1,GH1;GH2,AC1,2026-10-19 10:00\n")
    bring("messages", MESSAGES + "M1,GH1,AC1,13800001001,self,sms,2026-10-19 10:00,您好\n")
    assert len(kept(Collector)) == 3
    assert bring("collectors", COLLECTORS + "GH1,陈一,一组,甲公司,,,\nGH2,林二,一组,甲公司,,,\n").code == 0
    one, other = kept(Collector)
    assert {call.collector_id for call in kept(Call)} == {one.id}
    assert kept(Message)[0].collector_id == one.id
    assert kept(Visit)[0].collectors == [one.id, other.id]
    assert "collector not listed" not in gaps(shengjian)


def test_one_number_in_two_agencies_is_two_collectors(bring: Importer) -> None:
    bring("collectors", COLLECTORS + "GH1,陈一,一组,甲公司,,,\nGH1,林二,一组,乙公司,,,\n")
    head, first, second = CALLS.splitlines()
    bring("calls", f"{head},agency\n{first},甲公司\n{second},乙公司\n")
    collectors = {collector.id: collector.name for collector in kept(Collector)}
    assert [collectors[call.collector_id] for call in kept(Call)] == ["陈一", "林二"]


def test_numbers_lie_encrypted(bring: Importer, home: Path) -> None:
    bring("calls", CALLS)
    bring("debtors", DEBTORS + "D1,林二,13800001001\n")
    with database.engine().connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    on_disk = (home / "shengjian.sqlite").read_bytes()
    assert b"CR1" in on_disk
    assert b"13900001002" not in on_disk
    assert b"13800001001" not in on_disk


def test_an_import_stands_in_the_trail(bring: Importer, shengjian) -> None:
    bring("calls", CALLS)
    told = shengjian("trail", "verify")
    assert (told.code, "1 event" in told.out) == (0, True)


# PostgreSQL


def test_postgresql_keeps_the_same_ledger(
    bring: Importer, shengjian, demo: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept_ledger() -> tuple[list[Any], list[str]]:
        told = [shengjian("import", name, demo / f"{name}.csv", "--format", "json") for name in [*RegisterName] * 2]
        assert {ran.code for ran in told} == {0}
        ledger = shengjian("ledger", "--format", "json").json
        return [ran.json for ran in told], sorted(json.dumps(row, sort_keys=True) for row in ledger)

    on_sqlite = kept_ledger()
    monkeypatch.setenv("SHENGJIAN_DATABASE_URL", request.getfixturevalue("postgres"))
    assert shengjian("db", "upgrade").code == 0
    assert kept_ledger() == on_sqlite
    assert on_sqlite[1]
