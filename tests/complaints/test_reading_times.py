"""When it happened, out of what people say. Received on Thursday 22 October 2026 at 10:30."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.store.types import LOCAL
from complaints.reading.counts import counts
from complaints.reading.times import Certainty, times

RECEIVED = datetime(2026, 10, 22, 10, 30, tzinfo=LOCAL)
FORM = "%Y-%m-%d %H:%M"


def windows(text: str) -> list[tuple[str, str]]:
    return [(each.first.strftime(FORM), each.last.strftime(FORM)) for each in times(text, RECEIVED)]


def window(text: str) -> str:
    (one,) = windows(text)
    return f"{one[0][5:]} {one[1][5:]}" if one[0][:4] == "2026" else " ".join(one)


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("昨天", "10-21 00:00 10-21 23:59"),
        ("前天下午", "10-20 12:00 10-20 17:59"),
        ("大前天", "10-19 00:00 10-19 23:59"),
        ("今天上午", "10-22 08:00 10-22 10:30"),
        ("今早", "10-22 06:00 10-22 09:59"),
        ("前晚", "10-20 18:00 10-20 23:59"),
        ("昨天中午", "10-21 11:00 10-21 13:59"),
        ("昨天半夜", "10-21 22:00 10-22 05:59"),
        ("今天凌晨", "10-22 00:00 10-22 05:59"),
        ("昨天一大早七点不到", "10-21 06:00 10-21 07:00"),
        ("上周三晚上快十点", "10-14 21:30 10-14 22:05"),
        ("10月20号上午九点多", "10-20 09:00 10-20 09:59"),
        ("上礼拜六下午3点左右", "10-17 14:30 10-17 15:30"),
        ("10月20号早上八九点", "10-20 08:00 10-20 09:59"),
        ("昨晚十一点半", "10-21 23:20 10-21 23:40"),
        ("昨晚12点", "10-21 23:50 10-22 00:15"),
        ("昨天半夜两点", "10-22 01:50 10-22 02:15"),
        ("昨晚凌晨一点", "10-22 00:50 10-22 01:15"),
        ("10.21 晚8点20", "10-21 20:15 10-21 20:25"),
        ("10/21 19:05", "10-21 19:05 10-21 19:05"),
        ("2026年10月21日20:15", "10-21 20:15 10-21 20:15"),
        ("2026-10-19T08:40", "10-19 08:40 10-19 08:40"),
        ("21日09:12", "10-21 09:12 10-21 09:12"),
        ("二十一号晚上九点一刻", "10-21 21:05 10-21 21:25"),
        ("20号从早上8点到晚上9点", "10-20 07:50 10-20 21:15"),
        ("十月二十日", "10-20 00:00 10-20 23:59"),
        ("二零二六年十月二十一日", "10-21 00:00 10-21 23:59"),
        ("二十号", "10-20 00:00 10-20 23:59"),
        ("上月15号", "09-15 00:00 09-15 23:59"),
        ("去年12月3号", "2025-12-03 00:00 2025-12-03 23:59"),
        ("11月3日", "2025-11-03 00:00 2025-11-03 23:59"),
        ("20号左右", "10-18 00:00 10-22 10:30"),
        ("10月18日至20日", "10-18 00:00 10-20 23:59"),
        ("9月28日到10月3日", "09-28 00:00 10-03 23:59"),
        ("从20号起连续三天", "10-20 00:00 10-22 10:30"),
        ("这周一", "10-19 00:00 10-19 23:59"),
        ("上周三", "10-14 00:00 10-14 23:59"),
        ("周五", "10-16 00:00 10-16 23:59"),
        ("礼拜天", "10-18 00:00 10-18 23:59"),
        ("上周末", "10-17 00:00 10-18 23:59"),
        ("上上周", "10-05 00:00 10-11 23:59"),
        ("上个月底", "09-21 00:00 09-30 23:59"),
        ("本月初", "10-01 00:00 10-10 23:59"),
        ("九月份", "09-01 00:00 09-30 23:59"),
        ("从9月起", "09-01 00:00 10-22 10:30"),
        ("国庆前后", "09-26 00:00 10-12 23:59"),
        ("国庆期间", "10-01 00:00 10-07 23:59"),
        ("中秋那天", "09-25 00:00 09-25 23:59"),
        ("春节前", "02-10 00:00 02-16 23:59"),
        ("双十一那天", "2025-11-11 00:00 2025-11-11 23:59"),
        ("三天前", "10-19 00:00 10-19 23:59"),
        ("半个月前", "10-04 00:00 10-10 23:59"),
        ("前几天", "10-15 00:00 10-21 23:59"),
        ("最近一周", "10-15 00:00 10-22 10:30"),
        ("连续三天", "10-19 00:00 10-22 10:30"),
        ("一个月来", "09-22 00:00 10-22 10:30"),
    ],
)
def test_one_expression_means_one_window(told: str, meant: str) -> None:
    assert window(told) == meant


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("19号打的，那天中午又打", "10-19 11:00"),
        ("20号来电，当晚又打", "10-20 18:00"),
        ("10月18号打了，第二天又打", "10-19 00:00"),
        ("10月19号晚上九点、十点各打一次", "10-19 21:50"),
        ("9月28号打了一次，29号又打", "09-29 00:00"),
        ("10月20号打的。下午三点又打", "10-20 14:50"),
    ],
)
def test_what_follows_belongs_to_the_day_named_last(told: str, meant: str) -> None:
    assert windows(told)[-1][0][5:] == meant


@pytest.mark.parametrize(
    "text",
    [
        "以前天天打电话",
        "有三点要求",
        "明天上午九点要上门",
        "请在15日内答复",
        "我家在8号楼",
        "工号21号",
        "每周三都打",
        "欠款10.21万元",
        "晚一点再说",
        "半夜打电话",
    ],
)
def test_what_tells_no_past_time(text: str) -> None:
    assert windows(text) == []


def test_each_reading_quotes_its_place_and_says_how_sure_it_is() -> None:
    text = "催收员昨天晚上八点多打来，10月20日也打过。"
    spoken, dated = times(text, RECEIVED)
    assert text[spoken.start : spoken.end] == spoken.quote == "昨天晚上八点多"
    assert (spoken.certainty, dated.certainty) == (Certainty.vague, Certainty.stated)


def test_full_width_and_traditional_characters_read_alike() -> None:
    assert window("昨天２０：１５") == window("昨天20:15") == "10-21 20:15 10-21 20:15"


words = st.sampled_from(
    [
        "昨天",
        "今晚",
        "明天",
        "12月",
        "31号",
        "上周",
        "三点",
        "半夜",
        "国庆",
        "从",
        "到",
        "起",
        "30日",
        "2月29日",
        "，",
        "周日",
        "23:59",
        "连续五天",
    ]
)


@given(st.lists(words, max_size=8).map("".join), st.datetimes(datetime(2024, 1, 1), datetime(2029, 12, 31)))
def test_no_window_lies_after_receipt_or_ends_before_it_begins(text: str, received: datetime) -> None:
    received_at = received.replace(tzinfo=LOCAL)
    for each in times(text, received_at):
        assert each.first <= each.last <= received_at
        assert text[each.start : each.end] == each.quote


@pytest.mark.parametrize(
    ("told", "low", "high", "per"),
    [
        ("一天打了五六个", 5, 6, timedelta(days=1)),
        ("每天十几个电话", 11, 19, timedelta(days=1)),
        ("一小时打了8个", 8, 8, timedelta(hours=1)),
        ("半个小时内连打12通", 12, 12, timedelta(minutes=30)),
        ("两天打了三十多个电话", 30, 39, timedelta(days=2)),
        ("连续三天每天十来个", 10, 19, timedelta(days=1)),
        ("打了三次", 3, 3, None),
        ("发了5条短信", 5, 5, None),
    ],
)
def test_counts(told: str, low: int, high: int, per: timedelta | None) -> None:
    (count,) = counts(told)
    assert (count.n_low, count.n_high, count.per) == (low, high, per)


def test_what_counts_nothing() -> None:
    assert counts("第一次接到电话，一天到晚打，多次骚扰") == []
