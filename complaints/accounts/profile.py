"""Accounts found by hints alone: surname, lender, amount, how long overdue, place, and whom the collector contacted.

Each hint is a search of its own, by its own index; the points are added up in the database. So many accounts that fit
alike that they tell nothing are left out.
"""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, literal, union_all
from sqlmodel import Session, col, func, or_, select

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.parties.models import Account, Agency, Assignment, Debtor
from audit.store.types import local_day
from complaints.accounts.contacts import in_time_told
from complaints.accounts.told import Told
from complaints.accounts.words import points, words
from complaints.reading.numbers import AmountReading
from complaints.reading.quantities import Quantity

_MOST = 200  # accounts


class Hint(NamedTuple):
    """The evidence that it would be, and the query for the accounts that it fits."""

    name: str
    accounts: Any


def accounts_like(session: Session, told: Told, collectors: Collection[int]) -> set[int]:
    """The accounts that the hints fit best."""
    hints = [*_of_debtors(told), *_of_terms(told), *_of_contacts(told, collectors)]
    if not hints:
        return set()
    each = union_all(
        *(hint.accounts.add_columns(literal(points(hint.name)).label("points")).distinct() for hint in hints)
    ).subquery()
    score = func.sum(each.c.points)
    columns: Any = (each.c.id, score)
    ranked = select(*columns).group_by(each.c.id).order_by(score.desc(), each.c.id).limit(_MOST + 1)
    rows = [(account, score) for account, score in session.execute(ranked)]
    cut = rows[-1][1] if len(rows) > _MOST else 0
    return {account for account, score in rows if account and score > cut}


def told_amounts(told: Told) -> list[AmountReading]:
    """The amounts told that may be what is owed."""
    return [each for each in told.reading.amounts if each.low >= words()["amount"]["least"]]


def amount_range(told: AmountReading) -> Quantity:
    """From the least to the most that the principal may be."""
    amount = words()["amount"]
    return Quantity(told.low * amount["below"], told.high * amount["above"])


def overdue_range(days: Quantity) -> Quantity:
    """From the least to the most days that the register may show."""
    share, more = words()["overdue"]["share"], words()["overdue"]["days"]
    return Quantity(days.low * (1 - share) - more, days.high * (1 + share) + more)


def _of_debtors(told: Told) -> Iterator[Hint]:
    for surname in told.surnames:
        yield Hint("surname", _owned(col(Debtor.name).startswith(surname)))
    if near := [col(Debtor.name).like(pattern) for name in told.own_names for pattern in _near(name)]:
        yield Hint("name_partly", _owned(or_(*near)))
    where = (Debtor.address, Debtor.employer)
    if at_home := [col(each).like(f"%{own}%{kind}%") for own, kind in told.places for each in where]:
        yield Hint("place", _owned(or_(*at_home)))


def _owned(condition: ColumnElement[bool]) -> Any:
    return _accounts().join(Debtor, col(Debtor.id) == col(Account.debtor_id)).where(condition)


def _accounts() -> Any:
    columns: Any = (col(Account.id).label("id"),)
    return select(*columns)


def _near(name: str) -> list[str]:
    """Patterns for a name told in part, or with one character that may have been misheard."""
    if "*" in name:
        return [name.replace("*", "%")]
    return [f"{name[:n]}_{name[n + 1 :]}" for n in range(len(name))]


def _of_terms(told: Told) -> Iterator[Hint]:
    if parties := [party.name for party in told.reading.parties]:
        yield Hint("lender", _accounts().where(col(Account.lender).in_(parties)))
        assigned = _ids(Assignment).join(Agency, col(Agency.id) == col(Assignment.agency_id))
        yield Hint("agency", assigned.where(col(Agency.name).in_(parties)))
    if amounts := told_amounts(told):
        principal = col(Account.principal)
        yield Hint("same_principal", _accounts().where(principal.in_([each.low for each in amounts])))
        near = or_(*(principal.between(*amount_range(each)) for each in amounts))
        yield Hint("near_principal", _accounts().where(near))
    if told.overdue:
        days, received = overdue_range(told.overdue), local_day(told.statement.received_at)
        first, last = received - timedelta(days=days.high), received - timedelta(days=days.low)
        yield Hint("overdue", _accounts().where(col(Account.overdue_since).between(first, last)))


def _of_contacts(told: Told, collectors: Collection[int]) -> Iterator[Hint]:
    """Accounts that the collectors meant contacted in the time told."""
    for model in (Call, Message) if collectors else ():
        yield Hint("by_collector", _ids(model).where(in_time_told(model, told, collectors)))


def _ids(model: Any) -> Any:
    columns: Any = (col(model.account_id).label("id"),)
    return select(*columns)
