"""Complaints of one person: the same text again by another channel, and a new one after an earlier one."""

import hashlib
from datetime import timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import Field
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from audit.parties.numbers import same, visible_part
from audit.store.secrets import keyed_hash
from classifiers.detectors import Part
from complaints.calendar import read_yaml
from complaints.models import Complaint
from complaints.reading.text import plain
from complaints.vocabulary import CaseState

SHIPPED = Path(__file__).with_name("repeats.yaml")
_NEXT_KEY = "g"  # sorts after every hexadecimal digit


class Again(StrEnum):
    """How a complaint goes back to an earlier one."""

    duplicate = "duplicate"
    refiled = "refiled"
    repeat = "repeat"


class Repeats(Part):
    """When two complaints come from one person."""

    duplicate_days: int = Field(ge=0)
    anonymous: tuple[str, ...]
    least_name: int = Field(ge=1)


@cache
def _repeats() -> Repeats:
    return read_yaml(SHIPPED, Repeats)


def digest(text: str) -> str:
    """The same for two writings of one text: SHA-256 of its plain form without spaces."""
    return hashlib.sha256("".join(plain(text).split()).encode()).hexdigest()


def name_key(name: str | None) -> str | None:
    """The keyed hash by which a complainant is found by name; None for no name."""
    return keyed_hash("".join(plain(name).split())) if name else None


def of_one_person(session: Session, case: Complaint) -> list[Complaint]:
    """The complaints of the same person, this one among them, the first received in front."""
    found = select(Complaint).where(or_(_maybe(case), col(Complaint.id) == case.id))
    ordered = found.order_by(col(Complaint.received_at), col(Complaint.id))
    return [other for other in session.exec(ordered) if other.id == case.id or _one_person(case, other)]


def how(case: Complaint, before: list[Complaint]) -> Again:
    """What the complaint is beside the earlier ones of the same person."""
    near = timedelta(days=_repeats().duplicate_days)
    if any(c.text_digest == case.text_digest and case.received_at - c.received_at <= near for c in before):
        return Again.duplicate
    return Again.refiled if before[-1].state is CaseState.withdrawn else Again.repeat


def _maybe(case: Complaint) -> ColumnElement[bool]:
    """Complaints of whoever has the same name, or a number that looks the same."""
    told: list[ColumnElement[bool]] = [col(Complaint.id).is_(None)]
    if case.phone_key:
        shared = visible_part(case.phone_key)
        told.append(col(Complaint.phone_key).between(shared, shared + _NEXT_KEY))
    if case.complainant_key:
        told.append(col(Complaint.complainant_key) == case.complainant_key)
    return or_(*told)


def _one_person(one: Complaint, other: Complaint) -> bool:
    """The same number; where one gave none, the same telling name, or any same name under the same text."""
    if one.phone_key and other.phone_key:
        return same(one.phone_key, other.phone_key)
    if one.complainant_key != other.complainant_key:
        return False
    return one.text_digest == other.text_digest or _tells(one.complainant)


def _tells(name: str | None) -> bool:
    folded = "".join(plain(name or "").split())
    return len(folded) >= _repeats().least_name and not any(word in folded for word in _repeats().anonymous)
