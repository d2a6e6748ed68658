"""The rules that count outbound calls: so many connected, or so many attempts, in so many days."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import Select, case
from sqlmodel import Session, col, func, select

from audit.calls.models import Call, Direction
from audit.ledger.contacts import Contact, person
from audit.ledger.hits import Hit
from audit.ledger.limits import Counted, LedgerRule
from audit.ledger.models import LedgerVerdict, RuleId
from audit.parties.models import SELF, Account
from audit.parties.numbers import visible_part

_AT_ONCE = 10_000  # rows held
_PART = 16  # characters of a key that masked and whole writings share


class Scope(NamedTuple):
    """What is counted together: calls in order of time, and the lender where they are one lender's."""

    name: str
    lender: str | None
    calls: list[Contact]


def over_count(session: Session, rule: RuleId, asked: LedgerRule[Counted], since: date) -> Iterator[Hit]:
    """The days from `since` on whose count is over the limit of the day, with exactly the calls counted."""
    widest = max(limit.days for limit in asked.limits) + max(limit.pause_days for limit in asked.limits)
    for per in sorted({limit.per for limit in asked.limits}):
        limits = [limit for limit in asked.limits if limit.per == per]
        for scope in _scopes(session, per, since - timedelta(days=widest), limits):
            for limit in limits:
                yield from _hits(rule, scope, limit, since)


def _hits(rule: RuleId, scope: Scope, limit: Counted, since: date) -> Iterator[Hit]:
    lender, calls = scope.lender, scope.calls
    counted = [call for call in calls if _counts(call, limit)]
    if len(counted) <= limit.at_most and not limit.pause_days:
        return
    for day, within in _windows(counted, limit):
        if day >= since and limit.in_force(day):
            yield Hit(
                rule,
                scope.name,
                day,
                LedgerVerdict.finding,
                _most_called(within),
                within,
                limit.at_most,
                len(within),
                {"lender": lender or "贷款机构"},
            )


def _counts(call: Contact, limit: Counted) -> bool:
    to = limit.to == "anyone" or call.relation == SELF
    return to and (not limit.connected or bool(call.talk))


def _windows(calls: list[Contact], limit: Counted) -> Iterator[tuple[date, list[Contact]]]:
    """Each day on which the window that ends with it holds too many calls, or a call within the pause after a talk."""
    by_day: dict[date, list[Contact]] = defaultdict(list)
    for call in calls:
        by_day[call.day].append(call)
    for day, of_day in by_day.items():
        window = timedelta(days=limit.days)
        within = of_day if limit.days == 1 else [call for call in calls if day - window < call.day <= day]
        if len(within) > limit.at_most:
            yield day, within
        elif limit.pause_days and (spoken := _talk_before(calls, day, limit.pause_days)):
            yield day, [spoken, *of_day]


def _talk_before(calls: list[Contact], day: date, pause_days: int) -> Contact | None:
    """The last talk in the days of pause before a day."""
    since = day - timedelta(days=pause_days)
    return next((call for call in reversed(calls) if call.talk and since <= call.day < day), None)


def _scopes(session: Session, per: str, since: date, limits: list[Counted]) -> Iterator[Scope]:
    """Outbound calls in order of time, scope by scope: a debtor with a lender, an account, or a number."""
    for key, rows in groupby(session.execute(_busy(_SCOPES[per](since), limits)), key=lambda row: row[:3]):
        calls = [_contact(row) for row in rows]
        if per == "number":
            yield from (Scope(f"number:{name}", None, some) for name, some in _numbers(calls).items())
        else:
            yield Scope(f"{per}:{key[0]}:{key[1]}:{key[2]}", key[1], calls)


def _numbers(calls: list[Contact]) -> dict[str, list[Contact]]:
    """Calls to what may be one number, parted: whole numbers by themselves; a masked one is taken for the whole number
    called for the same debtor on that day, or else for one of that debtor's own.
    """
    whole = {(call.debtor, call.day): key for call in calls if (key := call.number_key) and len(key) > _PART}
    parted: dict[str, list[Contact]] = defaultdict(list)
    for call in calls:
        key = call.number_key or ""
        masked = key == visible_part(key)
        parted[whole.get((call.debtor, call.day), f"{key}:{call.debtor}") if masked else key].append(call)
    return parted


def _most_called(calls: list[Contact]) -> int | None:
    accounts = [call.account for call in calls]
    return max(accounts, key=accounts.count)


def _contact(row: Any) -> Contact:
    _, _, _, call_id, at, day, account, debtor, number, relation, talk, _ = row
    return Contact(
        call_id, "call", at, day, True, account, person(debtor, account), (), None, number, None, relation, talk
    )


def _busy(calls: Select[Any], limits: list[Counted]) -> Select[Any]:
    """Those calls, in order, of days on which their scope has more than any limit allows: few leave the database."""
    by_day = all(limit.days == 1 and not limit.pause_days for limit in limits)
    if all(limit.connected for limit in limits):
        calls = calls.where(col(Call.talk_seconds) > 0)
    found = calls.subquery()
    busy: Select[Any] = sqlalchemy.select(found).where(
        found.c.of_day > (min(limit.at_most for limit in limits) if by_day else 0)
    )
    order = (found.c.one, found.c.two, found.c.three, found.c.started_at, found.c.call_id)
    return busy.order_by(*order).execution_options(yield_per=_AT_ONCE)


def _outbound(since: date, *scope: Any) -> Select[Any]:
    wanted: Any = (
        *(part.label(name) for part, name in zip(scope, ("one", "two", "three"), strict=True)),
        Call.call_id,
        Call.started_at,
        Call.day,
        Call.account_id,
        col(Account.debtor_id).label("debtor"),
        Call.number_key,
        Call.relation,
        Call.talk_seconds,
        func.count().over(partition_by=[*scope, col(Call.day)]).label("of_day"),
    )
    calls: Select[Any] = select(*wanted).outerjoin(Account, col(Account.id) == Call.account_id)
    return calls.where(col(Call.day) >= since, col(Call.direction) == Direction.outbound)


def _by_lender(since: date) -> Select[Any]:
    """A debtor with a lender; where the account's debtor is not on file, the account."""
    alone = col(Account.debtor_id).is_(None)
    debtor, account = Account.debtor_id, func.coalesce(Account.id, 0)
    return _outbound(since, debtor, Account.lender, case((alone, account), else_=0)).where(
        col(Call.account_id).is_not(None)
    )


def _by_account(since: date) -> Select[Any]:
    return _outbound(since, Call.account_id, Account.lender, Call.account_id).where(col(Call.account_id).is_not(None))


def _by_number(since: date) -> Select[Any]:
    part = func.substr(Call.number_key, 1, _PART)
    return _outbound(since, part, part, part).where(col(Call.number_key).is_not(None))


_SCOPES: dict[str, Callable[[date], Select[Any]]] = {
    "lender": _by_lender,
    "account": _by_account,
    "number": _by_number,
}
