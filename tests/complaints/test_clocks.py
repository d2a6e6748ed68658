"""The clocks of a complaint, and the Chinese calendar that they may count on."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from classifiers.errors import BadInput
from complaints import calendar
from complaints.calendar import add_working_days, is_working, load_calendar
from complaints.clock_rules import SHIPPED, ClockRules, Unit, load_rules, shipped_rules
from complaints.clocks import (
    Clock,
    Status,
    Within,
    clocks_for,
    extend,
    meet,
    pause,
    resume,
    start_clock,
    state,
)

LOCAL = ZoneInfo("Asia/Shanghai")
APPRAISAL = "external-appraisal"
FIRST, LAST = date(2021, 1, 1), date(2030, 12, 31)

days = st.dates(FIRST, LAST)
moments = st.datetimes(datetime(2021, 1, 1), datetime(2030, 12, 31), timezones=st.just(LOCAL))
overrides_ = st.dictionaries(days, st.booleans(), max_size=40)


def at(text: str) -> datetime:
    """A local time like 2026-10-19 or 2026-10-19T08:40."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def day(text: str) -> date:
    return date.fromisoformat(text)


def decision(received: str = "2026-10-19T08:40") -> Clock:
    return clocks_for("12378", at(received))[0]


# --- the statutory clock


@given(moments, overrides_)
def test_due_at_the_end_of_the_fifteenth_local_day_whatever_the_holidays(
    received: datetime, overrides: dict[date, bool]
) -> None:
    (clock,) = clocks_for("12378", received, overrides=overrides)
    assert clock.due_at == datetime.combine(received.date() + timedelta(days=15), time.max, LOCAL)
    assert clock.due_at.tzinfo is UTC
    assert clock.warn_on == tuple(received.date() + timedelta(days=n) for n in (7, 12, 14))
    assert not clock.provisional


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-10-19T00:00:00+08:00", "2026-11-03"),
        ("2026-10-19T23:59:59+08:00", "2026-11-03"),
        ("2026-10-20T00:00:00+08:00", "2026-11-04"),
        ("2026-10-19T15:59:59+00:00", "2026-11-03"),  # one second to midnight in Shanghai
        ("2026-10-19T16:00:00+00:00", "2026-11-04"),
        ("2026-09-20T10:00:00+08:00", "2026-10-05"),  # due in the national holidays all the same
        ("2024-02-14T10:00:00+08:00", "2024-02-29"),
    ],
)
def test_the_day_of_receipt_is_the_local_one(received: str, due: str) -> None:
    assert clocks_for("12378", datetime.fromisoformat(received))[0].due_on == day(due)


@given(moments, moments, st.sampled_from([None, Within(7), Within(10, Unit.calendar)]))
def test_what_comes_later_is_never_due_earlier(one: datetime, other: datetime, own: Within | None) -> None:
    earlier, later = sorted([one, other])
    for before, after in zip(
        sorted(clocks_for("nfra", earlier, own_due=own), key=lambda clock: clock.kind),
        sorted(clocks_for("nfra", later, own_due=own), key=lambda clock: clock.kind),
        strict=True,
    ):
        assert before.due_at <= after.due_at


@pytest.mark.parametrize(
    ("channel", "rule"), [("12378", "decision"), ("pboc", "pboc-reply"), ("12363", "pboc-reply"), ("黑猫", "decision")]
)
def test_the_channel_names_the_rule(channel: str, rule: str) -> None:
    assert [clock.rule for clock in clocks_for(channel, at("2026-10-19"))] == [rule]


def test_a_clock_cites_its_articles_and_how_well_they_were_seen() -> None:
    assert decision().laws[0] == {
        "title": "银行业保险业消费投诉处理管理办法",
        "article": "第十九条（15日、30日、再延长30日）",
        "checked": "press",
    }
    assert {law["checked"] for law in clocks_for("pboc", at("2026-10-19"))[0].laws} == {"recalled"}


@pytest.mark.parametrize("rule", ["recheck-request", "recheck-decision"])
def test_a_re_check_takes_thirty_days_from_its_own_beginning(rule: str) -> None:
    assert start_clock(rule, at("2026-11-03T17:00")).due_on == day("2026-12-03")


# --- a regulator's own due date


@pytest.mark.parametrize(
    ("own", "due", "first"),
    [
        (day("2026-10-26"), "2026-10-26T23:59:59.999999", "own-due"),  # shorter: it comes first
        (at("2026-10-26T17:00"), "2026-10-26T17:00:00", "own-due"),
        (day("2026-11-30"), "2026-11-30T23:59:59.999999", "decision"),  # longer: shown, and lengthens nothing
        (Within(7), "2026-10-28T23:59:59.999999", "own-due"),
        (Within(7, Unit.calendar), "2026-10-26T23:59:59.999999", "own-due"),
    ],
)
def test_a_regulators_own_date_stands_beside_the_statutory_one(own: date | Within, due: str, first: str) -> None:
    clocks = clocks_for("nfra", at("2026-10-19T08:40"), own_due=own)
    by_rule = {clock.rule: clock for clock in clocks}
    assert by_rule["own-due"].due_at == at(due)
    assert by_rule["decision"].due_on == day("2026-11-03")
    assert clocks[0].rule == first


def test_a_regulators_own_date_is_warned_of_and_can_be_neither_extended_nor_paused() -> None:
    own = clocks_for("nfra", at("2026-10-19T08:40"), own_due=day("2026-10-26"))[0]
    assert own.warn_on == (day("2026-10-19"), day("2026-10-23"), day("2026-10-25"))
    with pytest.raises(BadInput, match="no further extension"):
        extend(own, "周敏", day("2026-10-20"), "情况复杂")
    with pytest.raises(BadInput, match="reasons of this rule: none"):
        pause(own, day("2026-10-20"), APPRAISAL, day("2026-10-20"))


def test_working_days_of_years_to_come_are_provisional() -> None:
    regulators = [clock for clock in clocks_for("nfra", at("2050-12-28"), own_due=Within(5)) if clock.rule == "own-due"]
    assert [(clock.provisional, clock.unit) for clock in regulators] == [(True, Unit.working)]
    assert not clocks_for("nfra", at("2026-10-19"), own_due=Within(5))[0].provisional


# --- extensions


def test_two_extensions_up_to_sixty_days_and_no_further() -> None:
    once = extend(decision("2026-10-01T09:00"), "周敏", day("2026-10-15"), "情况复杂")
    assert once.due_on == day("2026-10-31")
    assert once.warn_on == (day("2026-10-23"), day("2026-10-28"), day("2026-10-30"))
    twice = extend(once, "副行长 何立", day("2026-10-30"), "等待第三方机构材料")
    assert twice.due_on == day("2026-11-30")
    assert [granted.approver for granted in twice.extensions] == ["周敏", "副行长 何立"]
    with pytest.raises(BadInput, match="no further extension after 2026-11-30: decide by then"):
        extend(twice, "何立", day("2026-11-20"), "仍未查清")


def test_a_pboc_transfer_goes_from_fifteen_days_to_sixty_at_once() -> None:
    longer = extend(clocks_for("pboc", at("2026-10-01"))[0], "周敏", day("2026-10-10"), "情况复杂")
    assert longer.due_on == day("2026-11-30")
    with pytest.raises(BadInput, match="no further extension"):
        extend(longer, "周敏", day("2026-11-10"), "情况复杂")


@pytest.mark.parametrize(
    ("approver", "notice", "reason", "said"),
    [
        ("周敏", "2026-11-03", "情况复杂", "must be told from 2026-10-19 on and before 2026-11-03"),  # on the due day
        ("周敏", "2026-11-04", "情况复杂", "must be told"),
        ("周敏", "2026-10-18", "情况复杂", "must be told"),  # before the complaint came in
        ("  ", "2026-11-02", "情况复杂", "name who approved it"),
        ("周敏", "2026-11-02", "", "and why"),
    ],
)
def test_an_extension_that_does_not_hold_is_refused_in_one_line(
    approver: str, notice: str, reason: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        extend(decision(), approver, day(notice), reason)
    assert "\n" not in str(refused.value)


# --- pauses


def paused(clock: Clock, start: date, end: date) -> Clock:
    return resume(pause(clock, start, APPRAISAL, start), end)


@given(moments, st.integers(0, 14), st.integers(0, 400))
def test_a_pause_moves_the_due_day_by_its_days(received: datetime, after: int, length: int) -> None:
    (clock,) = clocks_for("12378", received)
    start = received.date() + timedelta(days=after)
    later = paused(clock, start, start + timedelta(days=length))
    assert later.due_at - clock.due_at == timedelta(days=length)
    assert [w - o for w, o in zip(later.warn_on, clock.warn_on, strict=True)] == [
        timedelta(days=length if old > start else 0) for old in clock.warn_on
    ]


@given(moments, st.lists(st.tuples(st.integers(0, 4), st.integers(0, 30)), max_size=3), st.booleans())
def test_pauses_add_up_and_move_the_hard_stop_too(
    received: datetime, spells: list[tuple[int, int]], longer: bool
) -> None:
    (clock,) = clocks_for("12378", received)
    there = received.date()
    for gap, length in spells:
        start = there + timedelta(days=gap)
        there = start + timedelta(days=length)
        clock = paused(clock, start, there)
    if longer:
        for _ in range(2):
            clock = extend(clock, "何立", clock.due_on - timedelta(days=1), "情况特别复杂")
    allowed = (60 if longer else 15) + sum(length for _, length in spells)
    assert clock.due_on == received.date() + timedelta(days=allowed)


def test_a_pause_that_lasts_holds_the_days_left() -> None:
    stopped = pause(decision(), day("2026-10-26"), APPRAISAL, day("2026-10-25"))
    for now in ("2026-10-26T12:00", "2026-10-30T12:00", "2027-03-01T12:00"):
        assert state(stopped, at(now))[:2] == (Status.paused, 8)
    going = resume(stopped, day("2026-10-30"))
    assert going.due_on == day("2026-11-07")
    assert state(going, at("2026-10-31T12:00"))[:2] == (Status.warned, 7)


@pytest.mark.parametrize(
    ("start", "reason", "told", "said"),
    [
        ("2026-10-26", "busy", "2026-10-26", "reasons of this rule: external-appraisal"),
        ("2026-10-26", APPRAISAL, "2026-10-27", "must be told from 2026-10-19 on, and by 2026-10-26"),
        ("2026-10-26", APPRAISAL, "2026-10-18", "must be told"),
        ("2026-11-03", APPRAISAL, "2026-11-01", "must begin before 2026-11-03"),
    ],
)
def test_a_pause_that_does_not_hold_is_refused(start: str, reason: str, told: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        pause(decision(), day(start), reason, day(told))


def test_a_clock_is_paused_once_at_a_time_and_resumed_only_when_paused() -> None:
    stopped = pause(decision(), day("2026-10-26"), APPRAISAL, day("2026-10-26"))
    with pytest.raises(BadInput, match="while the clock runs"):
        pause(stopped, day("2026-10-28"), APPRAISAL, day("2026-10-28"))
    with pytest.raises(BadInput, match="not paused on 2026-10-25"):
        resume(stopped, day("2026-10-25"))
    with pytest.raises(BadInput, match="not paused"):
        resume(decision(), day("2026-10-25"))
    with pytest.raises(BadInput, match="while the clock runs"):  # inside a pause that is over
        pause(resume(stopped, day("2026-10-30")), day("2026-10-29"), APPRAISAL, day("2026-10-29"))


# --- how it stands


@pytest.mark.parametrize(
    ("now", "status", "left"),
    [
        ("2026-10-19T08:40", Status.running, 15),
        ("2026-10-25T23:59:59", Status.running, 9),
        ("2026-10-26T00:00", Status.warned, 8),
        ("2026-11-03T23:59:59", Status.warned, 0),
        ("2026-11-04T00:00", Status.overdue, -1),
        ("2026-12-03T10:00", Status.overdue, -30),
    ],
)
def test_how_a_clock_stands(now: str, status: Status, left: int) -> None:
    clock = decision()
    assert state(clock, at(now)) == (status, left, Unit.calendar, clock.due_at)


def test_a_clock_that_was_met_stays_as_it_stood_and_is_not_changed() -> None:
    late = meet(decision(), at("2026-11-05T10:00"))
    assert state(late, at("2027-01-01"))[:2] == (Status.met, -2)
    refused: list[Callable[[], Clock]] = [
        lambda: meet(late, at("2026-11-06")),
        lambda: extend(late, "周敏", day("2026-10-20"), "情况复杂"),
        lambda: pause(late, day("2026-10-20"), APPRAISAL, day("2026-10-20")),
    ]
    for change in refused:
        with pytest.raises(BadInput, match="met on 2026-11-05"):
            change()
    with pytest.raises(BadInput, match="before it started"):
        meet(decision(), at("2026-10-19T08:39"))


@pytest.mark.parametrize(
    "use",
    [
        lambda naive: clocks_for("12378", naive),
        lambda naive: clocks_for("12378", at("2026-10-19"), own_due=naive),
        lambda naive: state(decision(), naive),
        lambda naive: meet(decision(), naive),
    ],
)
def test_a_time_without_zone_is_refused(use: Callable[[datetime], object]) -> None:
    with pytest.raises(BadInput, match="has no time zone"):
        use(datetime(2026, 10, 20, 8))


# --- rules as dated data


def changed(tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> ClockRules:
    data = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    change(data)
    path = tmp_path / "clocks.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return load_rules(path)


def version(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["rules"]["decision"]["versions"][0]
    return found


def ten_working_days_from_2050(data: dict[str, Any]) -> None:
    newer = {"since": day("2050-01-01"), "unit": "working", "days": 10, "source": "示例：新办法"}
    data["rules"]["decision"]["versions"].append({**newer, "pauses": version(data)["pauses"]})


@pytest.mark.parametrize(
    ("received", "due", "unit"),
    [
        ("2049-12-31T23:59:59", "2050-01-15", Unit.calendar),  # received the day before: the old rule goes on
        ("2050-01-01T00:00:00", "2050-01-17", Unit.working),
        ("2050-01-04T10:00:00", "2050-01-18", Unit.working),
    ],
)
def test_a_new_version_holds_from_its_day_of_receipt_on(tmp_path: Path, received: str, due: str, unit: Unit) -> None:
    rules = changed(tmp_path, ten_working_days_from_2050)
    holidays = {date(2050, 1, 3): False}
    (clock,) = clocks_for("12378", at(received), rules=rules, overrides=holidays)
    assert (clock.due_on, clock.unit) == (day(due), unit)
    assert clock.provisional == (unit is Unit.working)  # the calendar of 2050 is not known yet


def test_a_pause_takes_its_working_days_out_of_a_count_of_working_days(tmp_path: Path) -> None:
    rules = changed(tmp_path, ten_working_days_from_2050)
    (clock,) = clocks_for("12378", at("2050-01-04"), rules=rules, overrides={date(2050, 1, 8): True})
    assert clock.due_on == day("2050-01-17")
    later = paused(clock, day("2050-01-05"), day("2050-01-10"))  # the 6th, 7th, the make-up Saturday and the 10th
    assert later.due_on == day("2050-01-21")


def test_a_complaint_older_than_every_version_is_refused() -> None:
    assert decision("2020-03-01").due_on == day("2020-03-16")
    with pytest.raises(BadInput, match="decision: no version is in force on 2020-02-29"):
        decision("2020-02-29T23:59:59")
    with pytest.raises(BadInput, match="no clock is called appeal"):
        start_clock("appeal", at("2026-10-19"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: version(data).update(days=0), "greater than or equal to 1"),
        (lambda data: version(data).update(unit="weeks"), "'calendar' or 'working'"),
        (lambda data: version(data).update(warn_on=[7, 16]), "warning on day 16 of 15"),
        (lambda data: version(data)["extensions"].reverse(), "extension to day 30 is not longer than 60"),
        (lambda data: version(data)["laws"][0].update(law="nowhere"), "decision: no law is called nowhere"),
        (lambda data: version(data).pop("source"), "source"),
        (lambda data: data["channels"].update(nfra=["decide"]), "no rule is called decide"),
        (lambda data: data["channels"].pop("other"), "other is missing"),
    ],
)
def test_a_mistake_in_the_rules_is_named(tmp_path: Path, change: Callable[[dict[str, Any]], object], said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        changed(tmp_path, change)
    assert "clocks.yaml" in str(refused.value)


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"missing\.yaml"):
        load_rules(tmp_path / "missing.yaml")
    (tmp_path / "torn.yaml").write_text("years: {", encoding="utf-8")
    with pytest.raises(BadInput, match="no YAML"):
        load_calendar(tmp_path / "torn.yaml")


def test_every_shipped_version_says_where_it_was_taken_from() -> None:
    for name, rule in shipped_rules().rules.items():
        for held in rule.versions:
            assert held.source, name
            assert held.laws, name


# --- the calendar


@pytest.mark.parametrize(
    ("on", "working"),
    [
        ("2026-10-10", True),  # Saturday, made up for the national day week
        ("2026-02-14", True),  # Saturday, made up for the spring festival
        ("2026-10-01", False),
        ("2026-10-07", False),  # Wednesday of the national day week
        ("2026-10-17", False),  # an ordinary Saturday
        ("2026-10-19", True),
        ("2020-01-31", False),  # the spring festival of 2020 was prolonged
    ],
)
def test_make_up_days_are_worked_and_holidays_are_not(on: str, working: bool) -> None:
    assert is_working(day(on)) == (working, False)


@pytest.mark.parametrize("year", range(2004, 2027))
def test_no_national_day_week_is_worked(year: int) -> None:
    assert not any(is_working(date(year, 10, n)).working for n in range(1, 6))  # some began in September


def test_every_make_up_day_of_the_library_is_worked() -> None:
    weekends = [made_up for made_up in chinese_calendar.workdays if made_up.weekday() >= 5]
    assert len(weekends) > 100
    assert all(is_working(made_up).working for made_up in weekends)


@given(days, st.integers(0, 90), overrides_)
def test_adding_working_days_agrees_with_counting_one_by_one(start: date, n: int, overrides: dict[date, bool]) -> None:
    found = add_working_days(start, n, overrides)
    span = [start + timedelta(days=k) for k in range(1, (found.day - start).days + 1)]
    judged = [is_working(on, overrides) for on in span]
    assert sum(one.working for one in judged) == n
    assert found.provisional == any(one.provisional for one in judged)
    assert n == 0 or judged[-1].working


@given(st.dates(date(1990, 1, 1), date(2003, 12, 31)) | st.dates(date(2040, 1, 1), date(2100, 12, 31)))
def test_years_that_nobody_knows_are_provisional_and_count_monday_to_friday(on: date) -> None:
    assert is_working(on) == (on.weekday() < 5, True)
    assert is_working(on, {on: True}) == (True, False)


def test_less_than_no_days_are_refused() -> None:
    with pytest.raises(BadInput, match="-1 days"):
        add_working_days(day("2026-10-19"), -1)


@pytest.fixture
def entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Takes the text of a calendar for the one that is shipped."""

    def enter(text: str) -> None:
        (tmp_path / "calendar.yaml").write_text(text, encoding="utf-8")
        found = load_calendar(tmp_path / "calendar.yaml")
        monkeypatch.setattr(calendar, "_entered", lambda: found)

    return enter


@pytest.mark.parametrize(
    ("on", "working"),
    [("2040-01-02", False), ("2040-02-18", True), ("2040-02-19", False), ("2040-02-20", True), ("2026-10-10", False)],
)
def test_a_year_that_was_entered_is_known_in_full(entered: Callable[[str], None], on: str, working: bool) -> None:
    entered(
        "years:\n"
        "  2040: {source: 示例, free: [2040-01-02], working: [2040-02-18]}\n"
        "  2026: {source: 示例, free: [2026-10-10]}\n"
    )
    assert is_working(day(on)) == (working, False)
    assert is_working(day("2026-10-01")) == (False, False)  # of a year of the library only the days entered change
    assert is_working(day(on), {day(on): not working}) == (not working, False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("years: {2040: {source: 示例, free: [2041-01-02]}}", "2041-01-02 stands under 2040"),
        ("years: {2040: {source: 示例, free: [2040-01-02], working: [2040-01-02]}}", "both free and working"),
        ("years: {2040: {free: [2040-01-02]}}", "source"),
    ],
)
def test_a_mistake_in_the_calendar_is_named(entered: Callable[[str], None], text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        entered(text)


def test_the_example_in_the_shipped_calendar_can_be_taken_as_it_stands(entered: Callable[[str], None]) -> None:
    _, example = calendar.SHIPPED.read_text(encoding="utf-8").split("made up:\n#\n")
    entered("\n".join(line[2:] for line in example.splitlines() if line.startswith("# ")))
    assert is_working(day("2040-02-18")) == (True, False)
