"""Figures counted by hand from small registers: by collector, team, agency, lender and stage, on either database."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from audit.calls.models import Call, Layout, Recording
from audit.findings.models import Finding, Run, State, UsedPack
from audit.ledger.service import bring_up_to_date
from audit.store.database import engine, transaction
from audit.transcripts.models import Transcript
from classifiers.errors import BadInput
from classifiers.taxonomy import Kind, Severity, Speaker, Verdict
from reports.counts import Counts
from reports.dimensions import Dimension
from reports.figures import Figures, figures
from reports.period import Period

REGISTERS = {
    "agencies": "agency,lines,listed_on,contact\n甲机构,,,\n乙机构,,,\n",
    "collectors": "collector_no,name,team,agency,hired_on,certified_until,phone\n"
    "C1,田宁,一组,甲机构,,2027-12-31,\nC2,邵可,二组,甲机构,,2027-12-31,\nC3,,一组,乙机构,,2027-12-31,\n",
    "debtors": "debtor_no,name,gender,phone,id_no,address,employer\n"
    "D1,甘棠,,138****1001,,,\nD2,闻笛,,138****1002,,,\nD3,岑朗,,138****1003,,,\n",
    "accounts": "account_no,debtor_no,lender,product,principal,currency,overdue_since,days_overdue,agency,assigned_on\n"
    "A1,D1,东行,,,,2026-10-01,,,\nA2,D2,西贷,,,,,120,,\nA3,D3,东行,,,,,,,\n",
    "calls": "call_id,collector_no,account_no,callee_phone,callee_relation,direction,started_at,duration_s,recording\n"
    "K1,C1,A1,138****1001,self,outbound,2026-10-20T10:00:00+08:00,60,\n"
    "K2,C1,A1,138****1001,self,outbound,2026-10-20T11:00:00+08:00,0,\n"
    "K3,C2,A2,138****1002,self,outbound,2026-10-21T10:00:00+08:00,60,\n"
    "K4,C3,A3,138****1003,self,outbound,2026-10-22T23:00:00+08:00,30,\n"
    "K5,C3,A1,138****1001,self,outbound,2026-11-05T10:00:00+08:00,60,\n"
    "K6,C1,A1,138****1001,self,outbound,2026-09-30T10:00:00+08:00,0,\n"
    "L1,C1,A3,138****1003,self,outbound,2026-10-25T09:00:00+08:00,20,\n"
    "L2,C1,A3,138****1003,self,outbound,2026-10-25T10:00:00+08:00,20,\n"
    "L3,C3,A3,138****1003,self,outbound,2026-10-25T11:00:00+08:00,20,\n"
    "L4,C3,A3,138****1003,self,outbound,2026-10-25T12:00:00+08:00,20,\n",
    "messages": "message_id,collector_no,account_no,to_phone,to_relation,channel,sent_at,text\n"
    "M1,C2,A2,138****1002,self,sms,2026-10-21T12:00:00+08:00,您好，请回电。\n",
    "visits": "visit_id,collector_nos,account_no,at,place,consent,recorded\n"
    "V1,C1;C3,A1,2026-10-23T14:00:00+08:00,镇便民服务中心,yes,yes\n",
}
OCTOBER = Period.parse("2026-10")


@pytest.fixture(params=["sqlite", "postgres"])
def filled(
    request: pytest.FixtureRequest, tmp_path: Path, shengjian, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """A workspace with these registers: K1 judged with two violations, K3 not judgeable, the ledger kept."""
    if request.param == "postgres":
        monkeypatch.setenv("SHENGJIAN_DATABASE_URL", request.getfixturevalue("postgres"))
        shengjian("db", "upgrade")
    for name, rows in REGISTERS.items():
        (tmp_path / f"{name}.csv").write_text(rows, encoding="utf-8")
        ran = shengjian("import", name, tmp_path / f"{name}.csv")
        assert ran.code == 0, ran.err
    bring_up_to_date()
    with transaction() as session:
        spoken = judged(session, "K1", Verdict.violation)
        session.add(finding(spoken, Kind.abuse, Severity.high))
        session.add(finding(spoken, Kind.threat, Severity.critical))
        session.add(finding(spoken, Kind.harassment, Severity.low, State.suggested))
        session.add(finding(spoken, Kind.procedure, Severity.low, State.rejected))
        session.add(finding(spoken, Kind.hardship, Severity.medium))
        session.add(finding(judged(session, "K1", Verdict.violation, stands=False), Kind.abuse, Severity.high))
        judged(session, "K3", Verdict.not_judgeable)
    yield
    engine().dispose()


def judged(session: Session, call_id: str, verdict: Verdict, *, stands: bool = True) -> Run:
    """A run of its own for a call; the latest that stands is the call's."""
    call = session.exec(select(Call).where(Call.call_id == call_id)).one()
    key = f"{call_id}-{stands}"
    kept = {"codec": "pcm", "seconds": 60.0, "channels": 2, "layout": Layout.stereo}
    recording = Recording(sha256=key, blob=key, name=f"{key}.wav", **kept)
    pack = UsedPack(name=key, version="1", sha256=key, canonical="")
    session.add_all([recording, pack])
    session.flush()
    heard = {"engine": "e", "model": "m", "options": "", "language": "zh", "quality": {}}
    transcript = Transcript(recording_id=recording.id or 0, **heard)
    session.add(transcript)
    session.flush()
    told = {"model": "", "relation": "self", "day": call.day, "verdict": verdict, "rule_pack_id": pack.id}
    run = Run(call_id=call.id, transcript_id=transcript.id, **told)
    session.add(run)
    session.flush()
    if stands:
        call.run_id, call.recording_id = run.id, recording.id
    return run


def finding(run: Run, kind: Kind, severity: Severity, state: State = State.open) -> Finding:
    where = {"start": 0, "end": 2, "quote": "……", "at_ms": 0, "until_ms": 900}
    said = {"speaker": Speaker.collector, "score": 0.9, "explanation": {}}
    return Finding(run_id=run.id or 0, rule=f"cn/{kind}", kind=kind, severity=severity, state=state, **where, **said)


def counted(period: Period | None = OCTOBER) -> Figures:
    with transaction() as session:
        return figures(session, period)


def by(dimension: Dimension, found: Figures) -> dict[tuple[str, str | None], Counts]:
    groups = {(group.name, group.agency): group.counts for group in found.by[dimension]}
    assert len(groups) == len(found.by[dimension])
    return groups


def contacts(counts: Counts) -> tuple[int, int, int, int]:
    return counts.calls, counts.connected, counts.messages, counts.visits


@pytest.mark.usefixtures("filled")
def test_the_month_as_a_whole() -> None:
    total = counted().total
    assert contacts(total) == (8, 7, 1, 1)
    assert (total.contacts, total.audited, total.judged, total.not_judgeable) == (10, 2, 1, 1)
    assert (total.coverage, total.message_coverage, total.not_judgeable_share) == (1 / 7, 0.0, 0.5)
    assert total.violations == {(Kind.abuse, Severity.high): 1, (Kind.threat, Severity.critical): 1}
    assert (total.per_thousand(), total.per_thousand(Kind.abuse), total.per_thousand(Kind.procedure)) == (2000, 1000, 0)
    assert total.per_thousand(severity=Severity.critical) == 1000
    assert (total.ledger, total.ledger_per_thousand) == (2, 200)  # K4 at eleven at night; four talks on the 25th


@pytest.mark.usefixtures("filled")
def test_by_collector_whoever_took_part_has_a_share_and_the_total_counts_once() -> None:
    groups = by(Dimension.collector, counted())
    assert {name: contacts(counts) for name, counts in groups.items()} == {
        ("C1 田宁", "甲机构"): (4, 3, 0, 1),
        ("C2 邵可", "甲机构"): (1, 1, 1, 0),
        ("C3", "乙机构"): (3, 3, 0, 1),
    }
    first, second, third = (groups[key] for key in sorted(groups))
    assert (first.coverage, first.per_thousand(), first.ledger) == (1 / 3, 2000, 1)
    assert (second.coverage, second.not_judgeable_share, second.ledger_per_thousand) == (0, 1, 0)
    assert (second.judged, second.per_thousand(), first.message_coverage) == (0, None, None)
    assert (third.audited, third.not_judgeable_share, third.ledger_per_thousand) == (0, None, 500)


@pytest.mark.usefixtures("filled")
def test_teams_of_one_name_in_two_agencies_are_two() -> None:
    found = counted()
    assert {name: counts.calls for name, counts in by(Dimension.team, found).items()} == {
        ("一组", "甲机构"): 4,
        ("二组", "甲机构"): 1,
        ("一组", "乙机构"): 3,
    }
    agencies = by(Dimension.agency, found)
    assert {name: (c.contacts, c.found(), c.ledger) for (name, _), c in agencies.items()} == {
        "甲机构": (7, 2, 1),
        "乙机构": (4, 0, 2),
    }


@pytest.mark.usefixtures("filled")
def test_by_lender_and_by_stage_on_the_day_of_the_contact() -> None:
    found = counted(None)
    lenders = {name: contacts(counts) for (name, _), counts in by(Dimension.lender, found).items()}
    assert lenders == {"东行": (9, 7, 0, 1), "西贷": (1, 1, 1, 0)}
    stages = {group.name: contacts(group.counts) for group in found.by[Dimension.stage]}
    assert list(stages.items()) == [
        ("未逾期", (1, 0, 0, 0)),
        ("30 天以内", (2, 1, 0, 1)),
        ("30—90 天", (1, 1, 0, 0)),
        ("90 天以上", (1, 1, 1, 0)),
        ("未知", (5, 5, 0, 0)),
    ]


@pytest.mark.usefixtures("filled")
def test_a_period_without_contacts_has_no_shares() -> None:
    found = counted(Period.parse("2025"))
    total = found.total
    assert (total.contacts, total.ledger, total.found()) == (0, 0, 0)
    shares = total.coverage, total.message_coverage, total.not_judgeable_share, total.ledger_per_thousand
    assert {*shares, total.per_thousand()} == {None}
    assert not any(found.by.values())


@pytest.mark.parametrize(
    ("text", "name", "first", "last"),
    [
        ("2026-10", "2026年10月", date(2026, 10, 1), date(2026, 10, 31)),
        ("2028-02", "2028年2月", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026Q4", "2026年第四季度", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026q1", "2026年第一季度", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026", "2026年", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_periods(text: str, name: str, first: date, last: date) -> None:
    period = Period.parse(text)
    assert (period.name, period.first, period.last) == (name, first, last)
    assert period.text == text.upper()


@given(st.integers(min_value=1990, max_value=9998))
def test_months_follow_one_another_and_make_up_the_quarters_and_the_year(year: int) -> None:
    months = [Period.parse(f"{year}-{month:02}") for month in range(1, 13)]
    for one, other in pairwise(months):
        assert one.last + timedelta(days=1) == other.first
    for n in range(4):
        quarter = Period.parse(f"{year}Q{n + 1}")
        assert (quarter.first, quarter.last) == (months[3 * n].first, months[3 * n + 2].last)
    whole = Period.parse(str(year))
    assert (whole.first, whole.last) == (months[0].first, months[-1].last)


@pytest.mark.parametrize("text", ["", "2026-13", "2026-1", "2026Q5", "26-10", "2026-10-01", "２０２６", "十月", "9999"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no period: give a month, quarter or year"):
        Period.parse(text)
