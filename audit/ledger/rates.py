"""Rates over the cap of the day: a fact of the account, not of a contact."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select
from sqlmodel import Session, col, func, select

from audit.ledger.hits import Hit
from audit.ledger.limits import LedgerRule, RateCap
from audit.ledger.models import LedgerVerdict, RuleId
from audit.parties.models import Account, Assignment
from classifiers import RulePack


def over_cap(session: Session, asked: LedgerRule[RateCap], pack: RulePack, today: date) -> Iterator[Hit]:
    """The accounts whose registered rate is over the cap of the day since which they are collected."""
    told: Any = (Account.id, Account.interest_rate, Account.overdue_since, func.max(Assignment.assigned_on))
    rated: Select[Any] = select(*told).outerjoin(Assignment, col(Assignment.account_id) == Account.id)
    for account, registered, overdue, assigned in session.execute(
        rated.where(col(Account.interest_rate).is_not(None)).group_by(col(Account.id))
    ):
        day = assigned or overdue or today
        limit = asked.at(day)
        per_cent = pack.cap(limit.cap, day) if limit else None
        rate = float(registered or 0)
        if per_cent is not None and rate > per_cent / 100:
            words = {"limit": f"{per_cent:g}%", "counted": f"{rate * 100:g}%"}
            yield Hit(
                RuleId.rate,
                f"account:{account}",
                day,
                LedgerVerdict.finding,
                account,
                [],
                per_cent / 100,
                rate,
                words,
            )
