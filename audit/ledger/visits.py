"""Visits in person: how many went, whether it was recorded, whether entering was agreed to, how often a day."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from audit.contacts.models import Visit
from audit.ledger.contacts import Contact, person
from audit.ledger.hits import Hit, single
from audit.ledger.limits import LedgerRule, Visits
from audit.ledger.models import LedgerVerdict, RuleId
from audit.parties.models import Account

_DOUBTS = {"nobody", "recorded_unknown", "consent_unknown", "early"}


def wrong_visits(session: Session, asked: LedgerRule[Visits], since: date) -> Iterator[Hit]:
    """The visits from a day on that were not as they must be; those with doubts alone are unclear."""
    seen: dict[tuple[int | None, date], int] = {}
    visits = select(Visit, Account).outerjoin(Account, col(Account.id) == Visit.account_id)
    for visit, account in session.exec(visits.where(col(Visit.day) >= since).order_by(col(Visit.at))):
        who = person(account.debtor_id, account.id) if account else None
        earlier = seen.get((who, visit.day), 0)
        seen[who, visit.day] = earlier + 1
        limit = asked.at(visit.day)
        reasons = [*_reasons(visit, account, earlier if who else 0, limit)] if limit else []
        if limit and reasons:
            verdict = LedgerVerdict.unclear if _DOUBTS.issuperset(reasons) else LedgerVerdict.finding
            contact = Contact(
                visit.visit_id, "visit", visit.at, visit.day, True, visit.account_id, who, (), None, None, None, None
            )
            yield _hit(contact, verdict, reasons, limit, _words(visit, account, limit))


def _reasons(visit: Visit, account: Account | None, earlier: int, limit: Visits) -> Iterator[str]:
    if len(visit.collectors) < limit.at_least:
        yield "few" if visit.collectors else "nobody"
    if len(visit.collectors) > limit.at_most:
        yield "many"
    if not visit.recorded:
        yield "recorded_unknown" if visit.recorded is None else "not_recorded"
    if not visit.consent and any(word in (visit.place or "") for word in limit.private_places):
        yield "consent_unknown" if visit.consent is None else "entered"
    if earlier >= limit.a_day:
        yield "again"
    if account and account.overdue_since and (visit.day - account.overdue_since).days < limit.from_days_overdue:
        yield "early"


def _words(visit: Visit, account: Account | None, limit: Visits) -> dict[str, Any]:
    overdue = (visit.day - account.overdue_since).days if account and account.overdue_since else None
    asked = {"at_least": limit.at_least, "at_most": limit.at_most}
    return {"people": len(visit.collectors), "place": visit.place, "overdue": overdue, **asked}


def _hit(contact: Contact, verdict: LedgerVerdict, reasons: list[str], limit: Visits, words: dict[str, Any]) -> Hit:
    said = [getattr(limit.reasons, reason) for reason in reasons]
    zh, en = "；".join(told.zh.format(**words) for told in said), "; ".join(told.en.format(**words) for told in said)
    hit = single(RuleId.visit, contact, verdict, ground=zh, ground_en=en)
    hit.counted = len(reasons)
    return hit
