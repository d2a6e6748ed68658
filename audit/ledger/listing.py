"""What stands in the ledger, as rows for tables, JSON and reports."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, select

from audit.ledger.due import EVER
from audit.ledger.limits import Limits, limits
from audit.ledger.models import LedgerResult, RuleId
from audit.ledger.service import coverage, standing
from audit.parties.models import Account
from classifiers.taxonomy import Kind, Severity

_OVER_PERIOD = frozenset({RuleId.uncertified})  # one row for a scope in the whole period
NO_DATA = "no_data"


@dataclass
class LedgerRow:
    """One result with its account and the wording of its rule; a row without data has no contacts."""

    rule: RuleId
    verdict: str
    day: date
    account_no: str
    calls: list[str]
    messages: list[str]
    visits: list[str]
    limit: float | None
    counted: float
    why: dict[str, str]
    title: dict[str, str]
    kind: Kind
    severity: Severity
    laws: list[dict[str, str]]

    def as_json(self, lang: str = "zh") -> dict[str, Any]:
        """The shape of `ledger --format json`."""
        return {
            "kind": self.kind,
            "severity": self.severity,
            "rule": self.rule,
            "title": self.title[lang],
            "account_no": self.account_no,
            "date": self.day.isoformat(),
            "calls": self.calls,
            "messages": self.messages,
            "visits": self.visits,
            "limit": self.limit,
            "counted": int(self.counted) if float(self.counted).is_integer() else self.counted,
            "verdict": self.verdict,
            "laws": self.laws,
            "why": self.why[lang],
        }


def rows(session: Session, since: date | None = None, until: date | None = None) -> list[LedgerRow]:
    """All that stands in a period, by day; then the rules that lacked data, each once."""
    asked = limits()
    results = _over_period(standing(session, since, until))
    numbers = dict(session.exec(select(Account.id, Account.account_no)).all()) if results else {}
    found = [_row(asked, result, numbers.get(result.account_id, "")) for result in results]
    blind = coverage(session, since, until).items()
    return [*found, *(_blind(asked, rule, *counts, since or EVER) for rule, counts in blind if counts[1])]


def _over_period(results: list[LedgerResult]) -> list[LedgerResult]:
    """Days of one scope are one row where the rule judges a period."""
    kept: dict[Any, LedgerResult] = {}
    for n, result in enumerate(results):
        key = (result.rule, result.scope, result.verdict) if result.rule in _OVER_PERIOD else n
        first = kept.setdefault(key, result)
        if first is not result:
            kept[key] = _joined(first, result)
    return list(kept.values())


def _joined(one: LedgerResult, other: LedgerResult) -> LedgerResult:
    both = LedgerResult(**one.model_dump())
    both.calls, both.messages, both.visits = (
        one.calls + other.calls,
        one.messages + other.messages,
        one.visits + other.visits,
    )
    both.counted = one.counted + other.counted
    return both


def _row(asked: Limits, result: LedgerResult, account_no: str) -> LedgerRow:
    rule = asked.rule(result.rule)
    assert rule is not None  # noqa: S101 - results of other limits do not stand
    return LedgerRow(
        rule=result.rule,
        verdict=result.verdict,
        day=result.day,
        account_no=account_no,
        calls=result.calls,
        messages=result.messages,
        visits=result.visits,
        limit=result.limit,
        counted=result.counted,
        why=result.why,
        title=rule.title.model_dump(),
        kind=rule.kind,
        severity=rule.severity,
        laws=asked.citations(result.rule, result.day),
    )


def _blind(asked: Limits, rule: RuleId, looked: int, missing: int, day: date) -> LedgerRow:
    of = asked.rule(rule)
    assert of is not None  # noqa: S101
    why = {
        "zh": f"无数据：{looked} 条记录中有 {missing} 条缺少本规则所需的登记，未作判断",
        "en": f"no data: {missing} of {looked} records lack what the rule needs, and were not judged",
    }
    empty: list[str] = []
    return LedgerRow(
        rule, NO_DATA, day, "", empty, empty, empty, None, missing, why, of.title.model_dump(), of.kind, of.severity, []
    )
