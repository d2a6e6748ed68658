"""Numbers in their writings: what is one number, what may be, and what of it is shown."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.parties.numbers import key_of, parse, same, shown, visible_part

pytestmark = pytest.mark.usefixtures("home")

ONE = "13800001001"


@pytest.mark.parametrize(
    "written",
    [
        ONE,
        " 13800001001 ",
        "138 0000 1001",
        "138-0000-1001",
        "+8613800001001",
        "+86 138 0000 1001",
        "008613800001001",
        "8613800001001",
        "(+86)13800001001",
        "１３８００００１００１",
        "(138)00001001",
    ],
)
def test_one_number_has_one_key_in_whatever_writing(written: str) -> None:
    assert key_of(written) == key_of(ONE)


@pytest.mark.parametrize(
    "masked", ["138****1001", "138*1001", "138＊＊＊＊1001", "138xxxx1001", "138●●●●1001", "+86 138****1001"]
)
def test_a_masked_number_may_be_the_whole_one(masked: str) -> None:
    assert same(key_of(masked), key_of(ONE))
    assert same(key_of(ONE), key_of(masked))
    assert key_of(masked) == key_of("138****1001") == visible_part(key_of(ONE) or "")


@pytest.mark.parametrize("other", ["13811111001", "138****1002", "139****1001", "", None, "8602100001001"])
def test_another_number_is_another(other: str | None) -> None:
    assert not same(key_of(other), key_of(ONE))


@pytest.mark.parametrize(
    ("whole", "seen"),
    [
        (ONE, "138****1001"),
        ("138****1001", "138****1001"),
        ("990101199001013321", "990****3321"),
        ("021-0000-9101", "021****9101"),
        ("someone@mail.example", "so****@mail.example"),
        ("s*@mail.example", "s****@mail.example"),
        (None, ""),
        ("", ""),
    ],
)
def test_people_see_the_ends_of_a_number(whole: str | None, seen: str) -> None:
    assert shown(whole) == seen


def test_a_name_is_compared_as_written_but_for_case_and_width() -> None:
    assert key_of("Jia-Official") == key_of("jia-official") == key_of("ｊｉａ-official")
    assert key_of("xxl-shop") != key_of("l-shop")


@given(digits=st.from_regex(r"1[3-9]\d{9}", fullmatch=True), other=st.from_regex(r"1[3-9]\d{9}", fullmatch=True))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_numbers_are_the_same_as_far_as_they_can_be_seen(digits: str, other: str) -> None:
    masked = f"{digits[:3]}****{digits[-4:]}"
    assert same(key_of(digits), key_of(masked))
    assert same(key_of(digits), key_of(other)) == (digits == other)
    assert same(key_of(masked), key_of(other)) == (digits[:3] == other[:3] and digits[-4:] == other[-4:])


@given(text=st.text(max_size=30))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_has_a_key_and_stays_the_number_it_was(text: str) -> None:
    assert parse(parse(text).text) == parse(text)
    assert same(key_of(text), key_of(text)) == bool(text)


def test_another_workspace_has_other_keys(monkeypatch: pytest.MonkeyPatch, forget) -> None:
    monkeypatch.setenv("SHENGJIAN_KEY", "1" * 64)
    forget()
    one = key_of(ONE)
    monkeypatch.setenv("SHENGJIAN_KEY", "2" * 64)
    forget()
    assert one != key_of(ONE)
