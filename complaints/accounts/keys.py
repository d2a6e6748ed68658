"""Whose number it is: phones and identity numbers told whole, masked or by their ends, and numbers of accounts."""

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import String, column, values
from sqlmodel import Session, col, or_, select

from audit.parties.models import Account
from audit.parties.numbers import BEHIND, key_of, same, visible_part
from complaints.accounts.told import Told
from complaints.reading.numbers import NumberKind
from complaints.reading.text import plain

_MOBILE = range(100, 200)  # first three digits, tried where only the end is told
_IDENTITY = range(100, 1000)
_OWN, _TEXT = "来电号码", "文中号码"
_AT_LEAST = 4  # digits of a piece that is looked for in account numbers


class Level(StrEnum):
    """How much of a number was there to compare."""

    whole = "whole"
    masked = "masked"
    tail = "tail"


class Key(NamedTuple):
    """A number told, as it is looked for; `whose` says for people where it was told."""

    key: str
    is_tail: bool
    whose: str

    def level(self, other: str | None) -> Level | None:
        """How far it is the number of that key; None where it is another."""
        if not same(self.key, other):
            return None
        if self.is_tail:
            return Level.tail
        return Level.whole if self.key == other and self.key != visible_part(self.key) else Level.masked


def phones(told: Told) -> list[Key]:
    """The phones told, the complainant's own first; one known by its end only stands as all that may be meant."""
    return [
        *own_phone(told),
        *(key for value in _values(told, NumberKind.phone) for key in _keys(value, _TEXT, _MOBILE)),
    ]


def own_phone(told: Told) -> list[Key]:
    """The phone that the complaint came with, or 尾号1008 of it."""
    phone = re.sub(r"^\D*(?=\d{4}$)", "*", told.statement.phone.strip())
    return [*_keys(phone, _OWN, _MOBILE)] if re.search(r"\d{3}", phone) else []


def identities(told: Told) -> list[Key]:
    """The identity numbers told."""
    return [key for value in _values(told, NumberKind.id_card) for key in _keys(value, _TEXT, _IDENTITY)]


def closest(keys: Collection[Key], key: str | None) -> tuple[Level, Key] | None:
    """How far a number on file is one of those told, by the one that tells most."""
    fits = [(level, told) for told in keys if (level := told.level(key))]
    return min(fits, key=lambda found: list(Level).index(found[0]), default=None)


def among(keys: Collection[Key], told: Any, key_column: Any) -> Any:
    """A query for the columns `told` of the rows whose key may be one of these, by the index on it."""
    parts = sorted({visible_part(key.key) for key in keys})
    part = values(column("part", String), name="part").data([(each,) for each in parts]).cte("told")
    return select(*told).join(part, key_column.between(part.c.part, part.c.part + BEHIND))


def pieces(told: Told) -> dict[str, str]:
    """Numbers of accounts told, with a star for what is not seen, each with the name of its evidence."""
    found = {}
    for value in _values(told, NumberKind.card):
        found[value] = "card_tail"
    for value in (*_values(told, NumberKind.account), *_values(told, NumberKind.contract)):
        found[value] = "account_tail"
    for value in re.findall(r"(?<![a-z\d])[a-z]{0,6}-?\d{5,20}(?![\d*])", plain(told.statement.text)):
        found[value.upper()] = "account_no"
    if told.statement.account_no.strip():
        found[told.statement.account_no.strip().upper()] = "account_no"
    return {value: name for value, name in found.items() if len(re.findall(r"\d", value)) >= _AT_LEAST}


def is_account(piece: str, name: str, account_no: str) -> str:
    """The evidence that a piece of that name gives for an account; empty for none."""
    number = account_no.upper()
    if piece == number:
        return "account_no"
    if name == "account_no":  # digits without 尾号 are a whole number
        return ""
    inner = ".*".join(re.escape(part) for part in re.split(r"\*+", piece))
    return name if re.fullmatch(f".*{inner}", number) else ""


def accounts_numbered(session: Session, told: Told) -> set[int]:
    """The accounts whose numbers are told."""
    found = pieces(told)
    number = col(Account.account_no)
    whole = {*found, *(piece.lower() for piece in found), told.statement.account_no.strip()}
    ends = [number.like("%" + re.sub(r"\*+", "%", piece)) for piece, name in found.items() if name != "account_no"]
    if not found:
        return set()
    return {each for each in session.exec(select(Account.id).where(or_(number.in_(whole), *ends))) if each}


def _values(told: Told, kind: NumberKind) -> Iterator[str]:
    return (number.value for number in told.reading.numbers if number.kind is kind)


def _keys(value: str, whose: str, begins: range) -> Iterator[Key]:
    """The number's key; where only its end is told, those of all numbers with that end."""
    first, *_, last = value.split("*") if "*" in value else (value, value)
    if first and last:
        yield Key(key_of(value) or "", False, whose)
    elif len(last) == 4:
        yield from (Key(key_of(f"{begin}*{last}") or "", True, whose) for begin in begins)
