"""Keeping the ledger: what is due is looked at, what is found is put beside what was found before."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from typing import Any

from sqlmodel import Session, col, delete, func, select, update

from audit import trail
from audit.ledger.due import EVER, state
from audit.ledger.hits import Hit
from audit.ledger.limits import limits
from audit.ledger.look import Day, Look
from audit.ledger.models import LedgerDay, LedgerResult, LedgerState, RuleId
from audit.ledger.reviews import decided, open_changed
from audit.parties.models import Account
from audit.store.database import transaction
from audit.store.types import now
from audit.store.upsert import upsert

_KEY = ("rule", "scope", "day", "verdict", "limits")


def bring_up_to_date() -> None:
    """Looks at all that is due: the days since the first that changed, or everything by other limits."""
    judged_by = f"{version('shengjian')} {limits().digest}"
    with transaction() as session:
        there = state(session)
        due, marks = (EVER if there.limits != judged_by else there.due_from), there.marks
    if due is None:
        return
    with transaction() as session:
        look = Look(session, limits(), due)
        hits = list(look.hits())
        _keep(session, due, hits, look.days)
        done = update(LedgerState).where(col(LedgerState.marks) == marks)
        session.execute(done.values(due_from=None))
        session.execute(update(LedgerState).values(limits=judged_by))
        body = {"limits": limits().digest, "from": due.isoformat(), "results": len(hits)}
        trail.append(session, "system", "ledger.kept", "ledger", body)


def _keep(session: Session, due: date, hits: list[Hit], days: Mapping[date, Day]) -> None:
    """What is found stands; what was found before for these days and is no longer borne out does not."""
    again = update(LedgerResult).where((col(LedgerResult.day) >= due) | (col(LedgerResult.rule) == RuleId.rate))
    session.execute(again.values(standing=False))
    before = decided(session)
    upsert(session, LedgerResult, [_row(hit) for hit in hits], _KEY, {"found_at": now()})
    open_changed(session, before)
    session.execute(delete(LedgerDay).where(col(LedgerDay.day) >= due))
    session.add_all(
        LedgerDay(day=day, rule=rule, checked=looked.checked[rule], no_data=looked.no_data[rule])
        for day, looked in days.items()
        for rule in looked.checked | looked.no_data
    )


def _row(hit: Hit) -> dict[str, Any]:
    asked = limits()
    rule = asked.rule(hit.rule)
    return {
        "rule": hit.rule,
        "scope": hit.scope,
        "day": hit.day,
        "verdict": hit.verdict,
        "account_id": hit.account,
        "calls": hit.ids("call"),
        "messages": hit.ids("sms", "wechat", "email", "letter"),
        "visits": hit.ids("visit"),
        "limit": hit.limit,
        "counted": hit.counted,
        "why": hit.why(rule) if rule else {},
        "limits": asked.digest,
        "standing": True,
    }


def standing(session: Session, since: date | None, until: date | None) -> list[LedgerResult]:
    """The results that stand in a period; facts of an account are not of a day and stand in each period after."""
    wanted = select(LedgerResult).where(col(LedgerResult.standing).is_(True))
    if since:
        wanted = wanted.where((col(LedgerResult.day) >= since) | (col(LedgerResult.rule) == RuleId.rate))
    if until:
        wanted = wanted.where(col(LedgerResult.day) <= until)
    return list(session.exec(wanted.order_by(col(LedgerResult.day), col(LedgerResult.id))))


def coverage(session: Session, since: date | None, until: date | None) -> dict[RuleId, tuple[int, int]]:
    """By rule, how many contacts of the period it looked at (accounts, for rates), and how many it could not judge for
    want of data.
    """
    looked: Counter[RuleId] = Counter()
    missing: Counter[RuleId] = Counter()
    wanted = select(LedgerDay).where(col(LedgerDay.day) >= (since or EVER), col(LedgerDay.day) <= (until or date.max))
    for day in session.exec(wanted):
        looked[day.rule] += day.checked + day.no_data
        missing[day.rule] += day.no_data
    if limits().rate:
        accounts, rated = session.exec(select(func.count(), func.count(col(Account.interest_rate)))).one()
        looked[RuleId.rate], missing[RuleId.rate] = accounts, accounts - rated
    return {rule: (looked[rule], missing[rule]) for rule in RuleId if looked[rule]}
