"""What people decide on results of the ledger. A decision is on the contacts that were counted, and on no others."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select, update

from audit.findings.models import Decision, Review, State
from audit.findings.reviews import LIST, Said, land, latest_of
from audit.ledger.models import LedgerResult
from classifiers.errors import BadInput

Contacts = tuple[Any, ...]


def decide_result(session: Session, result_id: int, said: Said) -> bool:
    """Lands a decision on a result of the ledger; False where it repeats the latest that holds. Raises BadInput where
    there is nothing to decide on, or a kind to change.
    """
    result = session.get(LedgerResult, result_id, with_for_update=True)
    if result is None:
        raise BadInput(f"L{result_id}: there is no such result of the ledger", LIST)
    if not result.standing:
        raise BadInput(f"L{result_id}: the registers no longer bear it out", LIST)
    if said.verdict is Decision.changed:
        raise BadInput(f"L{result_id}: the kind of a result of the ledger is that of its rule", "confirm or reject it")
    if result.state is said.state and said.repeats(latest_results(session, [result_id]).get(result_id)):
        return False
    result.state = said.state
    land(session, said, ledger_result_id=result_id)
    return True


def latest_results(session: Session, ids: list[int]) -> dict[int, Review]:
    """The review that counts of each of these results that has any."""
    return latest_of(session, Review.ledger_result_id, ids)


def decided(session: Session) -> dict[int, Contacts]:
    """By id, the contacts of the results that somebody decided on."""
    told: Any = (LedgerResult.id, LedgerResult.calls, LedgerResult.messages, LedgerResult.visits)
    rows = session.execute(select(*told).where(col(LedgerResult.state) != State.open))
    return {number: tuple(sorted(ids) for ids in contacts) for number, *contacts in rows}


def open_changed(session: Session, before: Mapping[int, Contacts]) -> None:
    """Those for which other contacts are counted than before are for somebody to decide on again."""
    changed = [number for number, contacts in decided(session).items() if contacts != before.get(number)]
    again = update(LedgerResult).where(col(LedgerResult.id).in_(changed))
    session.execute(again.values(state=State.open))
