"""From complaints to evidence: incidents read out of the text, contacts picked, allegations judged."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from classifiers.taxonomy import Kind
from complaints.matching.allegations import Allegation, substantiated
from complaints.matching.incidents import Incident, incidents
from complaints.matching.quotes import is_quoted, shared
from complaints.matching.verdicts import Evidence, Judged
from complaints.reading import read
from complaints.reading.sounds import sounds_like

HERE = Path(__file__).parent
RECEIVED = datetime.fromisoformat("2026-10-30T10:00:00+08:00")
REGISTERS = ("collectors", "debtors", "accounts", "contacts", "calls", "messages", "visits")


def told(text: str) -> list[Incident]:
    return incidents(text, read(text, RECEIVED), RECEIVED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("昨天下午三点多打电话骂我，前天晚上又发短信威胁我。", [("29", {"call"}), ("28", {"sms"})]),
        ("上周四打到我单位，之后又打来两次。", [("22", {"call"}), ("22", {"call"})]),
        ("昨天上午收到短信，让我当天下午六点前把钱转过去。", [("29", {"sms"})]),
        ("我投诉电话都打不通。昨天中午微信上骂我。", [("29", {"wechat"})]),
        ("昨天一天打我五个电话。还打给我妈，说我欠钱不还。", [("29", {"call"}), ("29", {"call"})]),
        ("加我微信说能洗征信，昨天又来催。", [(None, {"wechat"}), ("29", set())]),
    ],
    ids=["two", "afterwards", "a deadline is no time", "a hotline is no contact", "others too", "untimed before"],
)
def test_a_text_is_cut_by_what_happened_when(text: str, expected: list[tuple[str | None, set[str]]]) -> None:
    found = told(text)
    assert [(one.window and f"{one.window.first:%d}", set(one.channels)) for one in found] == expected


@pytest.mark.parametrize(
    ("text", "alleged"),
    [
        ("昨天给我打了十几个电话。", True),
        ("昨天给我打了两个电话。", False),
        ("前天夜里十一点多又来一条短信。", True),
        ("前天晚上八点来了一条短信。", False),
    ],
)
def test_counts_and_hours_accuse_by_themselves(text: str, *, alleged: bool) -> None:
    kinds = {reading.kind for incident in told(text) for reading in incident.kinds}
    assert (Kind.harassment in kinds) is alleged


def test_quotations_are_compared_by_sound_and_numerals_by_value() -> None:
    assert is_quoted("像条狗到处叫", "投赎去像调狗到处叫啊")
    assert not is_quoted("像条狗到处叫", "请您在周五之前处理一下")
    assert not is_quoted("还钱", "还钱")  # too short to prove anything
    assert shared("我老公店里贷款四万二", "贷款42000元") > shared("我老公店里贷款", "贷款42000元")
    assert sounds_like("骆", "罗")
    assert not sounds_like("", "罗")


@pytest.mark.parametrize("name", ["held", "held-second"])
def test_evidence_is_found_for_complaints_that_others_wrote(shengjian, name: str) -> None:
    score = shengjian("evaluate", HERE / name / "complaints.jsonl", "--format", "json").json
    assert len(score["cases"]) == score["complaints"]
    assert score["accounts_right"] >= 0.95 * score["complaints"]
    assert score["substantiated_right"] >= 0.79 * score["complaints"]
    assert score["links"]["f1"] >= 0.8
    assert score["alleged"]["f1"] >= 0.8


@pytest.fixture(scope="module")
def kept() -> dict[str, Path]:
    """The workspace once it is filled, so that only the first test imports and judges."""
    return {}


@pytest.fixture
def link(kept: dict[str, Path], home: Path, shengjian, tmp_path: Path, tmp_path_factory) -> Callable[..., Any]:
    """Links one complaint over the registers of a set, whose messages are judged."""
    if kept:
        shutil.copytree(kept["filled"], home)
    else:
        for name in REGISTERS:
            assert shengjian("import", name, HERE / "held" / f"{name}.csv").code == 0
        assert shengjian("audit").code == 0
        kept["filled"] = tmp_path_factory.mktemp("filled") / "home"
        shutil.copytree(home, kept["filled"])

    def run(text: str, **told: str) -> Any:
        row = {
            "id": "X1",
            "channel": "邮件",
            "received_at": "2026-10-22T09:00:00+08:00",
            "complainant": "",
            "phone": "",
        }
        file = tmp_path / "complaints.jsonl"
        file.write_text(json.dumps({**row, **told, "text": text}, ensure_ascii=False), encoding="utf-8")
        return shengjian("complaints", "link", file, "--format", "json").json[0]

    return run


CASES: dict[str, tuple[dict[str, str], dict[str, str], str]] = {
    "an unrecorded call proves nothing": (
        {
            "phone": "13700009910",
            "text": "我欠北屿的钱。前天上午十点半汀兰姓涂的打电话来，说要带人到我们厂门口拉横幅。",
        },
        {"threat": "no_record"},
        "无录音",
    ),
    "calls within the limits": (
        {"text": "欠北屿六千二，砺石姓尹的女的，昨天给我打了四个电话！", "received_at": "2026-10-18T09:47:00+08:00"},
        {"harassment": "contradicted"},
        "均在限制之内",
    ),
    "a rate over the cap, by the register": (
        {"phone": "138****9907", "complainant": "温国良", "text": "北屿的年利率有百分之三十六，超过国家规定的上限。"},
        {"procedure": "supported"},
        "超过上限",
    ),
    "a rate under the cap": (
        {"phone": "138****9917", "complainant": "常女士", "text": "北屿小额贷款的年利率超过了上限，应该退我。"},
        {"procedure": "contradicted"},
        "未超过上限",
    ),
    "before all records": (
        {"phone": "13700009910", "text": "去年五月三号下午汀兰打电话骂我。"},
        {"abuse": "no_record"},
        "早于在册最早记录",
    ),
    "nobody known": (
        {"phone": "13511112222", "text": "昨天上午有人打电话骂我，骂得很难听。"},
        {"abuse": "no_record"},
        "未能确定所涉账户",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_allegation_gets_its_verdict_and_the_reason(link: Callable[..., Any], case: str) -> None:
    told, verdicts, why = CASES[case]
    found = link(**told)["allegations"]
    assert {each["kind"]: each["verdict"] for each in found} == verdicts
    assert why in found[0]["why"]


def test_an_account_that_was_found_already_is_taken(link: Callable[..., Any]) -> None:
    told = {"phone": "13700009910", "complainant": "俞美兰", "text": "我逾期3000年了，前天上午汀兰打电话骂我。"}
    assert link(**told)["account_no"] == "AC990012"
    assert link(**told, account_no="AC990001")["account_no"] == "AC990001"


def test_a_call_after_receipt_is_no_evidence(link: Callable[..., Any]) -> None:
    told = {"phone": "13700009910", "text": "今天汀兰姓涂的打电话骂我。"}
    assert link(**told, received_at="2026-10-20T09:00:00+08:00")["calls"] == []
    assert link(**told, received_at="2026-10-20T18:00:00+08:00")["calls"] == ["CR99257"]


THREAT, LEAK = Kind.threat, Kind.privacy_leak
BORNE, OPEN = Judged(Evidence.supported, [], []), Judged(Evidence.no_record, [], [])


@pytest.mark.parametrize(
    ("found", "comes_to"),
    [
        ([], False),
        ([Allegation(THREAT, "", BORNE, frozenset({"call:1"}))], True),
        (
            [Allegation(THREAT, "", OPEN, frozenset()), Allegation(LEAK, "", BORNE, frozenset({"call:1"}), True)],
            "partial",
        ),
        ([Allegation(THREAT, "", OPEN, frozenset()), Allegation(LEAK, "", BORNE, frozenset())], "partial"),
        (
            [Allegation(THREAT, "", OPEN, frozenset({"call:1"})), Allegation(LEAK, "", BORNE, frozenset({"call:1"}))],
            True,
        ),
        (
            [
                Allegation(Kind.harassment, "", BORNE, frozenset({"call:1"})),
                Allegation(LEAK, "", OPEN, frozenset({"call:1"})),
            ],
            "partial",
        ),
    ],
    ids=[
        "nothing",
        "one",
        "without contact and implied",
        "two without contact",
        "one contact, one matter",
        "hour and words",
    ],
)
def test_what_all_allegations_come_to(found: list[Allegation], comes_to: bool | str) -> None:
    assert substantiated(found) == comes_to


def test_linking_a_file_keeps_nothing_and_never_reads_the_truth(link: Callable[..., Any], shengjian) -> None:
    text = "前天上午十点半汀兰姓涂的打电话来，说要带人到我们厂门口拉横幅。"
    plain = link(text, phone="13700009910")
    assert link(text, phone="13700009910", gold={"account_no": "AC990001", "alleged": ["abuse"]}) == plain
    assert shengjian("complaints", "list", "--format", "json").json == []


def test_a_case_keeps_its_proposal_and_what_the_officer_said_of_it(
    link: Callable[..., Any], shengjian, tmp_path
) -> None:
    del link  # only fills the workspace
    letter = tmp_path / "letter.txt"
    letter.write_text("昨晚八点半微信上骂我小瘪三，咒我打一辈子光棍，投诉也没人搭理。", encoding="utf-8")
    options = ("--channel", "邮件", "--received-at", "2026-10-12T13:33:00+08:00", "--phone", "13700009915")
    assert shengjian("complaints", "receive", letter, *options).code == 0
    ran = shengjian("complaints", "link", "TS20261012-0001")
    assert ran.code == 0, ran.err
    shown = shengjian("complaints", "show", "TS20261012-0001", "--format", "json").json
    assert shown["account_no"] == "AC990018"
    assert {each["verdict"] for each in shown["proposed"]["allegations"] if each["kind"] == "abuse"} == {"supported"}
    assert "message:MS9910" in {each["subject"] for each in shown["evidence"]}
    assert shengjian("complaints", "drop", "TS20261012-0001", "message:MS9910", "--reason", "与本件无关").code == 0
    assert shengjian("complaints", "link", "TS20261012-0001").code == 0
    shown = shengjian("complaints", "show", "TS20261012-0001", "--format", "json").json
    assert {each["subject"]: each["state"] for each in shown["evidence"]}["message:MS9910"] == "dropped"


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("TS20269999-0001", "TS20269999-0001"),
        ("empty.jsonl", "text"),
        ("long.jsonl", "50001 characters"),
        ("late.jsonl", "lies in the future"),
    ],
)
def test_what_cannot_be_linked_gets_one_line(shengjian, tmp_path: Path, target: str, words: str) -> None:
    row = {"id": "X1", "channel": "邮件", "received_at": "2026-10-22T09:00:00+08:00", "complainant": "", "phone": ""}
    told = {
        "empty.jsonl": {"text": " "},
        "long.jsonl": {"text": "骂" * 50_001},
        "late.jsonl": {"text": "骂我", "received_at": "2099-01-01T09:00:00+08:00"},
    }
    for name, more in told.items():
        (tmp_path / name).write_text(json.dumps({**row, **more}, ensure_ascii=False), encoding="utf-8")
    ran = shengjian("complaints", "link", tmp_path / target if target in told else target)
    assert ran.code == 2
    assert len(ran.err.strip().splitlines()) == 1
    assert words in ran.err
