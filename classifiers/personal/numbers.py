"""Numbers of a person, written or said: identity card, phone, bank card, QQ."""

import re
from collections.abc import Iterator

from phonenumbers import PhoneNumberMatcher, PhoneNumberType, number_type
from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from classifiers.folding import Span
from classifiers.personal.datum import Datum, PersonalDatum, without_overlaps
from classifiers.spoken_digits import Piece, may_hold_number, readings, runs

_REGION_OF_NOBODY = "99"
_LIKE_ID_CARD = re.compile(r"[1-9]\d{16}[\dX]")
_LIKE_PHONE = re.compile(r"(?:86)?(?:1[3-9]\d{9}|0\d{9,11})")
_LIKE_BANK_CARD = re.compile(r"[3-69]\d{12,18}")  # those of Chinese banks; 2025… would be a day and an hour
_WITH_BIRTHDAY = re.compile(r"\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{4}")  # misheard, yet no card
_LIKE_QQ = re.compile(r"[1-9]\d{4,10}")
_PERSONAL_LINES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_QQ = re.compile(r"(?:qq|扣扣|企鹅)(?:号码?|账号)?(?:就|也)?(?:是|为|叫|：)?[ ，]?$")
_OF_A_THING = re.compile(  # what goes before the number of an order, a contract or a case
    r"(?:(?:订单|合同|流水|借据|案件|工单|运单|快递|保单|凭证|受理|交易|回执|档案|文书|通知书|发票|设备|信用代码)"
    r"(?:编号|号码|号|码)?|(?<!证)编号|工号|案号|单号|批号|文号)(?:就?是|为|：)? ?$"
    r"|(?<!qq)(?<!wx)(?<!vx)(?<!tel)[a-z_]$"  # dd20250101…
)
_LOOK_BACK = 12  # characters


def may_hold(folded: str) -> bool:
    """Whether to look at all."""
    return may_hold_number(folded) or "qq" in folded or "扣扣" in folded or "企鹅" in folded


def find(folded: str) -> Iterator[PersonalDatum]:
    """The numbers of the text; each run of digits is read in the likeliest way."""
    for run in runs(folded):
        read = readings(run)
        before = folded[max(0, run[0].start - _LOOK_BACK) : run[0].start]
        qq = list(_qq(read, run[0].start)) if _QQ.search(before) else []
        valid = sorted(
            _valid(read, folded), key=lambda datum: datum.kind is not Datum.id_card
        )  # the best checked first
        yield from without_overlaps([*valid, *qq])


def _valid(read: list[Piece], folded: str) -> Iterator[PersonalDatum]:
    for number in read:
        kind = kind_of(number.digits)
        if kind and not _OF_A_THING.search(folded[max(0, number.start - _LOOK_BACK) : number.start]):
            yield PersonalDatum(kind, Span(number.start, number.end), number.digits)


def _qq(read: list[Piece], start: int) -> Iterator[PersonalDatum]:
    """A QQ number has no checksum: it is whatever digits follow the word, as many as one may have."""
    for number in sorted(read, key=lambda number: -len(number.digits)):
        if number.start == start and _LIKE_QQ.fullmatch(number.digits):
            yield PersonalDatum(Datum.qq, Span(number.start, number.end), number.digits)


def kind_of(digits: str) -> Datum | None:
    """What a number is by its shape and checksum alone, or None."""
    if _LIKE_ID_CARD.fullmatch(digits) and _is_id_card(digits):
        return Datum.id_card
    if _LIKE_PHONE.fullmatch(digits) and _is_phone(digits):
        return Datum.phone
    if _LIKE_BANK_CARD.fullmatch(digits) and luhn.is_valid(digits) and not _WITH_BIRTHDAY.fullmatch(digits):
        return Datum.bank_card
    return None


def _is_id_card(number: str) -> bool:
    """By region, day of birth and checksum.

    Region 99 is nobody's: the invented people of tests and demos live there, and are to be found too.
    """
    if not number.startswith(_REGION_OF_NOBODY):
        return ric.is_valid(number)
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return False
    return ric.calc_check_digit(number) == number[-1]


def _is_phone(digits: str) -> bool:
    """Whether this is a line of a person or household: a hotline (400…) is not."""
    matches = PhoneNumberMatcher(digits, "CN")
    return any(m.raw_string == digits and number_type(m.number) in _PERSONAL_LINES for m in matches)
