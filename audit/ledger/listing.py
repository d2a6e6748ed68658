"""What stands in the ledger, as rows for tables, JSON and reports."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, select

from audit.findings.models import Review, State
from audit.ledger.due import EVER
from audit.ledger.limits import Limits, limits
from audit.ledger.models import LedgerResult, RuleId
from audit.ledger.reviews import latest_results
from audit.ledger.service import coverage, standing
from audit.parties.models import Account
from classifiers.taxonomy import Kind, Severity

_OVER_PERIOD = frozenset({RuleId.uncertified})  # one row for a scope in the whole period
NO_DATA = "no_data"


@dataclass
class LedgerRow:
    """One result with its account and the wording of its rule, and what people decided on it; a row without data has no
    contacts. Of several results in one row, `id` and `review` are the first's.
    """

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
    id: int | None = None
    state: State = State.open
    review: Review | None = None

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
            "state": self.state,
            "laws": self.laws,
            "why": self.why[lang],
        }


def rows(session: Session, since: date | None = None, until: date | None = None) -> list[LedgerRow]:
    """All that stands in a period and that nobody rejected, by day; then the rules that lacked data, each once."""
    asked = limits()
    results = [result for result in standing(session, since, until) if result.state is not State.rejected]
    found = _rows(session, asked, _over_period(results))
    blind = coverage(session, since, until).items()
    return [*found, *(_blind(asked, rule, *counts, since or EVER) for rule, counts in blind if counts[1])]


def single_rows(session: Session, since: date | None = None, until: date | None = None) -> list[LedgerRow]:
    """Each result that stands in a period in a row of its own, for people to decide on; also those rejected."""
    return _rows(session, limits(), [[result] for result in standing(session, since, until)])


def _rows(session: Session, asked: Limits, groups: list[list[LedgerResult]]) -> list[LedgerRow]:
    numbers = dict(session.exec(select(Account.id, Account.account_no)).all()) if groups else {}
    decided = [group[0].id or 0 for group in groups if group[0].state is not State.open]
    reviews = latest_results(session, decided)
    return [_row(asked, group, numbers.get(group[0].account_id, ""), reviews.get(group[0].id or 0)) for group in groups]


def _over_period(results: list[LedgerResult]) -> list[list[LedgerResult]]:
    """Results that are one row: days of one scope are, where the rule judges a period."""
    kept: dict[Any, list[LedgerResult]] = defaultdict(list)
    for n, result in enumerate(results):
        key = (result.rule, result.scope, result.verdict_now) if result.rule in _OVER_PERIOD else n
        kept[key].append(result)
    return list(kept.values())


def _row(asked: Limits, results: list[LedgerResult], account_no: str, review: Review | None) -> LedgerRow:
    first = results[0]
    rule = asked.rule(first.rule)
    assert rule is not None  # noqa: S101 - results of other limits do not stand
    return LedgerRow(
        rule=first.rule,
        verdict=first.verdict_now,
        day=first.day,
        account_no=account_no,
        calls=[number for result in results for number in result.calls],
        messages=[number for result in results for number in result.messages],
        visits=[number for result in results for number in result.visits],
        limit=first.limit,
        counted=sum(result.counted for result in results),
        why=first.why,
        title=rule.title.model_dump(),
        kind=rule.kind,
        severity=rule.severity,
        laws=asked.citations(first.rule, first.day),
        id=first.id,
        state=first.state if len({result.state for result in results}) == 1 else State.open,
        review=review,
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
