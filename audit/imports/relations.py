"""Who is behind a number, where the record does not say: the debtor, or one of the persons around the debtor."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select, update

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.parties.models import SELF, Account, ContactPerson, Debtor
from audit.parties.numbers import same
from audit.store.upsert import batches

_AT_ONCE = 5_000  # contacts


def fill_relations(session: Session) -> None:
    """Gives calls and messages without a relation that of their number, as far as the registers tell."""
    for model in (Call, Message):
        told: Any = (model.id, Account.debtor_id, model.number_key)
        nameless = select(*told).join(Account, col(Account.id) == col(model.account_id))
        unknown = nameless.where(col(model.relation).is_(None), col(model.number_key).is_not(None))
        put = update(model).where(col(model.id) == bindparam("row")).values(relation=bindparam("who"))
        for some in batches(session.execute(unknown).all(), _AT_ONCE):
            around = _around(session, {debtor for _, debtor, _ in some})
            found = [{"row": row, "who": who} for row, debtor, key in some if (who := _relation(around[debtor], key))]
            if found:
                session.connection().execute(put, found)


def _around(session: Session, debtors: Collection[int]) -> dict[int, list[tuple[str | None, str]]]:
    """The numbers of each debtor and of the persons around, each with whose it is."""
    around: dict[int, list[tuple[str | None, str]]] = defaultdict(list)
    own: Any = select(Debtor.id, Debtor.phone_key).where(col(Debtor.id).in_(debtors))
    for debtor, key in session.execute(own):
        around[debtor].append((key, SELF))
    others: Any = select(ContactPerson.debtor_id, ContactPerson.phone_key, ContactPerson.relation)
    for debtor, key, relation in session.execute(others.where(col(ContactPerson.debtor_id).in_(debtors))):
        around[debtor].append((key, relation))
    return around


def _relation(around: list[tuple[str | None, str]], key: str) -> str | None:
    return next((relation for number, relation in around if same(number, key)), None)
