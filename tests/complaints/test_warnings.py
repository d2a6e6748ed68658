"""Early warnings: what a debtor said that a complaint or worse may follow waits until a person has decided on it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from audit.calls.models import Call, Layout, Recording
from audit.findings.models import Finding, Run, State, UsedPack
from audit.store import database
from audit.transcripts.models import Transcript
from classifiers.taxonomy import Kind, Severity, Speaker, Verdict
from complaints.warnings import Warning, warnings

AT = datetime(2026, 11, 2, 4, tzinfo=UTC)
ACCOUNTS = "account_no,debtor_no,lender,agency,assigned_on\nK1,D1,,,\nK2,D1,,,\nK3,D3,,,\n"
CALLS = """call_id,collector_no,account_no,callee_relation,direction,started_at,duration_s
C1,A1,K1,self,outbound,2026-10-30T10:00:00+08:00,60
C2,A1,K3,self,outbound,2026-10-28T23:30:00+08:00,60
C3,A1,K2,self,outbound,2026-11-01T10:00:00+08:00,60
C4,A1,,self,outbound,2026-11-02T09:00:00+08:00,60
"""
SAID = {  # call: what was heard at which millisecond
    "C1": [(Kind.complaint_intent, State.open, 61_000), (Kind.hardship, State.open, 5_000)],
    "C2": [(Kind.complaint_intent, State.open, 1_000), (Kind.dispute, State.suggested, 9_000)],
    "C3": [(Kind.complaint_intent, State.open, 2_000), (Kind.abuse, State.open, 3_000)],
    "C4": [(Kind.self_harm, State.suggested, 4_000), (Kind.dispute, State.open, 5_000)],
}


@pytest.fixture
def heard(shengjian, tmp_path: Path) -> Any:
    """A workspace in which this was heard in these calls."""
    for name, rows in {"accounts": ACCOUNTS, "calls": CALLS}.items():
        (tmp_path / f"{name}.csv").write_text(rows, encoding="utf-8")
        assert shengjian("import", name, tmp_path / f"{name}.csv").code == 0
    with database.transaction() as session:
        for call in session.exec(select(Call)).all():
            run = judged(session, call)
            session.add_all(signal(run, *said) for said in SAID[call.call_id])
    return shengjian


def judged(session: Session, call: Call) -> Run:
    key = call.call_id
    recording = Recording(
        sha256=key, blob=key, name=f"{key}.wav", codec="pcm", seconds=60.0, channels=2, layout=Layout.stereo
    )
    pack = UsedPack(name=key, version="1", sha256=key, canonical="")
    session.add_all([recording, pack])
    session.flush()
    quality = {"not_judgeable": False, "reasons": []}
    transcript = Transcript(
        recording_id=recording.id or 0, engine="e", model="m", options="", language="zh", quality=quality
    )
    session.add(transcript)
    session.flush()
    told = {"model": "", "relation": "self", "day": call.day, "verdict": Verdict.clear, "rule_pack_id": pack.id}
    run = Run(call_id=call.id, transcript_id=transcript.id, **told)
    session.add(run)
    session.flush()
    call.run_id, call.recording_id = run.id, recording.id
    return run


def signal(run: Run, kind: Kind, state: State, at_ms: int) -> Finding:
    where = {"start": 0, "end": 2, "quote": f"{kind}……", "at_ms": at_ms, "until_ms": at_ms + 900}
    how = {"severity": Severity.medium, "speaker": Speaker.debtor, "score": 0.9, "explanation": {}}
    return Finding(run_id=run.id or 0, rule=f"cn/{kind}", kind=kind, state=state, **where, **how)


def waiting() -> list[Warning]:
    with database.transaction() as session:
        return warnings(session, AT)


def test_the_most_urgent_first_then_debtor_by_debtor(heard) -> None:
    assert [(each.kind, each.debtor_no, each.call) for each in waiting()] == [
        ("self_harm", "", "C4"),
        ("complaint_intent", "D3", "C2"),
        ("complaint_intent", "D1", "C1"),
        ("complaint_intent", "D1", "C3"),
        ("dispute", "", "C4"),
    ]


def test_a_warning_says_who_when_and_for_how_long(heard) -> None:
    told = [each.as_json() for each in waiting()]
    assert {**told[2], "finding": ""} == {
        "finding": "",
        "kind": "complaint_intent",
        "urgency": 2,
        "state": "open",
        "debtor_no": "D1",
        "account_no": "K1",
        "call": "C1",
        "message": "",
        "time": "2026-10-30T10:01:01+08:00",
        "at": 61.0,
        "quote": "complaint_intent……",
        "age_days": 3,
        "act": "告知投诉渠道，主动回访，争取在投诉前解决",
    }
    assert [each["age_days"] for each in told] == [0, 5, 3, 1, 0]
    assert "call 110" in waiting()[0].as_json("en")["act"]


@pytest.mark.parametrize("verdict", [("confirmed",), ("rejected",), ("changed", "--kind", "hardship")])
def test_a_warning_is_done_once_its_finding_is_decided(heard, verdict: tuple[str, ...]) -> None:
    first, *others = waiting()
    assert heard("findings", "decide", first.finding, *verdict, "--reason", "已联系本人").code == 0
    assert waiting() == others


def test_a_judgement_that_no_longer_stands_warns_of_nothing(heard) -> None:
    with database.transaction() as session:
        session.exec(select(Call).where(Call.call_id == "C4")).one().run_id = None
    assert {each.call for each in waiting()} == {"C1", "C2", "C3"}


def test_an_empty_workspace_has_none(shengjian) -> None:
    shengjian("db", "upgrade")
    assert waiting() == []
