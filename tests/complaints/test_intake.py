"""Intake: complaints out of files and one by one, each once, and found again when the same person complains again."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from sqlmodel import select

from audit.calls.today import DEMO_NOON, moment
from audit.imports.mapping import load_mapping
from audit.imports.registers import RegisterName
from audit.imports.service import import_file
from audit.store import database
from audit.store.types import LOCAL, now
from complaints.clock_rules import OTHER, Unit, shipped_rules
from complaints.clocks import Within
from complaints.due import told_due
from complaints.facts import facts
from complaints.intake import channel_code
from complaints.models import Complaint

TEXT = "催收员天天打电话骂人，要求道歉。"
ROW = {"id": "T1", "channel": "12378转办", "received_at": "2026-10-21 09:30", "text": TEXT, "phone": "138****1001"}

Bring = Callable[..., Any]


@pytest.fixture
def bring(shengjian, tmp_path: Path) -> Bring:
    """Imports rows as JSON Lines and gives how the command ended."""

    def put(*rows: dict[str, Any], options: tuple[str, ...] = ()) -> Any:
        path = tmp_path / "complaints.jsonl"
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
        return shengjian("import", "complaints", path, "--format", "json", *options)

    return put


def listed(shengjian) -> list[dict[str, Any]]:
    return shengjian("complaints", "list", "--format", "json").json


def test_a_file_is_taken_in_once_and_what_it_must_not_hold_is_not_kept(bring, shengjian) -> None:
    rows = [
        {**ROW, "gold": {"calls": ["C1"]}},
        {**ROW, "id": "T2", "channel": "客服热线", "phone": None, "text": "骚扰"},
    ]
    assert bring(*rows).json == {
        "register": "complaints", "rows": 2, "new": 2, "updated": 0, "recordings": 0, "unlisted": {}, "refused": []
    }  # fmt: skip
    assert (again := bring(*rows)).json["new"] == 0, again.err
    assert [(row["number"], row["channel"], row["state"]) for row in listed(shengjian)] == [
        ("TS20261021-0001", "12378", "received"),
        ("TS20261021-0002", "hotline_own", "received"),
    ]
    shown = shengjian("complaints", "show", "T1", "--format", "json")
    assert "gold" not in shown.out
    assert [event["kind"] for event in shown.json["events"]] == ["received"]
    assert shown.json["phone"] == "138****1001"
    assert [kind["quote"] for kind in shown.json["reading"]["kinds"]] == ["天天打", "骂人"]


@pytest.mark.parametrize("name", ["complaints.csv", "complaints.xlsx"])
def test_sheets_with_other_headings(shengjian, tmp_path: Path, name: str) -> None:
    headings = ["投诉编号", "渠道", "收到时间", "投诉人", "联系电话", "投诉内容", "类型"]
    table = [headings, ["A1", 12363, "2026-10-21", "李明", "", TEXT, "举报"]]
    path = tmp_path / name
    if name.endswith("csv"):
        path.write_text("\n".join(",".join(map(str, row)) for row in table), encoding="gb18030")
    else:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for n, row in enumerate(table):
                sheet.write_row(n, 0, row)
    assert shengjian("import", "complaints", path).code == 0
    (row,) = listed(shengjian)
    assert (row["channel"], row["type"], row["external_ref"], row["due_on"]) == ("12363", "report", "A1", "2026-11-05")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("12378", "12378"),
        ("监管转办12378", "12378"),
        ("12378转办", "12378"),
        ("hotline_12378", "12378"),
        ("客服热线", "hotline_own"),
        ("客服电话", "hotline_own"),
        ("Hotline Own", "hotline_own"),
        ("邮件", "email"),
        ("E-mail", "email"),
        ("电子邮件", "email"),
        ("信访", "petition"),
        ("黑猫", "media"),
        ("media_heimao", "media"),
        ("来信", "letter"),
        ("官网", "web"),
        ("ＡＰＰ", "app"),
        ("12345热线", "12345"),
        ("人民银行", "pboc"),
        ("金融监管总局", "nfra"),
        ("漂流瓶", "漂流瓶"),
    ],
)
def test_channels_as_they_are_written(written: str, code: str) -> None:
    assert channel_code(written, load_mapping()) == code


def test_clocks_are_for_channels_that_the_table_knows() -> None:
    codes = set(load_mapping().values["complaint_channel"].values())
    assert set(shipped_rules().channels) - {OTHER} <= codes


def test_an_update_takes_on_what_is_new_and_leaves_what_was_corrected(bring, shengjian) -> None:
    bring({**ROW, "collector": "GH8001"})
    shengjian("complaints", "correct", "T1", "--type", "举报", "--by", "林一")
    assert (
        bring({**ROW, "received_at": "2026-10-20", "type": "投诉", "complainant": "李明", "due_on": "2026-10-26"}).code
        == 0
    )
    told = shengjian("complaints", "show", "T1", "--format", "json").json
    assert (told["type"], told["complainant"], told["collectors"]) == ("report", "李明", ["GH8001"])
    assert {clock["rule"]: clock["due_at"][:10] for clock in told["clocks"]} == {
        "decision": "2026-11-04",
        "own-due": "2026-10-26",
    }
    assert [event["kind"] for event in told["events"]] == ["received", "corrected", "updated"]


def test_a_due_date_set_by_hand_is_not_overwritten(bring, shengjian) -> None:
    bring({**ROW, "due_on": "2026-10-28"})
    shengjian("complaints", "due", "T1", "3w")
    bring({**ROW, "due_on": "2026-10-28"})
    assert listed(shengjian)[0]["due_on"] == "2026-10-26"


def test_what_was_written_does_not_change(bring, shengjian) -> None:
    bring(ROW)
    refused = bring({**ROW, "text": "另一段话"}, {**ROW, "id": "T2"})
    assert refused.code == 2
    assert "complaints.jsonl:1: text: complaint T1 is on file as TS20261021-0001 with another text" in refused.err
    assert len(listed(shengjian)) == 1, "nothing half-imported"
    assert bring({**ROW, "text": "另一段话"}, {**ROW, "id": "T2"}, options=("--partly",)).json["new"] == 1


TOO_LATE = f"{now() + timedelta(days=3):%Y-%m-%d}"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"text": ""}, ":1: text: it is empty"),
        ({"text": "长" * 50_001}, ":1: text: 50001 characters: give 50000 at most"),
        ({"received_at": "昨天"}, ":1: received_at: '昨天' is no time"),
        ({"received_at": TOO_LATE}, f":1: received_at: {TOO_LATE} 00:00 lies in the future"),
        ({"due_on": "2026-10-01"}, ":1: due_on: before received_at"),
        ({"type": "吐槽"}, ":1: type: Input should be 'complaint'"),
        ({"channel": ""}, ":1: channel: it is empty"),
        ({"channel": None}, ":1: channel: it is empty"),
    ],
)
def test_a_row_that_does_not_hold_is_one_line(bring, shengjian, changed: dict[str, Any], why: str) -> None:
    refused = bring({**ROW, **changed})
    assert refused.code == 2
    assert why in refused.err.splitlines()[0]
    assert listed(shengjian) == []


def test_a_missing_column_is_one_line(bring) -> None:
    refused = bring({name: value for name, value in ROW.items() if name != "text"})
    assert (refused.code, len(refused.err.splitlines())) == (2, 1)
    assert "no column text" in refused.err


def test_one_complaint_is_received_from_a_file(shengjian, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("来信：本人委托律师投诉贵司催收员张强辱骂。", encoding="utf-8")
    told = ("--channel", "来信", "--received-at", "2026-10-20T09:00", "--phone", "13800001001", "--due", "5d")
    ran = shengjian("complaints", "receive", letter, *told, "--by", "林一")
    assert ran.out.startswith("TS20261020-0001: received, own-due due 2026-10-25 (")
    (row,) = listed(shengjian)
    assert (row["channel"], row["due_on"]) == ("letter", "2026-10-25")
    shown = shengjian("complaints", "show", row["number"])
    assert "13800001001" not in shown.out
    assert "138****1001" in shown.out


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("--due", "soon", "soon is no due date"),
        ("--received-at", "x", "received_at: 'x' is no time"),
        ("--type", "吐槽", "type: Input should be"),
    ],
)
def test_a_wrong_option_is_one_line(shengjian, tmp_path: Path, option: str, value: str, why: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    refused = shengjian("complaints", "receive", tmp_path / "a.txt", "--channel", "邮件", option, value)
    assert (refused.code, len(refused.err.splitlines())) == (2, 1)
    assert why in refused.err


FIRST = {
    **ROW,
    "id": "F",
    "channel": "客服热线",
    "received_at": "2026-09-10",
    "complainant": "李明",
    "phone": "13800001001",
}


@pytest.mark.parametrize(
    ("later", "how"),
    [
        ({"channel": "12378", "text": TEXT.replace("，", "， ")}, "duplicate"),
        ({"channel": "12378", "text": TEXT, "received_at": "2026-10-20"}, "repeat"),
        ({"text": "又来了"}, "repeat"),
        ({"text": "又来了", "phone": "138****1001", "complainant": "李先生"}, "repeat"),
        ({"text": "又来了", "phone": ""}, "repeat"),
        ({"text": "又来了", "phone": "", "complainant": "李先生"}, None),
        ({"text": "又来了", "phone": "13900001001"}, None),
        ({"text": TEXT, "phone": "", "complainant": "匿名用户"}, None),
    ],
)
def test_who_complains_again(bring, shengjian, later: dict[str, str], how: str | None) -> None:
    """The same number as far as it can be seen, or where one gave none the same name if it tells somebody."""
    bring(FIRST, {**FIRST, "id": "L", "received_at": "2026-09-20", **later})
    found = shengjian("complaints", "show", "L", "--format", "json").json
    assert found["repeat_of"] == ("TS20260910-0001" if how else None)
    assert [event["body"]["as"] for event in found["events"] if event["kind"] == "linked"] == [how] * bool(how)


def test_the_first_is_the_one_received_first_whenever_it_comes_in(bring, shengjian) -> None:
    for ref, day in (("B", "2026-10-15"), ("C", "2026-10-18"), ("A", "2026-10-12")):
        bring({**FIRST, "id": ref, "received_at": day, "text": f"{TEXT}{ref}"})
    found = {row["external_ref"]: row["repeat_of"] for row in listed(shengjian)}
    assert found == {"A": None, "B": "TS20261012-0001", "C": "TS20261012-0001"}
    shengjian("complaints", "correct", "C", "--repeat-of", "none")
    bring({**FIRST, "id": "D", "received_at": "2026-10-19", "text": "再投诉"})
    assert {row["external_ref"]: bool(row["repeat_of"]) for row in listed(shengjian)} == {
        "A": False, "B": True, "C": False, "D": True
    }  # fmt: skip


@pytest.mark.parametrize(
    ("channel", "text", "type_"),
    [
        ("信访", "催收员天天骂人", "petition"),
        ("信访", "我要举报这家公司", "report"),
        ("客服热线", "请问怎么停止催收", "inquiry"),
        ("12378", "催收员天天骂人", "complaint"),
    ],
)
def test_the_type_is_told_by_the_text_or_else_by_the_channel(
    bring, shengjian, channel: str, text: str, type_: str
) -> None:
    bring({**ROW, "channel": channel, "text": text})
    assert listed(shengjian)[0]["type"] == type_


@pytest.mark.parametrize(
    ("channel", "text", "due"),
    [
        ("12378", "【转办】现转你公司办理，请于五日内回复。", Within(5, Unit.calendar)),
        ("nfra", "现转送贵行，请你单位10个工作日内办结并反馈", Within(10, Unit.working)),
        ("12345", "转办：请于11月5日前答复市民", date(2026, 11, 5)),
        ("12345", "转办：请于1月5日前答复市民", date(2027, 1, 5)),
        ("12378", "转办件：请于收到之日起十五个工作日内书面答复", Within(15, Unit.working)),
        ("12378", "转办：投诉人要求三天内答复", None),
        ("hotline_own", "请转办，于五日内回复", None),
        ("12378", "希望贵司五日内回复我", None),
    ],
)
def test_a_transfer_sets_its_own_due_date(channel: str, text: str, due: object) -> None:
    assert told_due(text, channel, datetime(2026, 10, 21, tzinfo=LOCAL)) == due


@pytest.mark.parametrize(
    ("text", "axes"),
    [
        ("催收员打电话骂人", ("前台—电子渠道—电话", "贷款", "债务催收方式和手段")),
        ("用短信把我信用卡欠款信息泄露给同事", ("前台—电子渠道—短信", "银行卡", "消费者信息安全")),
        ("利息太高了", ("前台—电子渠道—电话", "贷款", "定价、收费")),
    ],
)
def test_the_axes_of_the_standard_are_proposed(bring, shengjian, text: str, axes: tuple[str, ...]) -> None:
    bring({**ROW, "text": text})
    told = shengjian("complaints", "show", "T1", "--format", "json").json
    assert (told["business_channel"], told["business"], told["cause"]) == axes
    assert all(told[axis] in facts().names(axis) for axis in ("business_channel", "business", "cause"))


def test_personal_data_are_not_kept_in_the_open(bring, home: Path) -> None:
    bring({**ROW, "complainant": "欧阳青禾", "phone": "13800001001"})
    stored = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert b"TS20261021-0001" in stored
    assert not {word for word in ("欧阳青禾", "13800001001") if word.encode() in stored}


def test_the_present_of_a_demo_workspace_is_its_own_day(bring, shengjian, demo: Path, forget) -> None:
    bring(ROW)
    forget()
    with database.transaction() as session:
        assert abs(moment(session) - now()) < timedelta(minutes=1)
        import_file(session, RegisterName.calls, demo / "calls.csv", load_mapping(), source="demo")
        assert moment(session) == DEMO_NOON
        assert session.exec(select(Complaint)).one().text == TEXT
    (row,) = listed(shengjian)
    assert (row["due_on"], row["days_left"], row["status"]) == ("2026-11-05", 3, "warned")
