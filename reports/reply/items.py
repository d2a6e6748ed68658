"""What is alleged, item by item, with what was found of it. Only what a person confirmed bears an item out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from audit.findings.models import Finding, State
from classifiers.taxonomy import Kind
from complaints.vocabulary import EventKind
from reports.masking import masked
from reports.reply.exhibits import Exhibit, result_kind
from reports.reply.facts import CaseFacts
from reports.reply.wording import wording

_SUPPORTED = "supported"
_NOTHING: dict[str, Any] = {"claim": "", "verdict": "", "calls": [], "messages": [], "visits": [], "why": ""}


@dataclass(frozen=True)
class Item:
    """An allegation: its kind, the complainant's words, what was found, by which evidence; `why` explains why nothing
    bears it out. `borne_out`: a person confirmed it, all or part.
    """

    kind: Kind
    claim: str
    verdict: str
    exhibits: list[Exhibit]
    why: str
    borne_out: bool


def items(told: CaseFacts) -> list[Item]:
    """The allegations as the matching last had them, or by the kinds that an officer put in their place."""
    return [_item(told, allegation) for allegation in _alleged(told)]


def _alleged(told: CaseFacts) -> list[Mapping[str, Any]]:
    proposed = [event.body["allegations"] for event in told.of(EventKind.proposed) if "allegations" in event.body]
    latest: list[Mapping[str, Any]] = proposed[-1] if proposed else []
    kinds = told.case.corrections.get("kinds")
    if kinds is None:
        return latest
    kept = [allegation for allegation in latest if allegation["kind"] in kinds]
    known = {allegation["kind"] for allegation in kept}
    return kept + [{**_NOTHING, "kind": kind} for kind in kinds if kind not in known]


def _item(told: CaseFacts, allegation: Mapping[str, Any]) -> Item:
    kind, names = Kind(allegation["kind"]), wording()
    subjects = {*allegation["calls"], *allegation["messages"]}
    about = [one for one in told.exhibits if one.subject in subjects or kind in one.kinds]
    states = dict(_states(told, kind, about, subjects | set(allegation["visits"])))
    confirmed, undecided = State.confirmed in states.values(), State.open in states.values()
    settled = told.decided and not told.proposed and not undecided
    machine = allegation["verdict"]
    verdict = names.verdicts.get(machine, names.unfounded)
    if confirmed:
        verdict = names.partly if State.rejected in states.values() else names.found["true"]
    elif not settled:
        verdict = f"{names.waiting}（系统比对：{verdict}）" if machine else names.waiting
    elif State.rejected in states.values():
        verdict = names.refused
    elif machine == _SUPPORTED:
        verdict = names.unfounded
    why = masked(allegation["why"]) if settled and not confirmed and machine != _SUPPORTED else ""
    return Item(kind, told.hide(allegation["claim"]), verdict, about, why, confirmed)


def _states(
    told: CaseFacts, kind: Kind, about: list[Exhibit], subjects: set[str]
) -> Iterator[tuple[tuple[str, int | None], State]]:
    """What people decided on the kind in each contact, and on each result of the ledger: one that is confirmed in a
    contact is enough, and one that is open comes before those rejected.
    """
    by_run: dict[int, list[State]] = {exhibit.run: [] for exhibit in about if exhibit.run}
    for finding in told.findings:
        if kind in (finding.kind, finding.kind_now) and finding.run_id in by_run:
            by_run[finding.run_id].append(_state(finding, kind))
    for run, decided in by_run.items():
        if found := next((s for s in (State.confirmed, State.open, State.rejected) if s in decided), None):
            yield ("run", run), found
    linked = {exhibit.result for exhibit in about if exhibit.result}
    for result in told.results:
        counted = {*result.calls, *result.messages, *result.visits}
        if result_kind(result) is kind and (result.id in linked or subjects & counted):
            yield ("result", result.id), result.state


def _state(finding: Finding, kind: Kind) -> State:
    """What was decided on that kind: one changed to another is rejected as what it was."""
    return finding.state if finding.kind_now is kind else State.rejected
