"""What may be done to a case in which state, and what to do first where it may not."""

from classifiers.errors import BadInput
from complaints.models import Complaint
from complaints.vocabulary import CaseState

_OPEN = frozenset({CaseState.received, CaseState.investigating, CaseState.rechecking})
_CLOSED = frozenset({CaseState.decided, CaseState.withdrawn})
_ANY = _OPEN | _CLOSED

ALLOWED = {
    "assign": _OPEN,
    "note": _ANY,
    "contact": _ANY,
    "attach": _ANY,
    "correct": _ANY,
    "evidence": _OPEN,
    "time limits": _OPEN,
    "decide": _OPEN,
    "satisfaction": frozenset({CaseState.decided, CaseState.withdrawn, CaseState.rechecking}),
    "withdraw": _OPEN,
    "reopen": _CLOSED,
    "appeal": frozenset({CaseState.decided}),
    "group": _ANY,
    "escalate": _OPEN,
}
_REMEDIES = {
    CaseState.received: "decide it first",
    CaseState.investigating: "decide it first",
    CaseState.rechecking: "decide the re-check first",
    CaseState.decided: "reopen it first, or record the appeal",
    CaseState.withdrawn: "reopen it first",
}


def allow(case: Complaint, act: str) -> None:
    """Raises BadInput naming state and remedy where the act may not be done in the state of the case."""
    if case.state not in ALLOWED[act]:
        raise BadInput(f"{case.number} is {case.state}: no {act} now", _REMEDIES[case.state])


def said(case: Complaint, what: str, text: str) -> str:
    """The text without spaces around it. Raises BadInput where nothing is said."""
    if not text.strip():
        raise BadInput(f"{case.number}: {what} is empty", "say it in a few words")
    return text.strip()
