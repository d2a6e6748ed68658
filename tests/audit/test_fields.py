"""Cells as people, diallers and workbooks write them."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from audit.imports.fields import Clock, Day, Flag, Key, Maybe, Moment, Money, Rate, Seconds, Text, Words
from audit.imports.times import LOCAL

MORNING = datetime(2026, 10, 19, 8, 40, tzinfo=LOCAL)
MIDNIGHT = MORNING.replace(hour=0, minute=0)
SECOND = MORNING.replace(second=55)


def read(kind: Any, value: object) -> Any:
    return TypeAdapter(kind).validate_python(value)


def problem(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        read(kind, value)
    return caught.value.errors()[0]["msg"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-10-19T08:40:55+08:00", SECOND),
        ("2026-10-19T00:40:55Z", SECOND),
        ("2026-10-19 08:40:55", SECOND),
        (" 2026-10-19 08:40:55 ", SECOND),
        ("2026/10/19 8:40:55 +0800", SECOND),
        ("2026年10月19日 8时40分55秒", SECOND),
        ("20261019084055", SECOND),
        (20261019084055, SECOND),
        ("2026/10/19 08:40:55.250", SECOND.replace(microsecond=250_000)),
        ("2026/10/19 8:40", MORNING),
        ("2026.10.19 08:40", MORNING),
        ("2026年10月19日8时40分", MORNING),
        ("２０２６／１０／１９　８：４０", MORNING),
        ("202610190840", MORNING),
        ("2026-10-19", MIDNIGHT),
        ("2026年10月19日", MIDNIGHT),
        ("20261019", MIDNIGHT),
        (20261019, MIDNIGHT),
        (46314, MIDNIGHT),
        (46314.361111111, MORNING),
        ("46314.361111111", MORNING),
        (date(2026, 10, 19), MIDNIGHT),
        (datetime(2026, 10, 19, 8, 40), MORNING),
    ],
)
def test_a_moment_in_every_style(written: object, meant: datetime) -> None:
    assert read(Moment, written) == meant


def test_a_moment_keeps_the_zone_that_it_came_with() -> None:
    assert read(Moment, "2026-10-19T00:40:55Z").utcoffset() == timedelta()


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("10/11/2026", "'10/11/2026' may have the day or the month first: write it like 2026-11-10"),
        ("10-11-26 8:00", "'10-11-26 8:00' may have the day or the month first: write it like 2026-11-10"),
        ("1899-12-30", "the year 1899 cannot be"),
        ("2101年1月1日", "the year 2101 cannot be"),
        (12345, "the year 1933 cannot be"),
        ("abc", "'abc' is no time"),
        ("2026-02-30", "'2026-02-30' is no time"),
        ("2026-10-19 25:00", "'2026-10-19 25:00' is no time"),
        ("2026-10-19108:40:55", "'2026-10-19108:40:55' is no time"),
        (1792370455, "'1792370455' is no time"),
        (True, "'True' is no time"),
        ("", "it is empty: give a time"),
        (None, "it is empty: give a time"),
    ],
)
def test_what_is_no_moment(written: object, why: str) -> None:
    assert problem(Moment, written) == why


STYLES = ["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y.%m.%d %H:%M:%S", "%Y年%m月%d日%H时%M分%S秒", "%Y%m%d%H%M%S"]
SECONDS_OF_OURS = st.datetimes(datetime(1992, 1, 1), datetime(2100, 12, 30)).map(lambda m: m.replace(microsecond=0))


@given(SECONDS_OF_OURS, st.sampled_from(STYLES))
def test_a_moment_reads_back_from_every_style(moment: datetime, style: str) -> None:
    assert read(Moment, moment.strftime(style)) == moment.replace(tzinfo=LOCAL)


@given(SECONDS_OF_OURS)
def test_a_moment_reads_back_from_a_workbooks_number(moment: datetime) -> None:
    serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    assert read(Moment, serial) == moment.replace(tzinfo=LOCAL)


@given(SECONDS_OF_OURS, st.integers(-12 * 60, 14 * 60))
def test_a_moment_reads_back_with_its_zone(moment: datetime, minutes: int) -> None:
    elsewhere = moment.replace(tzinfo=UTC) + timedelta(minutes=minutes)
    assert read(Moment, elsewhere.isoformat()) == elsewhere


@given(st.text() | st.integers() | st.floats() | st.booleans() | st.none())
@pytest.mark.parametrize("kind", [Moment, Day, Clock, Seconds, Rate, Money, Flag, Key, Text, Words])
def test_any_value_is_read_or_refused_in_a_phrase(kind: Any, value: object) -> None:
    try:
        read(kind, value)
        refusals = set()
    except ValidationError as error:
        refusals = {mistake["type"] for mistake in error.errors()}
    assert refusals <= {"cell"}


def test_a_day_is_the_one_in_china() -> None:
    assert read(Day, "2026-10-18T16:00:00Z") == read(Day, "2026/10/19") == read(Day, 46314) == date(2026, 10, 19)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("22:00", time(22)),
        ("22:00:30", time(22, 0, 30)),
        ("22点", time(22)),
        ("22时30分", time(22, 30)),
        ("9:05", time(9, 5)),
        ("24:00", time(0)),
        (22 / 24, time(22)),
        (1, time(0)),
        (time(22, 30), time(22, 30)),
        (timedelta(hours=24), time(0)),
    ],
)
def test_a_clock(written: object, meant: time) -> None:
    assert read(Clock, written) == meant


@pytest.mark.parametrize("written", ["24:30", "22", 22, "22:60", "-1:00", True, float("nan"), timedelta(hours=25)])
def test_what_is_no_clock(written: object) -> None:
    assert problem(Clock, written).endswith("is no time of day")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (65, 65),
        ("65", 65),
        ("65.0", 65),
        (65.4, 65),
        ("65秒", 65),
        ("00:01:05", 65),
        ("1:05", 65),
        ("1分5秒", 65),
        ("1小时1分5秒", 3665),
        ("2分钟", 120),
        ("90:00", 5400),
        (time(0, 1, 5), 65),
        (timedelta(seconds=65), 65),
        (0, 0),
        ("24:00:00", 86_400),
    ],
)
def test_a_length_in_seconds(written: object, meant: int) -> None:
    assert read(Seconds, written) == meant


@pytest.mark.parametrize("written", ["-1", -1, "1:60", "1:65:00", "1e3", "1,200", True, "9" * 30])
def test_what_is_no_length(written: object) -> None:
    assert problem(Seconds, written).endswith("is no length in seconds")


def test_a_length_above_a_day_cannot_be() -> None:
    assert problem(Seconds, 86_401) == "86401 seconds are more than a day"


@given(st.integers(0, 86_400))
def test_a_length_reads_back_from_every_style(length: int) -> None:
    hours, minutes, seconds = length // 3600, length // 60 % 60, length % 60
    styles = f"{length}", f"{hours}:{minutes:02}:{seconds:02}", f"{hours}小时{minutes}分{seconds}秒", float(length)
    assert {read(Seconds, style) for style in styles} == {length}


@pytest.mark.parametrize("written", ["0.2160", "21.6%", "21.6", "２１．６％", 0.216, 21.6])
def test_a_rate_above_one_is_per_cent(written: object) -> None:
    assert read(Rate, written) == Decimal("0.216")


@given(st.decimals(0, 1, places=6))
def test_a_rate_reads_back_as_fraction_and_per_cent(rate: Decimal) -> None:
    assert read(Rate, f"{rate:f}") == read(Rate, f"{rate * 100:f}%") == rate


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("-0.1", "a rate cannot be below zero"),
        ("1001", "a rate of 1001% a year cannot be"),
        ("nan", "'nan' is no rate"),
        ("1_0", "'1_0' is no rate"),
        ("", "it is empty: give a rate"),
    ],
)
def test_what_is_no_rate(written: object, why: str) -> None:
    assert problem(Rate, written) == why


@pytest.mark.parametrize(
    "written", ["28,000.00", "28，000", "¥28000", "￥ 28,000", "28000元", "RMB 28000", 28000, 28000.0]
)
def test_money(written: object) -> None:
    assert read(Money, written) == 28_000


@pytest.mark.parametrize("written", ["2,8000", "2.8万", "1e5", "inf", True])
def test_what_is_no_money(written: object) -> None:
    assert problem(Money, written).endswith("is no sum of money")


def test_flags() -> None:
    assert all(read(Flag, written) is True for written in ("yes", "Y", "TRUE", "1", 1, "是", "有", "√", True))
    assert all(read(Flag, written) is False for written in ("no", "n", "False", "0", 0, "否", "无", False))
    assert problem(Flag, "maybe") == "'maybe' is no plain yes or no"


@pytest.mark.parametrize("written", ["", " ", "-", "—", "／", "N/A", "无", None])
def test_a_cell_that_says_nothing(written: object) -> None:
    assert read(Text, written) is None
    assert read(Maybe[Moment], written) is None
    assert read(Words, written) == ()


def test_text_is_kept_but_for_spaces_around_it() -> None:
    assert read(Text, " 无锡 一组 ") == "无锡 一组"
    assert read(Text, 13800001001) == "13800001001"
    assert read(Key, "-") == "-"
    assert problem(Key, " ") == "it is empty"


@pytest.mark.parametrize("written", ["a\0b", "\ud83d"])
def test_text_that_no_database_keeps(written: str) -> None:
    assert problem(Text, written) == "holds a NUL character or half a character"


def test_an_identity_number_that_a_workbook_has_cut() -> None:
    assert problem(Text, 9.9011990010122e17) == "the number has lost its last digits: format the column as text"


def test_several_words_in_one_cell() -> None:
    assert read(Words, "GH8001; GH8002；GH8003、GH8004，") == ("GH8001", "GH8002", "GH8003", "GH8004")
