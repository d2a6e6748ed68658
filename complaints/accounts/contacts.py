"""How the accounts that a complaint may be about were contacted: when, by whom, how, and what was found in it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, literal
from sqlmodel import Session, col, func, or_, select

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.findings.models import Finding
from audit.findings.standing import kind_now, stands
from audit.store.types import local_day
from classifiers.taxonomy import Kind
from complaints.accounts.told import Told
from complaints.accounts.words import words

_TEXTS = 400  # messages whose amounts are read


@dataclass
class Contacts:
    """How often: near receipt, in the time told, by a collector meant then, and by one ever. `channels` and `kinds` (of
    findings) are those of the time told.
    """

    near: int = 0
    in_window: int = 0
    by_collector: int = 0
    ever_by_collector: int = 0
    channels: set[str] = field(default_factory=set)
    kinds: set[Kind] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)


def contacts_of(
    session: Session, told: Told, accounts: Collection[int], collectors: Collection[int]
) -> Mapping[int, Contacts]:
    """The contacts of each of the accounts before receipt."""
    contacts = {account: Contacts() for account in accounts}
    for model in (Call, Message):
        _count(session, told, model, contacts, collectors)
        _add_kinds(session, told, model, contacts, collectors)
    _add_texts(session, told, contacts)
    return contacts


def in_time_told(model: Any, told: Told, collectors: Collection[int] = ()) -> ColumnElement[bool]:
    """Contacts in the time told, by one of the collectors if any are meant."""
    within: ColumnElement[bool] = or_(*(_at(model).between(first, last) for first, last in told.windows))
    return within & col(model.collector_id).in_(collectors) if collectors else within


def _at(model: Any) -> Any:
    return col(model.started_at if model is Call else model.sent_at)


def _count(
    session: Session, told: Told, model: Any, contacts: dict[int, Contacts], collectors: Collection[int]
) -> None:
    received, within, theirs = (
        told.statement.received_at,
        in_time_told(model, told),
        col(model.collector_id).in_(collectors),
    )
    near = _at(model) >= received - timedelta(days=words()["days"]["near"])
    counted = [func.sum(case((condition, 1), else_=0)) for condition in (near, within, within & theirs, theirs)]
    channel: Any = literal("call") if model is Call else model.channel
    columns: Any = (model.account_id, channel, *counted)
    rows = select(*columns).where(col(model.account_id).in_(contacts), *_since(model, told.first, received))
    groups = (model.account_id,) if model is Call else (model.account_id, channel)
    for account, how, *sums in session.execute(rows.group_by(*groups)):
        its = contacts[account]
        its.near, its.in_window = its.near + sums[0], its.in_window + sums[1]
        its.by_collector, its.ever_by_collector = its.by_collector + sums[2], its.ever_by_collector + sums[3]
        its.channels |= {str(how)} if sums[1] else set()


def _since(model: Any, first: datetime, last: datetime) -> tuple[ColumnElement[bool], ...]:
    """Between two moments; messages are indexed by the day."""
    days = (col(model.day).between(local_day(first), local_day(last)),) if model is Message else ()
    return (_at(model).between(first, last), *days)


def _add_kinds(
    session: Session, told: Told, model: Any, contacts: dict[int, Contacts], collectors: Collection[int]
) -> None:
    """Of the accusations made, those of which findings stand on contacts in the time told."""
    accused = {reading.kind for reading in told.reading.kinds}
    columns: Any = (model.account_id, kind_now())
    rows = select(*columns).join(Finding, col(Finding.run_id) == col(model.run_id))
    meant = in_time_told(model, told, collectors) & col(model.account_id).in_(contacts)
    for account, kind in session.execute(rows.where(meant, stands(), kind_now().in_(accused)).distinct()):
        contacts[account].kinds.add(Kind(kind))


def _add_texts(session: Session, told: Told, contacts: dict[int, Contacts]) -> None:
    """The latest messages, where an amount is told that they may name."""
    if not told.reading.amounts:
        return
    columns: Any = (Message.account_id, Message.text)
    recent = _since(Message, told.first, told.statement.received_at)
    rows = select(*columns).where(col(Message.account_id).in_(contacts), *recent)
    for account, text in session.execute(rows.order_by(col(Message.sent_at).desc()).limit(_TEXTS)):
        contacts[account].texts.append(text)
