"""Work on a case from intake to its end, by whole commands; what may not be done is one line."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import select

from audit.calls.models import Call, Recording
from audit.imports.mapping import load_mapping
from audit.imports.registers import RegisterName
from audit.imports.service import import_file
from audit.store import database, secrets
from audit.store.types import LOCAL
from classifiers.errors import BadInput
from classifiers.taxonomy import Kind
from complaints.cases.deciding import Decision, appeal, decide, reopen, withdraw
from complaints.cases.events import By, events, find
from complaints.cases.evidence import Link, store_proposal
from complaints.cases.folding import fold
from complaints.cases.holds import held, is_held
from complaints.cases.timing import go_on, lengthen, set_due, stop
from complaints.clocks import Within
from complaints.given import Given
from complaints.intake import receive
from complaints.models import Complaint, Deadline, EvidenceLink
from complaints.vocabulary import Redress, Substantiated

REGISTERS = {
    "collectors": "collector_no,name,team,agency\nGH8001,徐静,一组,衡诺\nGH8002,丁文博,一组,衡诺\n"
    "GH8003,罗佳,二组,衡诺\n",
    "accounts": "account_no,debtor_no,lender,agency,assigned_on\nAC1,D1,青禾银行,衡诺,2026-01-01\n",
    "calls": "call_id,collector_no,account_no,callee_relation,direction,started_at,duration_s\n"
    "CR1,GH8001,AC1,self,outbound,2026-10-20 09:00,60\nCR2,GH8001,AC1,self,outbound,2026-10-20 15:00,60\n",
    "messages": "message_id,collector_no,account_no,to_phone,to_relation,channel,sent_at,text\n"
    "MS1,GH8003,AC1,138****1001,self,sms,2026-10-20 10:00,请尽快还款\n",
}
COMPLAINT = {"channel": "12378", "received_at": "2026-10-21 09:30", "text": "有人天天打电话骂我。"}
DECIDED = ("--reason", "录音证实", "--redress", "recheck", "--redress", "litigation")


def start(home: Path, patch: pytest.MonkeyPatch) -> None:
    """Makes a workspace for what follows in this process."""
    patch.setenv("SHENGJIAN_HOME", str(home))
    database.engine.cache_clear()
    database.settings.cache_clear()
    secrets.forget()
    database.upgrade()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with registers and one complaint; do not write to it."""
    home, files = tmp_path_factory.mktemp("filled"), tmp_path_factory.mktemp("files")
    with pytest.MonkeyPatch.context() as patch:
        start(home, patch)
        for name, rows in REGISTERS.items():
            (files / name).write_text(rows, encoding="utf-8")
            with database.transaction() as session:
                assert not import_file(session, RegisterName(name), files / name, load_mapping()).refused
        with database.transaction() as session:
            filed(session)
        database.engine().dispose()
    return home


@pytest.fixture
def desk(filled: Path, shengjian, home: Path) -> Callable[..., Any]:
    """A copy of that workspace, in which it runs `shengjian complaints …`."""
    shutil.copytree(filled, home)
    return lambda *arguments: shengjian("complaints", *arguments)


def filed(session: Any, ref: str | None = "T1", **told: Any) -> Complaint:
    return receive(session, Given.model_validate({**COMPLAINT, "external_ref": ref, **told}))


def done(desk, *arguments: str | Path) -> str:
    ran = desk(*arguments)
    assert ran.code == 0, ran.err
    return ran.out


def refused(desk, *arguments: str | Path) -> str:
    ran = desk(*arguments)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    return ran.err


def case(desk, number: str = "T1") -> dict[str, Any]:
    return desk("show", number, "--format", "json").json


def clocks(desk) -> dict[str, tuple[str, str]]:
    return {clock["rule"]: (clock["due_at"][:10], clock["status"]) for clock in case(desk)["clocks"]}


def test_a_case_is_decided(desk, shengjian, tmp_path: Path) -> None:
    done(desk, "assign", "T1", "林一", "--by", "主管", "--at", "2026-10-21T10:00")
    done(desk, "contact", "T1", "告知已受理", "--how", "phone", "--at", "2026-10-22", "--by", "林一")
    done(desk, "accept", "T1", "call:CR1", "--kind", "abuse", "--why", "当日接通", "--by", "林一")
    remedies = ("--remedy", "apology", "--compensation", "200")
    done(desk, "decide", "T1", "partial", *DECIDED, *remedies, "--at", "2026-11-01T11:00", "--by", "林一")
    done(desk, "satisfaction", "T1", "neutral", "--at", "2026-11-02")
    told = case(desk)
    facts = {name: told[name] for name in ("state", "substantiated", "remedies", "compensation", "redress")}
    assert facts == {
        "state": "decided",
        "substantiated": "partial",
        "remedies": ["apology", "compensation"],
        "compensation": "200.00",
        "redress": ["recheck", "litigation"],
    }
    assert (told["satisfaction"], told["satisfaction_on"]) == ("neutral", "2026-11-02")
    assert clocks(desk)["decision"] == ("2026-11-05", "met")
    assert clocks(desk)["recheck-request"][0] == "2026-12-01"
    row = desk("list", "--format", "json").json[0]
    assert (row["due_on"], row["days_left"], row["status"]) == (None, None, None), "nothing is awaited from us"
    assert shengjian("trail", "verify").code == 0


def test_a_case_is_withdrawn_and_filed_again(desk, shengjian, tmp_path: Path) -> None:
    done(desk, "withdraw", "T1", "--reason", "来电撤诉", "--at", "2026-10-25")
    assert (case(desk)["closed_at"][:10], clocks(desk)) == ("2026-10-25", {"decision": ("2026-11-05", "met")})
    again = tmp_path / "again.txt"
    again.write_text("他们又骂人了", encoding="utf-8")
    for number in ("T1", "T2"):
        done(desk, "receive", again, "--channel", "邮件", "--received-at", "2026-10-28", "--ref", f"{number}X",
             "--complainant", "欧阳青禾")  # fmt: skip
    assert [event["body"] for event in case(desk, "T2X")["events"] if event["kind"] == "linked"] == [
        {"to": "TS20261028-0001", "as": "duplicate"}
    ]
    done(desk, "withdraw", "T1X", "--reason", "撤诉", "--at", "2026-10-29")
    again.write_text("第三次", encoding="utf-8")
    done(desk, "receive", again, "--channel", "邮件", "--received-at", "2026-10-30", "--complainant", "欧阳青禾")
    assert case(desk, "TS20261030-0001")["repeat_of"] == "TS20261028-0001"
    done(desk, "reopen", "T1", "--reason", "撤诉系被迫", "--at", "2026-10-30")
    assert [(c["due_at"][:10], bool(c["met_at"])) for c in case(desk)["clocks"]] == [
        ("2026-11-05", True),
        ("2026-11-14", False),
    ]
    assert case(desk)["closed_at"] is None


def test_a_case_is_extended_paused_and_looked_at_again(desk) -> None:
    extended = ("--approver", "周主管", "--reason", "案情复杂", "--at", "2026-10-30")
    assert "notice on 2026-11-05" in refused(desk, "extend", "T1", *extended, "--notice-on", "2026-11-05")
    assert "without approver" in refused(desk, "extend", "T1", "--reason", "x", "--notice-on", "2026-11-01")
    done(desk, "extend", "T1", *extended, "--notice-on", "2026-10-30")
    assert clocks(desk)["decision"][0] == "2026-11-20"
    assert "stops no clock" in refused(desk, "pause", "T1", "--reason", "假期", "--on", "2026-10-31")
    done(desk, "pause", "T1", "--reason", "external-appraisal", "--on", "2026-10-26", "--at", "2026-10-26")
    assert clocks(desk)["decision"][1] == "paused"
    assert desk("list", "--format", "json").json[0]["status"] == "paused"
    done(desk, "resume", "T1", "--on", "2026-10-31")
    assert clocks(desk)["decision"][0] == "2026-11-25"
    done(desk, "decide", "T1", "false", *DECIDED, "--at", "2026-11-01")
    assert "is decided: no time limits now" in refused(desk, "due", "T1", "5d")
    done(desk, "appeal", "T1", "--reason", "不服", "--at", "2026-11-02")
    told = case(desk)
    assert (told["state"], told["closed_at"], told["substantiated"]) == ("rechecking", None, "false")
    assert clocks(desk)["recheck-decision"][0] == "2026-12-02"
    done(desk, "decide", "T1", "true", *DECIDED, "--remedy", "apology", "--at", "2026-11-03")
    assert {rule for rule, (_, status) in clocks(desk).items() if status != "met"} == set()
    assert "once, after the first decision" in refused(desk, "appeal", "T1", "--reason", "不服")


def test_a_recheck_is_asked_for_in_time(desk) -> None:
    done(desk, "decide", "T1", "false", *DECIDED, "--at", "2026-10-21T12:00")
    with database.transaction() as session:
        late = find(session, "T1")
        late.received_at = day = datetime(2026, 11, 22, tzinfo=UTC)  # lest the day be one to come, whenever this runs
        with pytest.raises(BadInput, match="can be asked for until 2026-11-20"):
            appeal(session, late, By("林一", day), "不服")
        session.rollback()


NEEDED = [
    (("decide", "T1", "true", "--reason", "x"), "no redress is named: name with --redress: recheck"),
    (("decide", "T1", "true", "--redress", "recheck"), "the reason of the decision is empty"),
    (("decide", "T1", "true", *DECIDED, "--compensation", "-1"), "compensation of -1"),
    (("decide", "T1", "true", *DECIDED, "--compensation", "NaN"), "--compensation NaN is no sum"),
    (("decide", "T1", "true", *DECIDED, "--at", "2026-10-20"), "decided before it was received"),
    (("decide", "T1", "true", *DECIDED, "--at", "2099-01-01"), "2099-01-01 lies in the future"),
    (("withdraw", "T1"), "the reason is empty"),
    (("note", "T1", " "), "the note is empty"),
    (("note", "T1", "x", "--by", " "), "nobody is named: say who acts with --by"),
    (("reopen", "T1", "--reason", "x"), "is received: no reopen now: decide it first"),
    (("appeal", "T1", "--reason", "x"), "is received: no appeal now: decide it first"),
    (("satisfaction", "T1", "not"), "is received: no satisfaction now"),
    (("show", "T9"), "no complaint T9: see shengjian complaints list"),
    (("due", "T1", "bald"), "bald is no due date"),
    (("extend", "T1", "--clock", "own-due", "--notice-on", "2026-10-30"), "no clock own-due runs: running: decision"),
    (
        ("extend", "T1", "--approver", "林一", "--by", "林一", "--notice-on", "2026-10-30"),
        "approves their own extension",
    ),
    (("extend", "T1", "--approver", "周主管", "--notice-on", "2099-01-01"), "lies in the future"),
    (("correct", "T1"), "nothing to correct"),
    (("correct", "T1", "--account", "AC9"), "no account AC9"),
    (("correct", "T1", "--cause", "天气"), "cause: 天气 is no place of the standard: one of 服务态度"),
    (("correct", "T1", "--type", "吐槽"), "type: Input should be"),
    (("correct", "T1", "--repeat-of", "T1"), "repeats itself"),
    (("accept", "T1", "CR1"), "CR1 is no piece of evidence: write call:CR001"),
    (("accept", "T1", "call:CR9"), "call:CR9 is not on file"),
    (("accept", "T1", "finding:Fx"), "finding:Fx is not on file"),
    (("drop", "T1", "call:CR1", "--reason", "x"), "call:CR1 is not linked"),
    (("group", "T1", "联名", "--representatives", "6"), "6 representatives: at most 5 may speak"),
    (("escalate", "T1", "总行", "--reason", ""), "the reason is empty"),
]


@pytest.mark.parametrize(("arguments", "why"), NEEDED, ids=[" ".join(arguments) for arguments, _ in NEEDED])
def test_what_is_missing_or_out_of_turn_is_one_line(desk, arguments: tuple[str, ...], why: str) -> None:
    assert why in refused(desk, *arguments)
    assert len(case(desk)["events"]) == 1


CLOSED = [("decide", "T1", "true", *DECIDED), ("assign", "T1", "林一"), ("accept", "T1", "call:CR1")]


@pytest.mark.parametrize("act", CLOSED)
def test_a_closed_case_is_reopened_first(desk, act: tuple[str, ...]) -> None:
    done(desk, "withdraw", "T1", "--reason", "撤诉")
    assert "is withdrawn" in (line := refused(desk, *act))
    assert line.endswith("reopen it first\n")
    done(desk, "reopen", "T1", "--reason", "再查")
    done(desk, *act)


@pytest.mark.parametrize(
    ("handler", "by_call", "by_name"),
    [
        ("GH8001", True, True),
        ("gh8001", True, True),
        ("徐静", True, True),
        ("丁文博", True, True),
        ("一组", True, True),
        ("罗佳", False, False),
        ("林一", False, False),
    ],
)
def test_nobody_handles_a_complaint_about_themselves_or_their_team(
    desk, handler: str, by_call: bool, by_name: bool
) -> None:
    done(desk, "accept", "T1", "call:CR1")
    assert ("complained of" in desk("assign", "T1", handler).err) is by_call
    done(desk, "drop", "T1", "call:CR1", "--reason", "另有其人")
    done(desk, "assign", "T1", handler)
    done(desk, "correct", "T1", "--collector", "徐静")
    assert ("complained of" in desk("decide", "T1", "true", *DECIDED, "--by", "林一").err) is by_name
    assert bool(case(desk)["conflict"]) is by_name


def test_a_collector_named_in_the_text_does_not_decide(desk, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("徐静打来电话骂人", encoding="utf-8")
    done(desk, "receive", tmp_path / "a.txt", "--channel", "邮件", "--ref", "X")
    assert "GH8002 is of a team" in refused(desk, "decide", "X", "true", *DECIDED, "--by", "GH8002")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("letter.pdf", b"MZ\x90\x00", "a program for Windows is not kept"),
        ("scan.jpg", b"\x7fELF\x02\x01", "a program for Linux is not kept"),
        ("photo.png", b"\xcf\xfa\xed\xfe\x07", "a program for macOS is not kept"),
        ("notes.txt", b"#!/bin/sh\nrm -rf ~", "a script is not kept"),
        ("notes.txt", "\ufeff <!DOCTYPE html><html>".encode(), "a web page or script is not kept"),
        ("notes.txt", "<html>".encode("utf-16"), "a web page or script is not kept"),
        ("drawing.xml", b"<?xml version='1.0'?>\n<!-- x -->\n<svg onload='x'/>", "a web page or script is not kept"),
        ("run.BAT", b"echo", "a file named .bat is not kept"),
        ("page.html", b"text", "a file named .html is not kept"),
        ("drawing.svg", b"text", "a file named .svg is not kept"),
        ("code.js. ", b"text", "a file named .js is not kept"),
        ("empty.pdf", b"", "0 bytes: attach a file with something in it"),
        ("a\u202efdp.exe", b"x", "no name for a file"),
    ],
)
def test_a_program_is_not_kept(desk, tmp_path: Path, name: str, content: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert why in refused(desk, "attach", "T1", tmp_path / name)


def test_a_file_is_kept_under_its_digest(desk, tmp_path: Path, home: Path) -> None:
    paper, huge = tmp_path / "授权书.pdf", tmp_path / "huge.wav"
    paper.write_bytes(b"%PDF-1.7 x")
    with huge.open("wb") as file:
        file.truncate((50 << 20) + 1)
    assert "50 MB at most" in refused(desk, "attach", "T1", huge)
    done(desk, "attach", "T1", paper, "--note", "授权书")
    event = case(desk)["events"][-1]
    assert (event["file"], event["body"]) == ("授权书.pdf", {"note": "授权书", "bytes": 10})
    assert [path.read_bytes() for path in home.rglob(event["sha256"])] == [b"%PDF-1.7 x"]


def test_joint_complaints(desk) -> None:
    done(desk, "group", "T1", "十月联名", "--representatives", "5", "--people", "19")
    assert desk("list", "--format", "json").json[0]["major"] is False
    done(desk, "group", "T1", "十月联名", "--people", "20")
    row = desk("list", "--format", "json").json[0]
    assert (row["group"], row["major"]) == ("十月联名", True)
    done(desk, "escalate", "T1", "总行消保部", "--reason", "重大消费投诉")
    assert case(desk)["escalated_to"] == "总行消保部"


def test_what_the_machine_proposes_gives_way_to_the_officer(desk, forget) -> None:
    done(desk, "accept", "T1", "message:MS1", "--why", "短信在卷")
    forget()
    links = [Link("call:CR1", Kind.abuse, 0.9, "时间相符"), Link("call:CR1", None, 0.3, "同一人")]
    links.append(Link("message:MS1", None, 0.5, "同日"))
    with database.transaction() as session:
        store_proposal(session, find(session, "T1"), "AC1", links)
    told = case(desk)
    assert told["account_no"] == "AC1"
    assert {each["subject"]: (each["state"], each["why"], each["kind"]) for each in told["evidence"]} == {
        "call:CR1": ("proposed", "时间相符；同一人", "abuse"),
        "message:MS1": ("accepted", "短信在卷", None),
    }
    done(desk, "drop", "T1", "message:MS1", "--reason", "内容合规")
    done(desk, "correct", "T1", "--account", "AC1")
    forget()
    with database.transaction() as session:
        links = [Link(subject, None, 0.8, "再查") for subject in ("call:CR2", "message:MS1")]
        store_proposal(session, find(session, "T1"), None, links)
    told = case(desk)
    assert told["account_no"] == "AC1", "set by hand"
    states = {each["subject"]: each["state"] for each in told["evidence"]}
    assert states == {"call:CR2": "proposed", "message:MS1": "dropped"}


def test_recordings_are_held_while_a_case_is_open(desk, forget) -> None:
    done(desk, "accept", "T1", "call:CR1", "call:CR2")
    forget()
    with database.transaction() as session:
        for name in ("CR1", "CR2"):
            call = session.exec(select(Call).where(Call.call_id == name)).one()
            kept = Recording(sha256=name, blob=name, name=name, codec="pcm", seconds=1, channels=2, layout="stereo")
            session.add(kept)
            session.flush()
            call.recording_id = kept.id
        recordings = {call.call_id: call.recording_id for call in session.exec(select(Call))}
    with database.transaction() as session:
        assert held(session) == set(recordings.values())
    done(desk, "drop", "T1", "call:CR2", "--reason", "无关")
    forget()
    with database.transaction() as session:
        assert is_held(session, recordings["CR1"])
        assert not is_held(session, recordings["CR2"])
    done(desk, "decide", "T1", "true", *DECIDED)
    forget()
    with database.transaction() as session:
        assert held(session) == set()


def test_the_trail_has_every_act_and_no_personal_data(desk, shengjian, home: Path) -> None:
    done(desk, "contact", "T1", "欧阳青禾表示接受", "--by", "林一")
    with database.transaction() as session:
        rows = session.execute(sqlalchemy.text("SELECT actor, action, subject, body FROM audit_event")).all()
    assert tuple(rows[-1])[:3] == ("林一", "complaint.contacted", "complaint:TS20261021-0001")
    assert "欧阳青禾" not in str(rows)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch, forget) -> Iterator[None]:
    """An empty database of each kind, at the newest schema."""
    if request.param == "postgres":
        monkeypatch.setenv("SHENGJIAN_DATABASE_URL", request.getfixturevalue("postgres"))
    forget()
    database.upgrade()
    yield
    database.engine().dispose()


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("statement", ["UPDATE complaint_event SET actor = 'nobody'", "DELETE FROM complaint_event"])
def test_what_happened_cannot_be_changed(statement: str) -> None:
    with database.transaction() as session:
        filed(session)
    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
        session.execute(sqlalchemy.text(statement))


@pytest.mark.usefixtures("store")
def test_evidence_is_of_one_thing() -> None:
    with database.transaction() as session:
        number = filed(session).id or 0
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(EvidenceLink(complaint_id=number, actor="x"))


@pytest.mark.usefixtures("store")
def test_a_walk_on_each_database() -> None:
    by = By("林一", datetime(2026, 10, 26, tzinfo=LOCAL))
    with database.transaction() as session:
        case = filed(session, phone="13800001001")
        again = filed(session, "T2", phone="138****1001", received_at="2026-10-22", text="又来了")
        assert again.repeat_of == case.id
        set_due(session, case, by, Within(5))
        decide(session, case, by, Decision(Substantiated.true, "属实", [Redress.recheck]))
    with database.transaction() as session:
        rows = session.exec(select(Deadline).where(Deadline.complaint_id == 1))
        met = {row.rule: row.met_at is not None for row in rows}
        assert met == {"decision": True, "own-due": True, "recheck-request": False}
        assert find(session, "T1").closed_at == by.at


ACTS = {
    "extend": lambda s, c, by, day: lengthen(s, c, by, approver="周", notice_on=day, reason="复杂"),
    "pause": lambda s, c, by, day: stop(s, c, by, reason="external-appraisal", told_on=day, start=day),
    "resume": lambda s, c, by, day: go_on(s, c, by, on=day),
    "due": lambda s, c, by, day: set_due(s, c, by, day + timedelta(days=9)),
    "no due": lambda s, c, by, day: set_due(s, c, by, None),
    "decide": lambda s, c, by, day: decide(s, c, by, Decision(Substantiated.false, "无", [Redress.recheck])),
    "withdraw": lambda s, c, by, day: withdraw(s, c, by, "撤诉"),
    "reopen": lambda s, c, by, day: reopen(s, c, by, "再查"),
    "appeal": lambda s, c, by, day: appeal(s, c, by, "不服"),
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A database that many examples share."""
    with pytest.MonkeyPatch.context() as patch:
        start(tmp_path_factory.mktemp("home"), patch)
        yield
        database.engine().dispose()


@pytest.mark.usefixtures("workspace")
@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 12)), max_size=8))
def test_events_folded_again_give_the_same_deadlines(acts: list[tuple[str, int]]) -> None:
    """Whatever is done, refused acts leave nothing, and what is written down is what the events say."""
    with database.transaction() as session:
        number = filed(session, ref=None).number
    for name, days in acts:
        day = date(2026, 10, 21) + timedelta(days=days)
        by = By("林一", datetime.combine(day, time(12), LOCAL))
        try:
            with database.transaction() as session:
                ACTS[name](session, find(session, number), by, day)
        except BadInput:
            continue
    with database.transaction() as session:
        case = find(session, number)
        folded = {(c.rule, c.received_at): (c.due_at, c.met_at) for c in fold(events(session, case))}
        written = session.exec(select(Deadline).where(Deadline.complaint_id == case.id))
        assert {(row.rule, row.started_at): (row.due_at, row.met_at) for row in written} == folded
        open_ = [clock for clock, (_, met) in folded.items() if met is None and clock[0] != "recheck-request"]
        assert bool(open_) == (case.closed_at is None)
