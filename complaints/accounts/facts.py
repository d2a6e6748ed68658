"""What is on file about the accounts that a complaint may be about: loaded for all of them at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from audit.parties.models import Account, Agency, Assignment, ContactPerson, Debtor
from complaints.accounts.contacts import Contacts, contacts_of
from complaints.accounts.told import Told


class Person(NamedTuple):
    """Somebody around the debtor."""

    id: int
    name: str
    relation: str
    phone_key: str


@dataclass
class Facts:
    """An account, its debtor, the persons around, the agencies that had it, and its contacts."""

    account_id: int
    account_no: str
    debtor_id: int | None
    lender: str | None
    product: str | None
    principal: Decimal | None
    overdue_since: date | None
    name: str | None
    gender: str | None
    phone_key: str | None
    id_key: str | None
    address: str | None
    employer: str | None
    persons: list[Person] = field(default_factory=list)
    agencies: set[str] = field(default_factory=set)
    contacts: Contacts = field(default_factory=Contacts)


def load(session: Session, told: Told, accounts: Collection[int], collectors: Collection[int]) -> list[Facts]:
    """What is on file about those accounts; `collectors` are the ids of those meant."""
    if not accounts:
        return []
    owed: Any = (Account.id, Account.account_no, Account.debtor_id, Account.lender, Account.product, Account.principal)
    whose: Any = (Debtor.name, Debtor.gender, Debtor.phone_key, Debtor.id_key, Debtor.address, Debtor.employer)
    columns: Any = (*owed, Account.overdue_since, *whose)
    rows = select(*columns).outerjoin(Debtor, col(Debtor.id) == col(Account.debtor_id))
    facts = [Facts(*row) for row in session.execute(rows.where(col(Account.id).in_(accounts)))]
    _add_persons(session, facts)
    _add_agencies(session, facts)
    contacts = contacts_of(session, told, accounts, collectors)
    for each in facts:
        each.contacts = contacts[each.account_id]
    return facts


def _add_persons(session: Session, facts: Collection[Facts]) -> None:
    around: dict[int | None, list[Person]] = defaultdict(list)
    whose: Any = (ContactPerson.debtor_id, ContactPerson.id, ContactPerson.name)
    columns: Any = (*whose, ContactPerson.relation, ContactPerson.phone_key)
    debtors = {each.debtor_id for each in facts if each.debtor_id}
    rows = select(*columns).where(col(ContactPerson.debtor_id).in_(debtors))
    for debtor, *person in session.execute(rows):
        around[debtor].append(Person(*person))
    for each in facts:
        each.persons = around[each.debtor_id]


def _add_agencies(session: Session, facts: Collection[Facts]) -> None:
    by_account = {each.account_id: each for each in facts}
    columns: Any = (Assignment.account_id, Agency.name)
    rows = select(*columns).join(Agency, col(Agency.id) == col(Assignment.agency_id))
    for account, agency in session.execute(rows.where(col(Assignment.account_id).in_(by_account))):
        by_account[account].agencies.add(agency)
