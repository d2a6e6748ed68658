"""What the ledger has still to look at."""

from datetime import date

from sqlmodel import Session

from audit.ledger.models import LedgerState

EVER = date(1990, 1, 1)  # before all that is on file


def state(session: Session) -> LedgerState:
    """The one row, made at its first use."""
    there = session.get(LedgerState, 1)
    if there is None:
        there = LedgerState(due_from=EVER)
        session.add(there)
    return there


def mark_due(session: Session, day: date) -> None:
    """From that day on, what the ledger says may have changed."""
    there = state(session)
    there.due_from = min(there.due_from or date.max, day)
    there.marks += 1
