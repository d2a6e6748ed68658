"""Accounts by names and numbers told, by the numbers that contacts went to, and by the names in messages."""

from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.parties.models import Account, ContactPerson, Debtor
from audit.store.types import local_day
from audit.store.upsert import batches
from complaints.accounts.keys import (
    Key,
    Level,
    accounts_numbered,
    among,
    closest,
    identities,
    own_phone,
    phones,
)
from complaints.accounts.told import Told

_MOST = 300  # debtors or accounts by one hint: more tell nothing
_AT_ONCE = 5_000  # names in one question


class Named(NamedTuple):
    """Accounts that names and numbers lead to, and whether a phone was among them."""

    accounts: set[int]
    by_phone: bool


def accounts_named(session: Session, told: Told) -> Named:
    """The accounts of debtors whose names or numbers are told, or those of persons around them."""
    by_phone = _debtors_by_phone(session, phones(told))
    debtors = by_phone | _debtors_by_identity(session, identities(told)) | _debtors_by_name(session, told)
    owned = set(session.exec(select(Account.id).where(col(Account.debtor_id).in_(debtors)))) if debtors else set()
    return Named({each for each in owned if each} | accounts_numbered(session, told), bool(by_phone))


def _debtors_by_phone(session: Session, keys: list[Key]) -> set[int]:
    found: set[int] = set()
    for model, debtor in ((Debtor, Debtor.id), (ContactPerson, ContactPerson.debtor_id)) if keys else ():
        key: Any = col(model.phone_key)
        found |= {owner for owner, theirs in session.execute(among(keys, (debtor, key), key)) if closest(keys, theirs)}
    return found


def _debtors_by_identity(session: Session, keys: list[Key]) -> set[int]:
    if not keys:
        return set()
    key = col(Debtor.id_key)
    return {owner for owner, theirs in session.execute(among(keys, (Debtor.id, key), key)) if closest(keys, theirs)}


def _debtors_by_name(session: Session, told: Told) -> set[int]:
    """Those named, or whose persons around are; pieces of the text that are many debtors' names are left out."""
    named = {*told.own_names, *told.debtor_names}
    debtors = set(session.exec(select(Debtor.id).where(col(Debtor.name).in_(named)).limit(_MOST)))
    for some in batches(sorted(told.pieces - named), _AT_ONCE):
        mentioned = session.exec(select(Debtor.id).where(col(Debtor.name).in_(some)).limit(_MOST + 1)).all()
        debtors |= set(mentioned) if len(mentioned) <= _MOST else set()
    around = select(ContactPerson.debtor_id).where(col(ContactPerson.name).in_(told.own_names)).limit(_MOST)
    return {each for each in (*debtors, *(session.exec(around) if told.own_names else ())) if each}


def reached_by_number(session: Session, told: Told) -> dict[int, tuple[Level, str | None]]:
    """The accounts on which calls or messages went to the complainant's number, how far it is that, and as whose."""
    keys = own_phone(told)
    found: dict[int, tuple[Level, str | None]] = {}
    for model in (Call, Message) if keys else ():
        key: Any = col(model.number_key)
        columns = (model.account_id, key, model.relation)
        recent = col(model.day).between(local_day(told.first), local_day(told.statement.received_at))
        for account, theirs, relation in session.execute(among(keys, columns, key).where(recent)):
            if account and (fits := closest(keys, theirs)):
                found[account] = (fits[0], relation)
    return found


def messages_addressing(session: Session, told: Told) -> dict[int, str]:
    """Accounts in whose recent messages a name stands that the complaint tells, with the name."""
    found: dict[int, str] = {}
    columns: Any = (Message.account_id,)
    recent = col(Message.day).between(local_day(told.first), local_day(told.statement.received_at))
    for name in (*told.own_names, *told.debtor_names):
        named = select(*columns).where(recent, col(Message.text).contains(name, autoescape=True))
        found |= {account: name for (account,) in session.execute(named.distinct().limit(_MOST)) if account}
    return found


def lenders_told(session: Session, told: Told) -> frozenset[str]:
    """Those parties named that lend."""
    named = {party.name for party in told.reading.parties}
    return frozenset(
        name for name in named if session.exec(select(Account.id).where(Account.lender == name).limit(1)).first()
    )
