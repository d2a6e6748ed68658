"""Types for the cells of registers: text as people and systems write it, or what a workbook holds, made one.

Each refuses a value that could mean two things, with a short phrase on what is wrong.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import BeforeValidator

from audit.imports.cells import half_width, no, wrong
from audit.imports.times import clock, day, moment, seconds

_HIGHEST_RATE = 10  # a thousand per cent a year
_NOTHING = {"", "-", "--", "—", "——", "/", "\\", "n/a", "#n/a", "null", "none", "无", "暂无"}
_FLAGS = {
    **dict.fromkeys(("yes", "y", "true", "1", "是", "有", "√", "✓"), True),
    **dict.fromkeys(("no", "n", "false", "0", "否", "无", "×"), False),
}
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d+)?")
_CURRENCY = re.compile(r"^(?:¥|rmb|cny|人民币)\s*|\s*(?:元|rmb|cny)$", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"[;；、,，\n]")
_NOT_STORED = re.compile("[\0\ud800-\udfff]")


def _rate(value: object) -> Decimal:
    text = half_width(value)
    rate = _number(text.removesuffix("%").rstrip(), value, "rate")
    if rate < 0:
        raise wrong("a rate cannot be below zero")
    rate = rate / 100 if text.endswith("%") or rate > 1 else rate
    if rate > _HIGHEST_RATE:
        raise wrong(f"a rate of {rate:%} a year cannot be")
    return rate


def _money(value: object) -> Decimal:
    return _number(_CURRENCY.sub("", half_width(value)), value, "sum of money")


def _number(text: str, value: object, thing: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise no(thing, value)
    return Decimal(text.replace(",", ""))


def _flag(value: object) -> bool:
    found = _FLAGS.get(half_width(value).lower())
    if found is None:
        raise no("plain yes or no", value)
    return found


def _key(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        raise wrong("the number has lost its last digits: format the column as text")
    text = "" if value is None else str(value).strip()
    if not text:
        raise wrong("it is empty")
    if _NOT_STORED.search(text):
        raise wrong("holds a NUL character or half a character")
    return text


def _text(value: object) -> str | None:
    return None if _says_nothing(value) else _key(value)


def _words(value: object) -> tuple[str, ...]:
    parts = _BETWEEN_WORDS.split(_text(value) or "")
    return tuple(part.strip() for part in parts if part.strip())


def _says_nothing(value: object) -> bool:
    return value is None or (isinstance(value, str) and half_width(value).lower() in _NOTHING)


def _nothing_is_none(value: object) -> object:
    return None if _says_nothing(value) else value


T = TypeVar("T")

Maybe = Annotated[T | None, BeforeValidator(_nothing_is_none)]
"""The type given, or None where the cell is empty or says so: -, —, /, N/A, 无. Not for Flag, whose 无 is a no."""
Moment = Annotated[datetime, BeforeValidator(moment)]
"""A time with its zone; local time in China where none is written."""
Day = Annotated[date, BeforeValidator(day)]
"""A day in China; the time of day is left out."""
Clock = Annotated[time, BeforeValidator(clock)]
"""A time of day; 24:00 is midnight."""
Seconds = Annotated[int, BeforeValidator(seconds)]
"""A length in whole seconds, a day at most; 1:05 is a minute and five seconds."""
Rate = Annotated[Decimal, BeforeValidator(_rate)]
"""A fraction a year; a number above one is per cent."""
Money = Annotated[Decimal, BeforeValidator(_money)]
"""A sum in whatever currency its row names."""
Flag = Annotated[bool, BeforeValidator(_flag)]
"""Yes or no."""
Key = Annotated[str, BeforeValidator(_key)]
"""Text that must be there, as written but for spaces around it."""
Text = Annotated[str | None, BeforeValidator(_text)]
"""Text without spaces around it, or None where the cell is empty or says so."""
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
"""Several texts between ; 、 or commas."""
