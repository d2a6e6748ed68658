"""Complaint statistics counted by hand from a small register, on either database."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from audit.parties.models import Account, Agency, Assignment, Collector
from audit.store.database import engine, snapshot, transaction
from complaints.clock_rules import ClockKind, Unit
from complaints.models import Complaint, ComplaintEvent, Deadline
from complaints.reading.demands import ComplaintType
from complaints.reading.people import Authority
from complaints.vocabulary import CaseState, EventKind, Satisfaction, Substantiated
from reports.document.model import Content, Table
from reports.period import Period
from reports.statistics import statistics
from reports.statistics.axes import Cross
from reports.statistics.window import months

DEBT, INFO = "债务催收方式和手段", "消费者信息安全"


def day(n: int, month: int = 9) -> datetime:
    return datetime(2026, month, n, 2, tzinfo=UTC)


def put(session: Session, number: str, received: datetime, decided: datetime | None = None, **more: Any) -> None:
    """A complaint with its clock of fifteen days and one alleged insult."""
    told = {"channel": "web", "channel_written": "官网", "type": ComplaintType.complaint, "text": "骂我"}
    placed = {"business": "贷款", "cause": DEBT, "business_channel": "中后台", "authority": Authority.self}
    closed = {"state": CaseState.decided, "decided_at": decided, "closed_at": decided} if decided else {}
    case = Complaint(number=number, received_at=received, text_digest=number, **told | placed | closed | more)
    session.add(case)
    session.flush()
    clock = {"rule": "decision", "kind": ClockKind.decision, "unit": Unit.calendar, "provisional": False}
    due = {"due_at": received + timedelta(days=15), "warn_on": [], "extensions": []}
    session.add(Deadline(complaint_id=case.id or 0, started_at=received, met_at=case.closed_at, **clock | due))
    body = {"allegations": [{"kind": "abuse", "claim": "骂我"}]}
    session.add(ComplaintEvent(complaint_id=case.id or 0, kind=EventKind.proposed, at=received, actor="s", body=body))


@pytest.fixture(params=["sqlite", "postgres"])
def filled(request: pytest.FixtureRequest, shengjian, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """September: two decided (one of them late), one withdrawn, one open, and an inquiry; August left one open."""
    if request.param == "postgres":
        monkeypatch.setenv("SHENGJIAN_DATABASE_URL", request.getfixturevalue("postgres"))
    assert shengjian("db", "upgrade").code == 0
    with transaction() as session:
        session.add_all([Agency(id=1, name="甲机构"), Agency(id=2, name="乙机构")])
        session.add(Account(id=1, account_no="A1", lender="东行"))
        session.flush()
        session.add(Assignment(account_id=1, agency_id=1, assigned_on=date(2026, 1, 1)))
        session.add(Collector(staff_no="C1", agency_id=2))
        yes = {"substantiated": Substantiated.true, "satisfaction": Satisfaction.satisfied, "remedies": ["apology"]}
        put(session, "T1", day(1), day(5), account_id=1, channel="12378", compensation=100, **yes, complainant="王小明")
        put(session, "T2", day(2), day(22), substantiated=Substantiated.false, collectors=["C1"], cause=INFO)
        put(session, "T3", day(3), state=CaseState.withdrawn, closed_at=day(4))
        put(session, "T4", day(30), repeat_of=1)
        put(session, "T5", day(6), type=ComplaintType.inquiry)
        put(session, "T0", day(20, 8))
    yield
    engine().dispose()


def made(period: str = "2026-09") -> Content:
    with snapshot() as session:
        content = statistics(session, Period.parse(period))
        list(content.sheets[0].rows())
        return content


def table(content: Content, caption: str) -> dict[Any, list[Any]]:
    blocks = [block for section in content.document.sections for block in section.blocks]
    found = next(block for block in blocks if isinstance(block, Table) and block.caption == caption)
    return {row[0]: row[1:] for row in found.rows}


@pytest.mark.usefixtures("filled")
def test_a_month_counted_by_hand() -> None:
    content = made()
    counts = {name: row[0] for name, row in table(content, "主要件数").items()}
    assert list(counts.values()) == [4, 1, 1, 0, 2, 1, 1, 0, 1]
    shares = {name: row[0] for name, row in table(content, "主要比率").items()}
    assert list(shares.values()) == [0.75, 0.25, 0.25, 0.25, 0.5, 1 / 3, 1]
    assert [row[0] for row in table(content, "强度与用时").values()] == pytest.approx([40_000, 12, 12])
    assert [row[0] for row in table(content, "结转").values()] == [1, 4, 0, 3, 2]
    assert [row[0] for row in table(content, "本期到期的时限").values()] == [2, 1, 1, 0]  # T1's and T3's, T2's, T0's
    assert table(content, "不计入投诉件数的其他来件")["咨询"] == [1]
    assert table(content, "投诉原因")[INFO][1:4] == [1, 0, 1]
    agencies = table(content, "受托机构")
    assert (agencies["甲机构"], agencies["乙机构"]) == ([1, 1, 0, 1, 1, 1], [1, 0, 1, 1, 0, 0])
    assert agencies["未登记"] == [2, 0, 0, 0, 0, None]
    assert table(content, "被投诉催收员")["C1（乙机构）"][0] == 1
    assert table(content, "所诉事项")["辱骂侮辱"] == [4, 1, 0, 1, 2, 0]
    assert table(content, "处理措施") == {"道歉": [1]}


@pytest.mark.usefixtures("filled")
def test_the_sheet_has_every_case_with_names_masked() -> None:
    with snapshot() as session:
        rows = list(statistics(session, Period.parse("2026-09")).sheets[0].rows())
    assert [row[0] for row in rows] == ["T1", "T2", "T3", "T5", "T4"]
    assert rows[0][8] == "王**"
    assert rows[0][-1] == 100


@pytest.mark.usefixtures("filled")
def test_an_empty_period_says_so_and_the_same_facts_give_the_same_document() -> None:
    assert "本期未收到投诉" in made("2025").document.model_dump_json()
    with snapshot() as session:
        one, other = (statistics(session, Period.parse("2026-09")).digest() for _ in range(2))
    assert one == other


@given(st.lists(st.lists(st.integers(0, 99), min_size=3, max_size=3)))
def test_sums_of_rows_and_of_columns_are_one_total(counts: list[list[int]]) -> None:
    found = Cross([str(n) for n in range(len(counts))], ["a", "b", "c"], counts)
    assert sum(found.totals) == sum(map(sum, counts))


@pytest.mark.parametrize(("text", "then"), [("2026-01", "2025-12"), ("2026Q1", "2025Q4"), ("2026", "2025")])
def test_the_period_before_and_the_months_up_to_the_end(text: str, then: str) -> None:
    assert Period.parse(text).before.text == then
    shown = months(Period.parse(text))
    assert (len(shown), shown[-1].last) == (12, Period.parse(text).last)
