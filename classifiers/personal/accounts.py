"""What is known by its letters: e-mail addresses, WeChat accounts and vehicle plates."""

import re
from collections.abc import Iterator

from classifiers.folding import Span
from classifiers.personal.datum import Datum, PersonalDatum

_EMAIL = re.compile(r"[a-z0-9][a-z0-9._%+-]{0,63}(?:@|艾特)[a-z0-9-]{1,63}(?:(?:\.|点)[a-z0-9-]{2,63}){1,4}")

_WECHAT_WORD = re.compile("微信|威信|薇信|v信|[wv]x")
_ACCOUNT = "[a-z][a-z0-9_-]{5,19}"
_WITH_DIGIT = "(?=[a-z_-]*[0-9])"  # nothing but letters is as likely a brand: 微信wechatpay
_WECHAT = re.compile(
    r"(?:微信|威信|薇信|v信|(?<![a-z0-9_])[wv]x(?=[号是：]))(?:号码?|账号)?"
    rf"(?:(?:就|也)?(?:是|为|叫|：) ?(?P<told>{_ACCOUNT})|(?P<shown>{_WITH_DIGIT}{_ACCOUNT}))"
    rf"|加[我他她你您]?(?P<added>(?=[wv]x){_WITH_DIGIT}{_ACCOUNT})"
)

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE_BEGINS = re.compile(f"[{_PROVINCES}][a-z]")
_LETTER, _SIGN = "[a-hj-np-z]", "[a-hj-np-z0-9]"  # neither i nor o: they look like digits
_PLATE = re.compile(  # a new-energy plate has one place more, and one of its letters first or last
    rf"[{_PROVINCES}]{_LETTER}(?P<mark>[·. ]?)"
    rf"(?:[a-hjk]{_SIGN}[0-9]{{4}}|[0-9]{{5}}[a-hjk]|(?=[a-z]*[0-9]){_SIGN}{{4}}(?:{_SIGN}|[学警港澳挂]))(?![a-z0-9])"
)


def may_hold_email(folded: str) -> bool:
    """Whether to look for e-mail addresses."""
    return "@" in folded or "艾特" in folded


def emails(folded: str) -> Iterator[PersonalDatum]:
    """E-mail addresses, written or said (艾特, 点com)."""
    for match in _EMAIL.finditer(folded):
        value = match.group().replace("艾特", "@").replace("点", ".")
        yield PersonalDatum(Datum.email, Span(*match.span()), value)


def may_hold_wechat(folded: str) -> bool:
    """Whether to look for WeChat accounts."""
    return _WECHAT_WORD.search(folded) is not None


def wechats(folded: str) -> Iterator[PersonalDatum]:
    """WeChat accounts told by name; a phone number that serves as one is a phone number."""
    for match in _WECHAT.finditer(folded):
        group = match.lastgroup or 0
        yield PersonalDatum(Datum.wechat, Span(*match.span(group)), match[group])


def may_hold_plate(folded: str) -> bool:
    """Whether to look for plates."""
    return _PLATE_BEGINS.search(folded) is not None


def plates(folded: str) -> Iterator[PersonalDatum]:
    """Vehicle plates; the value is in capitals, without the dot."""
    for match in _PLATE.finditer(folded):
        value = match.group().replace(match["mark"], "") if match["mark"] else match.group()
        yield PersonalDatum(Datum.plate, Span(*match.span()), value.upper())
