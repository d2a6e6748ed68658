"""How a piece of evidence is named (`call:CR001`, `message:MS001`, `finding:F12`, `ledger:L3`) and where it is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from audit.calls.matching import FILES
from audit.calls.models import Call
from audit.contacts.models import Message
from audit.findings.models import Finding
from audit.ledger.models import LedgerResult
from classifiers.errors import BadInput
from complaints.models import EvidenceLink

Subject = tuple[str, int]  # the column of a link, and the id in it

_TABLES: dict[str, type[SQLModel]] = {"call": Call, "message": Message, "finding": Finding, "ledger": LedgerResult}
_COLUMNS = {"call": "call_id", "message": "message_id", "finding": "finding_id", "ledger": "ledger_result_id"}
_LETTERS = {"finding": "F", "ledger": "L"}  # before a number, as lists of findings have it


def find_subject(session: Session, subject: str) -> Subject:
    """What a name stands for. Raises BadInput for what is not on file."""
    kind, _, number = subject.partition(":")
    if kind not in _TABLES:
        raise BadInput(
            f"{subject} is no piece of evidence", "write call:CR001, message:MS001, finding:F12 or ledger:L3"
        )
    if kind in _LETTERS:
        digits = number.removeprefix(_LETTERS[kind])
        there = session.get(_TABLES[kind], int(digits)) if digits.isdecimal() and len(digits) < 10 else None
    elif kind == "call":  # a record before a recording that has none
        known = select(Call).where(Call.call_id == number).order_by(col(Call.source) == FILES)
        there = session.exec(known).first()
    else:
        there = session.exec(select(Message).where(Message.message_id == number)).first()
    if there is None:
        raise BadInput(f"{subject} is not on file", "import it first, or correct the number")
    return _COLUMNS[kind], there.id  # type: ignore[attr-defined]


def named(session: Session, links: Sequence[EvidenceLink]) -> list[str]:
    """Each link's subject, as `accept` takes it."""
    calls = _numbers(session, Call, "call_id", [link.call_id for link in links])
    messages = _numbers(session, Message, "message_id", [link.message_id for link in links])
    return [_name(link, calls, messages) for link in links]


def subject_of(link: EvidenceLink) -> Subject:
    """What a link is to."""
    return next((column, n) for column in _COLUMNS.values() if (n := getattr(link, column)) is not None)


def _numbers(session: Session, model: Any, column: str, ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {number for number in ids if number is not None}
    found: Any = session.exec(select(model.id, getattr(model, column)).where(model.id.in_(wanted)))
    return dict(found.all())


def _name(link: EvidenceLink, calls: Mapping[int, str], messages: Mapping[int, str]) -> str:
    if link.call_id is not None:
        return f"call:{calls[link.call_id]}"
    if link.message_id is not None:
        return f"message:{messages[link.message_id]}"
    return f"finding:F{link.finding_id}" if link.finding_id is not None else f"ledger:L{link.ledger_result_id}"
