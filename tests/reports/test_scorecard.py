"""Scorecards: intervals and points by hand, and cards of agencies with much, little and no data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from audit.findings.models import State
from audit.parties.models import Agency
from audit.store.database import snapshot, transaction
from classifiers.errors import BadInput
from classifiers.taxonomy import Severity
from reports.counts import Counts
from reports.intervals import poisson, wilson
from reports.period import Period
from reports.scorecard import scorecard
from reports.scorecard.cards import Card, Counted, PartScore, Scored, card_of, ranks
from reports.scorecard.conduct import Conduct
from reports.scorecard.weights import MeasureId, weights

COUNTS = Counts(2000, 1000, 0, 0, 1000, 0, 1000, 0, {}, {}, 0)
KEPT = {"assigned": 1000, "connected": 1000, "recorded": 1000, "records": 2000, "complete": 1900}
KEPT |= {"collectors": 10, "listed": 10, "certified": 9}
SEPTEMBER = Period.parse("2026-09")


def card(name: str = "甲", found: Conduct | None = None, **kept: float) -> Card:
    return card_of(name, COUNTS, found or Conduct(), KEPT | kept)


def test_intervals_known_from_tables() -> None:
    assert wilson(1, 10, 0.95) == pytest.approx((0.0179, 0.4042), abs=1e-4)
    assert poisson(10, 1, 0.95) == pytest.approx((4.80, 18.39), abs=0.02)
    assert poisson(0, 100, 0.95)[0] == 0


@given(st.integers(1, 10_000), st.data())
def test_intervals_hold_their_estimate(base: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, base))
    for low, high in (wilson(count, base, 0.95), poisson(count, base, 0.95)):
        assert low - 1e-9 <= count / base <= high + 1e-9


def test_points_by_hand() -> None:
    parts = {part.part.title: part.score for part in card().parts}
    # complete: 95 % is half way; certified: 90 % is half way, feedback and quiz did not occur
    assert parts == {"行为合规": 100, "投诉": 100, "记录完整": pytest.approx(85), "培训": pytest.approx(50)}
    assert card().total == pytest.approx(0.4 * 100 + 0.25 * 100 + 0.2 * 85 + 0.15 * 50)


def test_a_confirmed_critical_finding_caps_the_total_and_open_ones_do_not() -> None:
    found = Conduct()
    found.messages[Severity.critical, State.confirmed] = 1
    assert card(found=found).total == weights().red_lines.cap
    opened = Conduct(rejected=1)
    opened.calls[Severity.critical, State.open] = 1
    assert (card(found=opened).is_capped, card(found=opened).parts[0].score) == (False, 100)


def test_findings_that_nobody_reviewed_earn_nothing_and_no_rank() -> None:
    found = Conduct()
    found.calls[Severity.low, State.open] = 3
    unreviewed = card(found=found)
    assert (unreviewed.parts[0].score, unreviewed.has_rank) == (None, False)
    assert unreviewed.total == pytest.approx((card().total or 0) - 40)


def test_no_data_earns_nothing_and_little_is_marked() -> None:
    nothing = card_of("乙", Counts(0, 0, 0, 0, 0, 0, 0, 0, {}, {}, 0), Conduct(), {})
    assert (nothing.total, nothing.has_rank, nothing.assessed) == (None, False, 0)
    measure = weights().parts["records"].measures[MeasureId.recorded]
    few = Scored(MeasureId.recorded, measure, Counted(199, 199), reviewed=True)
    assert (few.points, few.enough) == (100, False)
    assert PartScore(weights().parts["records"], [few]).assessed == 0


def test_equal_totals_share_a_rank() -> None:
    assert ranks([card("甲"), card("乙"), card("丙", certified=8)]) == {"甲": 1, "乙": 1, "丙": 3}


@pytest.fixture
def session(shengjian) -> Session:
    assert shengjian("db", "upgrade").code == 0
    with transaction() as writing:
        writing.add_all([Agency(name="甲机构"), Agency(name="乙机构")])
    with snapshot() as reading:
        yield reading


def test_an_empty_period_says_so_and_speaks_of_no_recovery(session: Session) -> None:
    content = scorecard(session, SEPTEMBER)
    told = content.document.model_dump_json()
    assert "本期没有可以评分的数据" in told
    assert "不含回收金额、回收率" in told
    assert len(list(content.sheets[0].rows())) == 2 * len(MeasureId)


def test_one_agency_alone_names_no_other_and_an_unknown_one_is_refused(session: Session) -> None:
    assert "乙机构" not in scorecard(session, SEPTEMBER, "甲机构").document.model_dump_json()
    with pytest.raises(BadInput, match="no agency 甲: one of: 甲机构"):
        scorecard(session, SEPTEMBER, "甲")
