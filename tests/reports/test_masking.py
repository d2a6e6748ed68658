"""Personal numbers do not leave the house whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.masking import masked, masked_name
from reports.names import in_words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请打13800001234找我", "请打138****1234找我"),
        ("请打138-0000-1234找我", "请打138-****-1234找我"),
        ("请打138 0000 1234找我", "请打138 **** 1234找我"),
        ("+8613800001234", "+86*******1234"),
        ("身份证990101199001013321。", "身份证990***********3321。"),
        ("身份证99010119900101332X。", "身份证990***********332X。"),
        ("卡号6222 0200 1122 3344 556", "卡号622* **** **** **** 556"),
        ("本金28000元，拨02100008101，订单20261019", "本金28000元，拨02100008101，订单20261019"),
        ("工号GH13800001234，散列a13800001234", "工号GH13800001234，散列a13800001234"),
    ],
)
def test_numbers_in_text(text: str, shown: str) -> None:
    assert masked(text) == shown


@given(st.text("0123456789Xx -+一号", max_size=40))
def test_the_text_keeps_its_length_and_masking_again_changes_nothing(text: str) -> None:
    assert len(masked(text)) == len(text)
    assert masked(masked(text)) == masked(text)


def test_a_file_keeps_the_number_of_its_call() -> None:
    assert masked_name("13800001234_20261019084055123.wav") == "138****1234_20261019084055123.wav"


def test_codes_in_reasons_have_names() -> None:
    assert (
        in_words("联系第三人（sibling），登记为 no_answer，见 other_1")
        == "联系第三人（兄弟姐妹），登记为 无人接听，见 other_1"
    )
