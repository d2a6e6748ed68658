"""The ledger as the page shows it: its results rule by rule, and what each rule could not judge."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlmodel import Session

from audit.ledger.limits import limits
from audit.ledger.listing import NO_DATA, LedgerRow, rows
from audit.ledger.models import LedgerVerdict, RuleId
from audit.ledger.service import coverage
from reports.chosen import MOST
from reports.period import Period

_ORDER = (LedgerVerdict.finding, LedgerVerdict.unclear)


@dataclass(frozen=True)
class RulePart:
    """What stands under one rule: how many results by verdict, those shown, the articles, and what lacked data."""

    rule: RuleId
    title: str
    counted: Mapping[str, int]
    shown: list[LedgerRow]
    laws: list[dict[str, str]]
    blind: str | None

    @property
    def more(self) -> int:
        """How many results are not shown."""
        return sum(self.counted.values()) - len(self.shown)


class Covered(NamedTuple):
    """How many contacts a rule looked at and how many it could not judge; None where it does not judge contacts."""

    title: str
    looked: int | None
    missing: int | None

    @property
    def share(self) -> float | None:
        """What part of the contacts it could judge."""
        return 1 - (self.missing or 0) / self.looked if self.looked else None


def rule_parts(session: Session, period: Period | None) -> list[RulePart]:
    """The results of a period rule by rule: those that are certain first, in order of time."""
    by_rule: dict[RuleId, list[LedgerRow]] = defaultdict(list)
    for row in rows(session, *_days(period)):
        by_rule[row.rule].append(row)
    return [_part(rule, by_rule[rule]) for rule in RuleId if rule in by_rule]


def _part(rule: RuleId, found: list[LedgerRow]) -> RulePart:
    results = [row for row in found if row.verdict != NO_DATA]
    shown = sorted(results, key=lambda row: (_ORDER.index(LedgerVerdict(row.verdict)), row.day))[:MOST]
    laws = {tuple(law.values()): law for row in shown for law in row.laws}
    return RulePart(
        rule=rule,
        title=found[0].title["zh"],
        counted=Counter(row.verdict for row in results),
        shown=shown,
        laws=list(laws.values()),
        blind=next((row.why["zh"] for row in found if row.verdict == NO_DATA), None),
    )


def broken(parts: Iterable[RulePart]) -> dict[str, list[RulePart]]:
    """By the number of a call, message or visit, the rules under which it counts as a finding."""
    by_contact: dict[str, list[RulePart]] = defaultdict(list)
    for part in parts:
        shown = [row for row in part.shown if row.verdict == LedgerVerdict.finding]
        for number in {number for row in shown for number in (*row.calls, *row.messages, *row.visits)}:
            by_contact[number].append(part)
    return by_contact


def covered(session: Session, period: Period | None) -> list[Covered]:
    """For each rule in use, how far the registers allowed it to judge."""
    counts = coverage(session, *_days(period))
    return [Covered(rule.title.zh, *counts.get(name, (None, None))) for name, rule in limits().rules()]


def _days(period: Period | None) -> tuple[date, date] | tuple[None, None]:
    return (period.first, period.last) if period else (None, None)
