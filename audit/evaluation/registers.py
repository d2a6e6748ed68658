"""How right the ledger is on registers in which breaches and look-alikes were planted (`planted.json`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, Field, ValidationError

from audit.ledger.listing import LedgerRow
from audit.ledger.models import LedgerVerdict, RuleId
from classifiers.errors import BadInput, first_mistake
from classifiers.evaluate import Score
from classifiers.taxonomy import Kind


class Breach(NamedTuple):
    """What makes two results one: the rule and exactly the contacts; the account where there are none."""

    rule: RuleId
    contacts: frozenset[str]
    account_no: str


class Planted(BaseModel):
    """A breach, look-alike or undecidable case with exactly the contacts that make it."""

    rule: RuleId
    account_no: str = ""
    calls: list[str] = []
    messages: list[str] = []
    visits: list[str] = []

    @property
    def breach(self) -> Breach:
        """As it is compared."""
        return _breach(self)


class Answers(BaseModel):
    """What was planted; messages that are not named carry no label."""

    planted: list[Planted] = Field(min_length=1)
    look_alikes: list[Planted] = []
    unclear: list[Planted] = []
    message_labels: dict[str, frozenset[Kind]] = {}


@dataclass(frozen=True)
class LedgerScore:
    """By rule what was found, missed and wrongly found; look-alikes and undecidable cases that were accused."""

    rules: dict[RuleId, Score]
    accused: list[Breach]
    missed: list[Breach]
    extra: list[Breach]

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the rules."""
        return sum(score.f1 for score in self.rules.values()) / len(self.rules)

    def as_json(self) -> dict[str, Any]:
        """The shape of `evaluate --format json` for registers."""
        return {
            "rules": {rule.value: score.as_json() for rule, score in self.rules.items()},
            "macro_f1": round(self.macro_f1, 4),
            **{name: [_named(breach) for breach in getattr(self, name)] for name in ("accused", "missed", "extra")},
        }


def read_answers(folder: Path) -> Answers:
    """The answers beside the registers. Raises BadInput when they cannot be read."""
    path = folder / "planted.json"
    try:
        return Answers.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "give a folder of registers with planted.json") from error
    except ValidationError as error:
        raise BadInput(f"{path}: {first_mistake(error)}", "see docs/accuracy.md") from error


def compare(answers: Answers, rows: Iterable[LedgerRow]) -> LedgerScore:
    """The ledger's findings against what was planted; a case that cannot be decided may be left out or unclear."""
    found = {_breach(row) for row in rows if row.verdict == LedgerVerdict.finding}
    planted = {case.breach for case in answers.planted}
    rules = {}
    for rule in RuleId:
        wanted, got = ({breach for breach in some if breach.rule == rule} for some in (planted, found))
        if wanted or got:
            rules[rule] = Score(len(wanted & got), len(got - wanted), len(wanted - got))
    others = {case.breach for case in (*answers.look_alikes, *answers.unclear)}
    return LedgerScore(rules, sorted(others & found), sorted(planted - found), sorted(found - planted))


def _breach(of: Planted | LedgerRow) -> Breach:
    contacts = frozenset([*of.calls, *of.messages, *of.visits])
    return Breach(of.rule, contacts, "" if contacts else of.account_no)


def _named(breach: Breach) -> dict[str, Any]:
    return {"rule": breach.rule, "contacts": sorted(breach.contacts), "account_no": breach.account_no}
