"""Whose data are hidden: the people on file around an account, with what the registers say of each."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, select

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.parties.models import Account, Agency, Collector, ContactPerson, Debtor
from complaints.models import Complaint


class Role(StrEnum):
    """What somebody is to the matter."""

    debtor = "debtor"
    contact = "contact"
    complainant = "complainant"
    collector = "collector"


STAFF = frozenset({Role.collector})  # who answers for what was said, and so stays named


@dataclass(frozen=True)
class Person:
    """What is on file of somebody: name, numbers (whole or masked), and places (address, employer)."""

    role: Role
    name: str = ""
    numbers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class KnownPeople:
    """Everybody on file around a matter. `official` are the lines of the agencies, which are nobody's secret."""

    people: tuple[Person, ...] = ()
    official: frozenset[str] = frozenset()

    @property
    def named(self) -> bool:
        """Whether the name of the debtor is known: without it, nobody can say that it was hidden."""
        return any(person.role is Role.debtor and person.name for person in self.people)

    def hidden(self, keep: Collection[Role]) -> Iterator[Person]:
        """Those whose data go."""
        return (person for person in self.people if person.role not in keep)


def known_people(session: Session, account_id: int | None, case: Complaint | None = None) -> KnownPeople:
    """Everybody on file around an account, and the complainant of a case about it."""
    account = session.get(Account, account_id or 0)
    debtor = session.get(Debtor, (account.debtor_id if account else case and case.debtor_id) or 0)
    people = [*_debtor(debtor), *_contacts(session, debtor), *_others(session, account_id)]
    if case:
        people.append(Person(Role.complainant, _name(case.complainant), _given(case.phone)))
    staff = (Person(Role.collector, one.name or "", (one.staff_no,)) for one in session.exec(select(Collector)))
    official = {line for agency in session.exec(select(Agency)) for line in agency.lines}
    return KnownPeople((*people, *staff), frozenset(official))


def _debtor(debtor: Debtor | None) -> Iterator[Person]:
    if debtor:
        numbers, places = _given(debtor.phone, debtor.id_no), _given(debtor.address, debtor.employer)
        yield Person(Role.debtor, _name(debtor.name), numbers, places)


def _contacts(session: Session, debtor: Debtor | None) -> Iterator[Person]:
    if debtor:
        for person in session.exec(select(ContactPerson).where(ContactPerson.debtor_id == debtor.id)):
            yield Person(Role.contact, _name(person.name), _given(person.phone))


def _others(session: Session, account_id: int | None) -> Iterator[Person]:
    """The numbers that were called or written to, whoever has them."""
    if account_id is not None:
        called = {call.number for call in session.exec(select(Call).where(Call.account_id == account_id))}
        written = {one.number for one in session.exec(select(Message).where(Message.account_id == account_id))}
        yield Person(Role.contact, numbers=_given(*sorted(filter(None, called | written))))


def _name(text: str | None) -> str:
    """A name as it may be spoken: none that is starred."""
    return text.strip() if text and "*" not in text else ""


def _given(*values: str | None) -> tuple[str, ...]:
    return tuple(value for value in values if value)
