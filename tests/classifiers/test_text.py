"""Folding, numerals and pinyin: what is compared, and that a hit is quoted as it was written."""

import pytest
from cn2an import an2cn
from hypothesis import given
from hypothesis import strategies as st

from classifiers.folding import fold, simplified
from classifiers.numbers import find_numbers
from classifiers.patterns import Homophones, Patterns, Sounds, Terms, check_pattern


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("贱 人 就 是", "贱人就是"),
        ("贱*人", "贱人"),
        ("ＳＢ，还錢！", "sb，还钱！"),
        ("one two", "one two"),
        ("幺三八幺二三四五六七八", "13812345678"),
        ("逾期四十一天", "逾期41天"),
        ("两千三百一十六块", "2316块"),
        ("三年，万一，千万别，三四个，二三十", "三年，万一，千万别，三四个，二三十"),
        ("", ""),
    ],
)
def test_what_is_alike_is_folded_alike(written: str, folded: str) -> None:
    assert fold(written).text == folded


def test_a_number_points_back_to_its_words() -> None:
    folded = fold("欠了两千三百一十六块")
    start = folded.text.index("2316")
    place = folded.back(start, start + 4)
    assert "欠了两千三百一十六块"[place.start : place.end] == "两千三百一十六"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_every_folded_character_comes_from_somewhere(text: str) -> None:
    folded = fold(text)
    origin = [folded.back(n, n + 1) for n in range(len(folded.text))]
    assert all(0 <= span.start < span.end <= len(text) for span in origin)
    assert len(simplified(text)) == len(text)


@given(st.text(alphabet="零〇洞一幺二两三四五六七拐八九勾十百千万亿点个", max_size=12))
def test_no_numeral_is_too_odd(text: str) -> None:
    for number in find_numbers(text):
        assert number.value.isdigit()
        assert text[number.start : number.end]


@given(st.integers(min_value=11, max_value=99_999_999))
def test_a_number_written_out_is_read_back(number: int) -> None:
    assert [found.value for found in find_numbers(an2cn(number))] == [str(number)]


def test_a_term_is_found_by_letter_and_by_sound_but_not_both() -> None:
    terms, sounds = Terms(["滚蛋", "爆通讯录"]), Sounds(["滚蛋", "爆通讯录"])
    assert set(terms.find("你滚蛋")) == {"滚蛋"}
    assert set(sounds.find("你滚蛋")) == set()
    assert {term: spans[0] for term, spans in sounds.find("你滚旦，保通讯路").items()} == {
        "滚蛋": (1, 3),
        "爆通讯录": (4, 8),
    }


def test_a_pattern_is_located_and_a_bad_one_named() -> None:
    assert Patterns(["还(?:不还|钱)", "没有"]).find("还不还钱，还钱") == {"还(?:不还|钱)": [(0, 3), (5, 7)]}
    assert check_pattern("(?:开") == "missing ): (?:开"
    assert check_pattern("(?=前)") is not None  # look-ahead is not RE2


@given(st.text(alphabet=" ab1贷款带宽逾期于其滚旦", max_size=20))
def test_putting_right_keeps_every_place(text: str) -> None:
    right = Homophones({"贷款": (), "逾期": ("于其",)}).put_right(text)
    assert len(right) == len(text)
    assert [c for c in right if c in " ab1"] == [c for c in text if c in " ab1"]
    for spans in Sounds(["滚蛋"]).find(text).values():
        assert [text[s.start : s.end] for s in spans] == ["滚旦"] * len(spans)
