"""Calls, messages and visits of all agencies as one stream of contacts."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select
from sqlmodel import Session, col, select

from audit.calls.models import Call, Direction
from audit.contacts.models import Message, Visit
from audit.ledger.facts import Facts
from audit.parties.models import Account
from audit.store.types import LOCAL

_AT_ONCE = 10_000  # rows held
_CALL: Any = (
    Call.call_id,
    Call.started_at,
    Call.day,
    Call.direction,
    Call.account_id,
    Account.debtor_id,
    Call.collector_id,
    Call.agency_id,
    Call.number_key,
    Call.line_key,
    Call.relation,
    Call.talk_seconds,
    Call.disposition,
    Call.id,
)
_MESSAGE: Any = (
    Message.message_id,
    Message.channel,
    Message.sent_at,
    Message.day,
    Message.account_id,
    Account.debtor_id,
    Message.collector_id,
    Message.number_key,
    Message.sender_key,
    Message.relation,
)
_VISIT: Any = (Visit.visit_id, Visit.at, Visit.day, Visit.account_id, Account.debtor_id, Visit.collectors)


class Contact(NamedTuple):
    """One contact. `way` is the channel, or `visit`; `collectors` and `agency` are ids; `debtor` stands for the account
    where that names none.
    """

    id: str
    way: str
    at: datetime
    day: date
    outbound: bool
    account: int | None
    debtor: int | None
    collectors: tuple[int, ...]
    agency: int | None
    number_key: str | None
    line_key: str | None
    relation: str | None
    talk: int | None = None
    disposition: str | None = None
    row: int | None = None

    @property
    def local(self) -> datetime:
        """The start by the local clock."""
        return self.at.astimezone(LOCAL)


def person(debtor_id: int | None, account_id: int | None) -> int | None:
    """What stands for a debtor: the id, or the account's negated where the account names none."""
    if debtor_id is not None:
        return debtor_id
    return None if account_id is None else -account_id


def contacts(session: Session, since: date, facts: Facts) -> Iterator[Contact]:
    """All contacts from a local day on; first calls, then messages, then visits."""
    for row in _rows(session, Call, since, _CALL):
        call_id, at, day, direction, account, debtor, collector, agency, number, line, relation, talk, code, key = row
        agency = agency or facts.agency_of.get(collector)
        outbound, went = direction == Direction.outbound, (collector,) if collector else ()
        who = person(debtor, account)
        yield Contact(
            call_id, "call", at, day, outbound, account, who, went, agency, number, line, relation, talk, code, key
        )
    for row in _rows(session, Message, since, _MESSAGE):
        message_id, channel, at, day, account, debtor, collector, number, sender, relation = row
        agency, went = facts.agency_of.get(collector), (collector,) if collector else ()
        who = person(debtor, account)
        yield Contact(message_id, channel, at, day, True, account, who, went, agency, number, sender, relation)
    for visit_id, at, day, account, debtor, collectors in _rows(session, Visit, since, _VISIT):
        agency = facts.agency_of.get(collectors[0]) if collectors else None
        who = person(debtor, account)
        yield Contact(visit_id, "visit", at, day, True, account, who, tuple(collectors), agency, None, None, None)


def _rows(session: Session, model: type[Call | Message | Visit], since: date, told: Any) -> Iterator[Any]:
    """What is told of each contact of a table from a day on, with its account."""
    joined: Select[Any] = select(*told).select_from(model).outerjoin(Account, col(Account.id) == model.account_id)
    wanted = joined.where(col(model.day) >= since).execution_options(yield_per=_AT_ONCE)
    yield from session.execute(wanted)
