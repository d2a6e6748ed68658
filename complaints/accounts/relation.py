"""What the one who complains says to be to the debtor."""

import re
from functools import cache

from complaints.accounts.told import Told
from complaints.accounts.words import kin, words
from complaints.reading.people import Authority
from complaints.reading.text import any_of, plain

_NAME = "\0"  # stands for the debtor's name


def relation_told(told: Told, debtor_name: str) -> str:
    """What the complainant is to a debtor of that name, by the text: 我儿子杜宇航 tells a parent. Empty where it is not
    told.
    """
    folded = plain(f"{told.statement.complainant}。{told.statement.text}")
    if debtor_name:
        folded = folded.replace(plain(debtor_name), _NAME)
    own, debtors = _patterns()
    if match := own.search(folded):
        return kin()[match[match.lastgroup or 0]]
    if match := debtors.search(folded):
        code = kin()[match[match.lastgroup or 0]]
        return str(words()["inverse"].get(code, code))
    return ""


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What tells who the complainant is to the debtor, and who the debtor is to the complainant."""
    people, debt = any_of(kin()), words()["debt"]
    own = (
        rf"我是(?:他|她|{_NAME}|借款人|债务人|机主|持卡人)的?(?P<a>{people})",
        rf"(?:^|[。，；（：是]){_NAME}(?:的|之)(?P<b>{people})",
    )
    debtors = (
        rf"(?:我|俺|本人)的?(?P<a>{people})(?:{_NAME}|[^，。；我]{{0,6}}?(?:{debt}))",
        rf"(?:代|替|帮|为)(?:我|俺|本人)?的?(?P<b>{people})(?:{_NAME})?[^，。；]{{0,4}}(?:投诉|反映|举报|问|写|来电)",
        rf"(?:{_NAME}|他|她)是(?:我|俺|本人)的?(?P<c>{people})",
    )
    return re.compile("|".join(own)), re.compile("|".join(debtors))


def is_stranger(told: Told) -> bool:
    """Whether the one who complains says not to know the debtor."""
    return re.search(words()["stranger"], plain(told.statement.text)) is not None


def is_own(told: Told) -> bool:
    """Whether the one who complains speaks of a debt of their own."""
    own_words = re.search(words()["own"], plain(told.statement.text)) is not None
    return told.reading.people.right is Authority.self or own_words
