"""Third persons may be contacted only when the file shows that the debtor was lost before."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select
from sqlmodel import Session, col, func, or_, select

from audit.calls.models import Call, Direction
from audit.ledger.contacts import Contact
from audit.ledger.facts import Facts
from audit.ledger.hits import Hit, single
from audit.ledger.limits import ThirdPersons
from audit.ledger.models import LedgerVerdict, RuleId
from audit.parties.models import SELF, Account
from audit.store.types import LOCAL
from audit.store.upsert import batches

_AT_ONCE = 1_000  # debtors


class Attempt(NamedTuple):
    """A call to or from the debtor's own number; `dead` when it was reported that the debtor has died."""

    at: datetime
    day: date
    call_id: str
    outbound: bool
    talk: int
    disposition: str | None
    dead: bool


def not_lost(session: Session, others: Iterable[tuple[Contact, ThirdPersons]], facts: Facts) -> Iterator[Hit]:
    """The contacts with third persons before which the debtor was not lost, or for which that cannot be told."""
    by_person: dict[int, list[tuple[Contact, ThirdPersons]]] = defaultdict(list)
    for contact, limit in others:
        by_person[contact.debtor or 0].append((contact, limit))
    for some in batches(by_person, _AT_ONCE):
        codes = {code for who in some for _, limit in by_person[who] for code in limit.deceased}
        history = _history(session, some, codes)
        for who in some:
            for contact, limit in by_person[who]:
                if hit := _hit(contact, limit, history.get(who, []), facts):
                    yield hit


def _hit(contact: Contact, limit: ThirdPersons, history: list[Attempt], facts: Facts) -> Hit | None:
    before = history[: bisect_left(history, contact.at, key=lambda attempt: attempt.at)]
    failed, talk = _since_last_talk(before)
    if _lost(contact.day, failed, limit):
        return None
    doubt = _doubt(contact, limit, before, failed, facts)
    verdict = LedgerVerdict.unclear if doubt else LedgerVerdict.finding
    ground, ground_en = doubt or _reached(talk)
    hit = single(RuleId.third_person, contact, verdict, relation=contact.relation, ground=ground, ground_en=ground_en)
    hit.limit, hit.counted = limit.failed_in_a_row, len(failed)
    return hit


def _doubt(
    contact: Contact, limit: ThirdPersons, before: list[Attempt], failed: list[Attempt], facts: Facts
) -> tuple[str, str] | None:
    """Why it cannot be decided whether the debtor was lost, if it cannot."""
    if any(attempt.dead for attempt in before):
        return "登记为债务人已故，须人工核实", "the debtor is registered as deceased"
    if failed and failed[0].disposition is None:
        return "最近一次未接通没有结果码", "the last failed attempt has no code"
    if facts.first_day is None or contact.day - timedelta(days=limit.days_running) < facts.first_day:
        return "记录不足此前三天，无法判断", "the file does not reach back far enough"
    return None


def _reached(talk: Attempt | None) -> tuple[str, str]:
    """Why the debtor was not lost."""
    if talk is None:
        return "连续未接通次数不足", "too few failed attempts in a row"
    at = talk.at.astimezone(LOCAL).strftime("%m-%d %H:%M")
    return f"{at} 与其接通（{talk.call_id}）", f"reached at {at} ({talk.call_id})"


def _since_last_talk(before: list[Attempt]) -> tuple[list[Attempt], Attempt | None]:
    """The failed outbound attempts since the last talk with the debtor, the newest first, and that talk."""
    failed: list[Attempt] = []
    for attempt in reversed(before):
        if attempt.talk and not attempt.dead:
            return failed, attempt
        if attempt.outbound and not attempt.talk:
            failed.append(attempt)
    return failed, None


def _lost(day: date, failed: list[Attempt], limit: ThirdPersons) -> bool:
    """The number is dead, or enough attempts failed in a row before this day, or on each of the days before it."""
    if failed and failed[0].disposition in limit.invalid_number:
        return True
    if sum(attempt.day < day for attempt in failed) >= limit.failed_in_a_row:
        return True
    days = {attempt.day for attempt in failed}
    return all(day - timedelta(days=n) in days for n in range(1, limit.days_running + 1))


def _history(session: Session, persons: list[int], deceased: set[str]) -> dict[int, list[Attempt]]:
    """The calls with each debtor over all accounts, and those that reported a death, in order of time."""
    who = func.coalesce(Account.debtor_id, -col(Account.id))
    told: Any = (who, Call.started_at, Call.day, Call.call_id, Call.direction, Call.talk_seconds, Call.disposition)
    wanted: Select[Any] = select(*told).join(Account, col(Account.id) == Call.account_id)
    debtors = [debtor for debtor in persons if debtor > 0]
    accounts = [-account for account in persons if account < 0]
    theirs = wanted.where(
        or_(col(Account.debtor_id).in_(debtors), col(Account.id).in_(accounts)),
        or_(col(Call.relation) == SELF, col(Call.disposition).in_(deceased)),
    )
    history: dict[int, list[Attempt]] = defaultdict(list)
    for person, at, day, call_id, direction, talk, code in session.execute(
        theirs.order_by(col(Call.started_at), col(Call.call_id))
    ):
        outbound, dead = direction == Direction.outbound, code in deceased
        history[person].append(Attempt(at, day, call_id, outbound, talk or 0, code, dead))
    return history
