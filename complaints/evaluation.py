"""How right the proposals are on complaints whose truth is known (`gold`); proposals never see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from classifiers.errors import BadInput, first_mistake
from classifiers.evaluate import Score
from classifiers.taxonomy import Kind
from complaints.matching.allegations import Proposed
from complaints.matching.proposal import Proposal


class Gold(BaseModel):
    """The truth of a complaint: whose it is, what is claimed, the contacts it is about, and what they bear out."""

    account_no: str | None
    alleged: frozenset[Kind]
    calls: frozenset[str] = frozenset()
    messages: frozenset[str] = frozenset()
    substantiated: Proposed


class _Line(BaseModel):
    id: str
    gold: Gold


@dataclass(frozen=True)
class CaseScore:
    """Truth and proposal of one complaint."""

    id: str
    gold: Gold
    account_no: str | None
    alleged: frozenset[Kind]
    contacts: frozenset[str]
    substantiated: Proposed | None

    @property
    def contacts_meant(self) -> frozenset[str]:
        """The contacts it is about in truth."""
        return self.gold.calls | self.gold.messages


@dataclass(frozen=True)
class ComplaintScore:
    """The cases, and what they come to."""

    cases: Sequence[CaseScore]

    @property
    def accounts(self) -> int:
        """How many accounts are right."""
        return sum(case.account_no == case.gold.account_no for case in self.cases)

    @property
    def substantiated(self) -> int:
        """How many conclusions are right."""
        return sum(case.substantiated == case.gold.substantiated for case in self.cases)

    @property
    def links(self) -> Score:
        """Calls and messages together."""
        return _score((case.contacts_meant, case.contacts) for case in self.cases)

    @property
    def alleged(self) -> Score:
        """Kinds alleged, over all complaints."""
        return _score((case.gold.alleged, case.alleged) for case in self.cases)

    @property
    def kinds(self) -> dict[Kind, Score]:
        """By kind, where it is alleged or taken to be."""
        there = {kind for case in self.cases for kind in case.gold.alleged | case.alleged}
        return {kind: self._of_kind(kind) for kind in Kind if kind in there}

    def _of_kind(self, kind: Kind) -> Score:
        return _score((case.gold.alleged & {kind}, case.alleged & {kind}) for case in self.cases)

    def as_json(self) -> dict[str, Any]:
        """The shape of `evaluate --format json` for complaints."""
        return {
            "complaints": len(self.cases),
            "accounts_right": self.accounts,
            "substantiated_right": self.substantiated,
            "links": self.links.as_json(),
            "alleged": self.alleged.as_json(),
            "kinds": {kind: score.as_json() for kind, score in self.kinds.items()},
            "cases": [_case_json(case) for case in self.cases],
        }


def has_gold(path: Path) -> bool:
    """Whether it is a file of complaints with their truth, by its first line."""
    if path.suffix != ".jsonl" or not path.is_file():
        return False
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        return '"gold"' in lines.readline()


def read_gold(path: Path) -> dict[str, Gold]:
    """The truth of each complaint in a file of JSON Lines. Raises BadInput naming the line that has none."""
    found = {}
    for n, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), 1):
        if line.strip():
            try:
                known = _Line.model_validate_json(line)
            except ValidationError as error:
                raise BadInput(f"{path}:{n}: {first_mistake(error)}", "see docs/accuracy.md") from error
            found[known.id] = known.gold
    return found


def compare(gold: dict[str, Gold], proposals: Iterable[Proposal]) -> ComplaintScore:
    """Proposals against the truth; a complaint without a proposal is wrong in everything."""
    proposed = {proposal.statement.id: proposal for proposal in proposals}
    return ComplaintScore([_case(name, truth, proposed.get(name)) for name, truth in gold.items()])


def _case(name: str, gold: Gold, proposal: Proposal | None) -> CaseScore:
    if proposal is None:
        return CaseScore(name, gold, None, frozenset(), frozenset(), None)
    return CaseScore(
        id=name,
        gold=gold,
        account_no=proposal.account.account_no,
        alleged=frozenset(allegation.kind for allegation in proposal.allegations),
        contacts=frozenset([*proposal.calls, *proposal.messages]),
        substantiated=proposal.substantiated,
    )


def _score(pairs: Iterable[tuple[frozenset[Any], frozenset[Any]]]) -> Score:
    told = list(pairs)
    right, extra, missed = (
        sum(map(len, some)) for some in ([g & p for g, p in told], [p - g for g, p in told], [g - p for g, p in told])
    )
    return Score(right, extra, missed)


def _case_json(case: CaseScore) -> dict[str, Any]:
    return {
        "id": case.id,
        "account_no": {"gold": case.gold.account_no, "proposed": case.account_no},
        "alleged": {"gold": sorted(case.gold.alleged), "proposed": sorted(case.alleged)},
        "contacts": {"gold": sorted(case.contacts_meant), "proposed": sorted(case.contacts)},
        "substantiated": {"gold": case.gold.substantiated, "proposed": case.substantiated},
    }
