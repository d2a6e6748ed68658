"""Review through whole commands: what people decide counts, and the machine's judgement stays beside it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import select

from audit.cli.auditing import judged
from audit.findings.models import Decision, Finding, Review, Run, State
from audit.findings.reviews import Said, decide_finding
from audit.ledger.models import LedgerResult
from audit.store import database
from audit.trail import AuditEvent
from classifiers.taxonomy import Kind
from reports.figures import figures

MESSAGES = """message_id,collector_no,account_no,to_phone,to_relation,channel,sent_at,text
M1,C1,K1,13800001001,self,sms,2026-10-19T10:00:00+08:00,你这个老赖，真不要脸。
M2,C1,K1,13800001001,self,sms,2026-10-20T10:00:00+08:00,您好，这两天几次给您去电都没有接通，请回电。
M3,C1,K1,13800001001,self,sms,2026-10-21T23:20:00+08:00,您好，请您方便时与我们联系。
M4,C1,K1,13800001001,self,sms,2026-10-18T10:00:00+08:00,再不还钱，我就把你的欠款记录发给你通讯录里的每一个人。
"""
CALLS = "call_id,collector_no,account_no,callee_phone,callee_relation,direction,started_at,duration_s,disposition\n"
CALL = "{},C1,K1,13800001001,self,outbound,2026-10-22T{}:00:00+08:00,{},{}\n"
FOUR = CALLS + "".join(CALL.format(f"T{hour}", hour, 30, "connected") for hour in (10, 11, 12, 13))
FIFTH = CALLS + CALL.format("T14", 14, 30, "connected")
LONG = CALLS + CALL.format("T15", 15, 300, "third_party")


def fill(shengjian, folder: Path) -> None:
    """Imports the registers and judges them."""
    for register, rows in (("messages", MESSAGES), ("calls", FOUR), ("calls", LONG)):
        put(shengjian, folder, register, rows)
    assert shengjian("audit").code == shengjian("ledger").code == 0


def put(shengjian, folder: Path, register: str, rows: str) -> None:
    (folder / "rows.csv").write_text(rows, encoding="utf-8")
    assert shengjian("import", register, folder / "rows.csv").code == 0


@pytest.fixture(scope="module")
def kept() -> dict[str, Path]:
    """The workspace once it is filled, so that only the first test judges."""
    return {}


@pytest.fixture
def review(kept: dict[str, Path], home: Path, shengjian, tmp_path: Path, tmp_path_factory) -> Callable[..., Any]:
    """Runs commands in a workspace in which the messages and calls above were judged."""
    if not kept:
        fill(shengjian, tmp_path)
        kept["filled"] = tmp_path_factory.mktemp("filled") / "home"
        shutil.copytree(home, kept["filled"])
    else:
        shutil.copytree(kept["filled"], home)
    return shengjian


@pytest.fixture(params=["sqlite", "postgres"])
def on_both(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """The same on either database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("review")
        return
    monkeypatch.setenv("SHENGJIAN_DATABASE_URL", request.getfixturevalue("postgres"))
    shengjian = request.getfixturevalue("shengjian")
    assert shengjian("db", "upgrade").code == 0
    fill(shengjian, request.getfixturevalue("tmp_path"))

    def command(*arguments: str) -> Any:
        database.engine().dispose()  # what the test itself looked at
        return shengjian(*arguments)

    yield command
    database.engine().dispose()


def listed(shengjian, *options: str) -> dict[str, dict[str, Any]]:
    """What `findings list` says, by the message or rule; each stands once."""
    found = shengjian("findings", "list", *options, "--format", "json").json
    named = {",".join(each["messages"]) if each["id"][0] == "F" else each["rule"]: each for each in found}
    assert len(named) == len(found)
    return named


def decide(shengjian, of: dict[str, Any], *said: str, by: str = "质检员甲") -> str:
    ran = shengjian("findings", "decide", of["id"], *said, "--by", by)
    assert (ran.code, ran.err) == (0, "")
    return ran.out.strip()


def verdicts() -> dict[str, str]:
    """By message, what stands of it."""
    return {message["message_id"]: message["verdict"] for message in judged().as_json()["messages"]}


def counted() -> tuple[dict[Any, int], int]:
    """Violations in messages by kind and severity, and findings of the ledger, as reports count them."""
    with database.transaction() as session:
        total = figures(session).total
    return dict(total.message_violations), total.ledger


def events(shengjian) -> int:
    ran = shengjian("trail", "verify")
    assert ran.code == 0
    return int(ran.out.split(": ")[1].split()[0])


def test_the_gravest_stand_first_then_the_earliest(review) -> None:
    found = review("findings", "list", "--format", "json").json
    assert [",".join(each["messages"] or each["calls"]) for each in found] == [
        "M4",
        "M1",
        "M2",
        "M3",
        "T10,T11,T12,T13,T15",
        "T15",
    ]
    assert [each["severity"] for each in found] == ["critical", "high", "medium", "medium", "medium", "low"]
    assert {each["state"] for each in found} == {"open"}
    table = review("findings", "list").out
    assert all(each["id"] in table for each in found)


FILTERS = {
    ("--kind", "abuse"): {"M1"},
    ("--message", "M3"): {"ledger/quiet-hours"},
    ("--call", "T15"): {"ledger/connected-per-day", "ledger/disposition-mismatch"},
    ("--from", "2026-10-20", "--to", "2026-10-20"): {"M2"},
    ("--to", "2026-10-19"): {"M1", "M4"},
    ("--no-ledger", "--kind", "harassment"): {"M2"},
    ("--state", "confirmed"): set(),
}


@pytest.mark.parametrize(("options", "found"), FILTERS.items())
def test_lists_are_narrowed(review, options: tuple[str, ...], found: set[str]) -> None:
    assert set(listed(review, *options)) == found


def test_what_people_decide_counts_and_the_machine_s_judgement_stays_beside_it(on_both, tmp_path: Path) -> None:
    found = listed(on_both)
    assert verdicts() == {"M1": "violation", "M2": "violation", "M3": "violation", "M4": "violation"}
    assert counted() == ({("abuse", "high"): 1, ("harassment", "medium"): 1, ("threat", "critical"): 1}, 2)
    before = events(on_both)

    assert decide(on_both, found["M1"], "rejected", "--reason", "引用对方原话") == f"{found['M1']['id']}: rejected"
    decide(on_both, found["M2"], "confirmed", "--reason", "属实")
    decide(on_both, found["M4"], "changed", "--kind", "harassment", "--reason", "并未提到公开")
    decide(on_both, found["ledger/quiet-hours"], "rejected", "--reason", "时钟有误")
    decide(on_both, found["ledger/disposition-mismatch"], "confirmed", "--reason", "听了录音")
    assert events(on_both) == before + 5

    assert verdicts() == {"M1": "clear", "M2": "violation", "M3": "clear", "M4": "violation"}
    assert counted() == ({("harassment", "medium"): 2}, 2)
    ledger = {row["rule"]: row["verdict"] for row in on_both("ledger", "--format", "json").json}
    assert (ledger["disposition-mismatch"], "quiet-hours" in ledger) == ("finding", False)

    (first,) = [message for message in judged().as_json()["messages"] if message["message_id"] == "M1"]
    assert (first["findings"], first["rejected"][0]["kind"]) == ([], "abuse")
    of = listed(on_both)
    assert {name: each["state"] for name, each in of.items()} == {
        "M1": "rejected",
        "M2": "confirmed",
        "M4": "confirmed",
        "ledger/quiet-hours": "rejected",
        "ledger/connected-per-day": "open",
        "ledger/disposition-mismatch": "confirmed",
    }
    review = of["M4"]["review"]
    assert (of["M4"]["kind"], of["M4"]["machine_kind"], of["M4"]["severity"]) == ("harassment", "threat", "medium")
    assert (review["verdict"], review["kind"], review["reviewer"]) == ("changed", "harassment", "质检员甲")
    with database.transaction() as session:
        assert {run.verdict for run in session.exec(select(Run)) if run.message_id != 3} == {"violation"}
    assert on_both("report", "audit", "--out", tmp_path).code == 0
    page = (tmp_path / "audit-report.html").read_text(encoding="utf-8")
    assert "人工复核了其中 5 项：确认 2，改判类别 1，否决 2（不计）；其余 1 项未经复核" in page
    assert "人工改判，机器判为威胁恐吓" in page
    assert "老赖" not in page


def test_the_latest_decision_counts(review) -> None:
    for said, verdict in (
        (("rejected",), "clear"),
        (("changed", "--kind", "dispute"), "clear"),
        (("confirmed",), "violation"),
    ):
        decide(review, listed(review)["M1"], *said, "--reason", "复听")
        assert verdicts()["M1"] == verdict
    now = listed(review)["M1"]
    assert (now["kind"], now["severity"], now["review"]["kind"]) == ("abuse", "high", None)
    with database.transaction() as session:
        assert [each.verdict for each in session.exec(select(Review))] == ["rejected", "changed", "confirmed"]


def test_a_suggestion_counts_once_it_is_confirmed(review) -> None:
    with database.transaction() as session:
        session.exec(select(Finding).where(Finding.kind == Kind.abuse)).one().state = State.suggested
        session.exec(select(Run).where(Run.message_id == 1)).one().verdict = "clear"
    assert (verdicts()["M1"], counted()[0].get((Kind.abuse, "high"))) == ("clear", None)
    decide(review, listed(review, "--state", "suggested")["M1"], "confirmed", "--reason", "属实")
    assert (verdicts()["M1"], counted()[0][Kind.abuse, "high"]) == ("violation", 1)


def test_the_same_again_is_no_second_event(review) -> None:
    found, before = listed(review), events(review)
    for name in ("M1", "ledger/quiet-hours"):
        for told in ("rejected", "rejected, as before"):
            assert decide(review, found[name], "rejected", "--reason", "误报") == f"{found[name]['id']}: {told}"
    assert events(review) == before + 2
    decide(review, found["M1"], "rejected", "--reason", "误报", by="复核员乙")
    assert events(review) == before + 3


def test_a_trail_of_decisions_names_no_reason(review) -> None:
    decide(review, listed(review)["M1"], "changed", "--kind", "dispute", "--reason", "张三本人所说")
    with database.transaction() as session:
        event = session.exec(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert (event.actor, event.action, event.subject) == ("质检员甲", "finding.changed", "finding:2")
    assert event.body == {"review": 1, "verdict": "changed", "kind": "dispute"}


BAD = {
    "F99 confirmed --reason x": "F99: there is no such finding: see shengjian findings list",
    "L99 confirmed --reason x": "L99: there is no such result of the ledger",
    "12 confirmed --reason x": "12 names no finding: give F or L and a number",
    "F1 confirmed": "a decision needs its reason: give --reason",
    "F1 confirmed --reason　": "a decision needs its reason",
    "F1 changed --reason x": "changed to which kind is not said: give --kind",
    "F1 rejected --reason x --kind abuse": "--kind abuse does not go with rejected",
    "F1 changed --reason x --kind threat": "F1: threat is what the machine found: decide confirmed",
    "L1 changed --reason x --kind abuse": "L1: the kind of a result of the ledger is that of its rule",
    "F1 confirmed --reason x --by　": "a decision needs a name: give --by",
}


@pytest.mark.parametrize(("command", "problem"), BAD.items())
def test_what_cannot_be_decided_is_one_line(review, command: str, problem: str) -> None:
    before = events(review)
    words = [part for word in command.split(" ") for part in ((word[:-1], " ") if word.endswith("　") else (word,))]
    ran = review("findings", "decide", *words)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert problem in ran.err
    assert events(review) == before


def test_several_at_once_and_the_wrong_one_among_them_is_told(review) -> None:
    ran = review("findings", "decide", "f1", "F77", "L1", "rejected", "--reason", "误报")
    assert (ran.code, ran.out.split("\n")[:2], ran.err.count("\n")) == (2, ["F1: rejected", "L1: rejected"], 1)
    assert len(listed(review, "--state", "rejected")) == 2


def test_what_was_judged_anew_is_not_decided_on_by_its_former_number(review, tmp_path: Path) -> None:
    former = listed(review)["M1"]["id"]
    put(review, tmp_path, "messages", MESSAGES.replace("13800001001,self", "13800001001,sibling"))
    assert review("audit").code == 0
    ran = review("findings", "decide", former, "confirmed", "--reason", "属实")
    assert (ran.code, "was judged anew" in ran.err) == (2, True)


def test_a_decision_on_the_ledger_is_on_the_contacts_that_were_counted(review, tmp_path: Path) -> None:
    rule = "ledger/connected-per-day"
    decide(review, listed(review)[rule], "rejected", "--reason", "其中一通是回拨")
    put(review, tmp_path, "calls", FOUR)  # looked at again, with the same outcome
    assert listed(review)[rule]["state"] == "rejected"
    put(review, tmp_path, "calls", FIFTH)
    again = listed(review)[rule]
    assert (again["state"], len(again["calls"]), again["review"]) == ("open", 6, None)
    decide(review, again, "rejected", "--reason", "其中一通是回拨")
    assert listed(review)[rule]["state"] == "rejected"


def test_what_the_registers_no_longer_bear_out_is_not_decided_on(review, tmp_path: Path) -> None:
    night = listed(review)["ledger/quiet-hours"]["id"]
    put(review, tmp_path, "agreements", "debtor_no,from_time,to_time,agreed_on\nD1,22:00,00:00,2026-10-01\n")
    put(review, tmp_path, "accounts", "account_no,debtor_no,lender,agency,assigned_on\nK1,D1,,,\n")
    assert "ledger/quiet-hours" not in listed(review)
    ran = review("findings", "decide", night, "confirmed", "--reason", "属实")
    assert (ran.code, "no longer bear it out" in ran.err) == (2, True)


decisions = st.sampled_from([(Decision.confirmed, None), (Decision.rejected, None)]) | st.tuples(
    st.just(Decision.changed), st.sampled_from([Kind.impersonation, Kind.dispute])
)


@given(said=st.lists(st.tuples(st.sampled_from([1, 2]), decisions), min_size=1, max_size=8))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_decided_the_latest_counts(review, said: list[tuple[int, tuple[Decision, Kind | None]]]) -> None:
    for n, (number, (verdict, kind)) in enumerate(said):
        with database.transaction() as session:
            decide_finding(session, number, Said(verdict, f"第{n}次", "甲", kind))
    for number, (verdict, kind) in dict(said).items():
        with database.transaction() as session:
            finding = session.get_one(Finding, number)
            run = session.get_one(Run, finding.run_id)
        assert finding.stands == (verdict is not Decision.rejected)
        assert finding.kind_now == (kind or finding.kind)
        assert run.verdict_now == ("violation" if finding.stands and not finding.kind_now.is_signal else "clear")
        assert run.verdict == "violation"


@pytest.mark.parametrize("statement", ["UPDATE review SET reviewer = 'x'", "DELETE FROM review"])
def test_the_database_refuses_to_change_a_review(on_both, statement: str) -> None:
    decide(on_both, listed(on_both)["M1"], "rejected", "--reason", "误报")
    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
        session.execute(sqlalchemy.text(statement))


WRONG = (
    {"verdict": Decision.confirmed, "reason": "x"},
    {"verdict": Decision.confirmed, "reason": "x", "finding_id": 1, "ledger_result_id": 1},
    {"verdict": Decision.confirmed, "reason": " ", "finding_id": 1},
    {"verdict": Decision.changed, "reason": "x", "finding_id": 1},
    {"verdict": Decision.rejected, "reason": "x", "finding_id": 1, "kind": Kind.abuse},
)


def test_the_database_refuses_what_is_no_review(on_both) -> None:
    assert listed(on_both)
    for wrong in WRONG:
        with pytest.raises(IntegrityError), database.transaction() as session:
            session.add(Review(reviewer="x", **wrong))


ROWS = {
    "rule_pack": "(id, name, version, sha256, canonical, first_used_at) VALUES (1, 'p', '1', 'x', '', '2026-01-01')",
    "message": "(id, source, message_id, channel, sent_at, day, text, run_id) "
    "VALUES (1, 'x', 'M1', 'sms', '2026-01-01', '2026-01-01', 'x', 1)",
    "run": "(id, message_id, rule_pack_id, model, relation, day, verdict, cues, created_at) "
    "VALUES (1, 1, 1, '', 'self', '2026-01-01', 'violation', '{}', '2026-01-01')",
    "finding": '(id, run_id, rule, kind, severity, score, start, "end", quote, speaker, explanation, state) '
    "VALUES (1, 1, 'x', 'abuse', 'high', 1, 0, 1, 'x', 'collector', '{}', 'open')",
    "ledger_result": "(id, rule, scope, day, verdict, calls, messages, visits, counted, why, limits, standing, "
    "found_at) "
    "VALUES (1, 'quiet-hours', 'message:M1', '2026-01-01', 'finding', '[]', '[]', '[]', 1, '{}', 'x', true, "
    "'2026-01-01')",
}


HEARD = {
    "recording": "(id, sha256, blob, name, codec, seconds, channels, layout, received_at) "
    "VALUES (1, 'x', 'x', 'x', 'x', 1, 1, 'mono', '2026-01-01')",
    "transcript": "(id, recording_id, engine, model, options, language, quality, created_at) "
    "VALUES (1, 1, 'x', 'x', 'x', 'zh', '{\"not_judgeable\": true}', '2026-01-01')",
    "call": "(id, source, call_id, stage, percent, recording_id, run_id) VALUES (1, 'x', 'C1', 'done', 100, 1, 1)",
    "run": "(id, call_id, transcript_id, rule_pack_id, model, relation, day, verdict, cues, created_at) "
    "VALUES (1, 1, 1, 1, '', 'self', '2026-01-01', 'not_judgeable', '{}', '2026-01-01')",
    "finding": ROWS["finding"].replace("'open'", "'suggested'"),
}


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_what_was_found_before_reviews_is_open(
    kind: str, home: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, forget
) -> None:
    if kind == "postgres":
        monkeypatch.setenv("SHENGJIAN_DATABASE_URL", request.getfixturevalue("postgres"))
    forget()
    database.upgrade("0003")
    with database.engine().begin() as connection:
        for table, values in ROWS.items():
            connection.execute(sqlalchemy.text(f"INSERT INTO {table} {values}"))
    database.upgrade("0004")
    with database.transaction() as session:
        assert decide_finding(session, 1, Said(Decision.rejected, "误报", "甲"))
        assert session.exec(select(LedgerResult)).one().state is State.open
        assert session.exec(select(Run)).one().verdict_now == "clear"
    database.downgrade("0003")
    with database.engine().connect() as connection:
        assert connection.execute(sqlalchemy.text("SELECT id, verdict FROM run")).one() == (1, "violation")
    database.engine().dispose()


def test_a_call_that_cannot_be_judged_is_one_again_once_its_finding_is_rejected(home: Path, forget) -> None:
    forget()
    database.upgrade()
    with database.engine().begin() as connection:
        for table, values in {"rule_pack": ROWS["rule_pack"], **HEARD}.items():
            connection.execute(sqlalchemy.text(f'INSERT INTO "{table}" {values}'))
    for verdict, comes_to in ((Decision.rejected, "not_judgeable"), (Decision.confirmed, "violation")):
        with database.transaction() as session:
            decide_finding(session, 1, Said(verdict, "复听", "甲"))
            assert session.exec(select(Run)).one().verdict_now == comes_to
