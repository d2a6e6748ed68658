"""Personal numbers in running text are starred before anything leaves the house; the text keeps its length."""

import re

_MOBILE = r"(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}"
_LONG = r"\d{17}[\dXx]|\d{4}(?:[ -]?\d{4}){2,3}[ -]?\d{3,4}"  # identity numbers; accounts and cards, often in fours
_ALONE = r"(?<![0-9A-Za-z])(?:{})(?![0-9A-Za-z])"
_IN_NAMES = re.compile(_ALONE.format(_MOBILE), re.ASCII)
_IN_TEXT = re.compile(_ALONE.format(f"{_LONG}|{_MOBILE}"), re.ASCII)
_FIRST, _LAST = 3, 4  # characters left to be seen


def masked(text: str) -> str:
    """What somebody said or wrote, with the middle of mobile, identity and card numbers starred, digit for digit."""
    return _IN_TEXT.sub(_starred, text)


def masked_name(name: str) -> str:
    """A file's name with mobile numbers starred; other long numbers in it are those of calls."""
    return _IN_NAMES.sub(_starred, name)


def masked_person(name: str) -> str:
    """A person's name as outsiders may read it: the first character, and stars for the others."""
    return f"{name[0]}**" if name else ""


def _starred(found: re.Match[str]) -> str:
    number = found[0]
    return number[:_FIRST] + re.sub(r"\d", "*", number[_FIRST:-_LAST]) + number[-_LAST:]
