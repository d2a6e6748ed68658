"""The templates of pages, and how values are written on them."""

from datetime import date, datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from audit.ledger.models import RuleId
from audit.parties.numbers import shown
from audit.store.types import LOCAL
from audit.transcripts.formats import clock
from reports import names
from reports.masking import masked, masked_name

_NONE = "—"
_WITHOUT_WORDS = {"audience"}


def templates() -> Environment:
    """The environment of all pages: what is printed is escaped, what is missing is an error."""
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clock": lambda ms: clock(ms / 1000),
        "verdict": names.VERDICTS.__getitem__,
        "ledger_verdict": names.LEDGER_VERDICTS.__getitem__,
        "severity": names.SEVERITIES.__getitem__,
        "speaker": names.SPEAKERS.__getitem__,
        "channel": names.CHANNELS.__getitem__,
        "direction": lambda direction: names.DIRECTIONS.get(direction, ""),
        "relation": lambda relation: names.RELATIONS.get(relation, relation or names.NOT_LISTED),
        "disposition": lambda code: names.DISPOSITIONS.get(code, code),
        "reason": lambda reason: names.REASONS.get(reason, reason),
        "dimension": names.DIMENSIONS.__getitem__,
        "checked": names.CHECKED.__getitem__,
        "in_words": names.in_words,
        "evidence": _evidence,
        "moment": _moment,
        "day": _day,
        "count": lambda number: _NONE if number is None else f"{number:,}",
        "percent": lambda share: _NONE if share is None else f"{share:.1%}",
        "rate": lambda rate: _NONE if rate is None else f"{rate:,.1f}" if rate else "0",
        "counted": _counted,
        "masked": masked,
        "masked_name": masked_name,
        "shown": shown,
    }
    return environment


def _evidence(evidence: dict[str, Any]) -> str:
    """One piece of evidence in words: who saw it, in what, how sure, and what changed that."""
    name = names.DETECTORS.get(evidence["detector"].removeprefix("misheard "), evidence["detector"])
    heard = "（疑似误写）" if evidence["detector"].startswith("misheard ") else ""
    if evidence["detector"] == "model":
        return f"{name} {evidence['score']:.0%}"
    words = "" if evidence["detector"] in _WITHOUT_WORDS else f"“{masked(evidence['words'])}”"
    sure = f" {evidence['score']:.2f}" if evidence["score"] else ""
    note = names.notes_in_words(evidence["note"])
    return f"{name}{heard}{words}{sure}" + (f"（{note}）" if note else "")


def _moment(at: datetime | None) -> str:
    return at.astimezone(LOCAL).strftime("%Y年%-m月%-d日 %H:%M") if at else names.NOT_LISTED


def _day(day: date | None) -> str:
    return day.strftime("%Y-%m-%d") if day else names.NOT_LISTED


def _counted(number: float | None, rule: RuleId) -> str:
    """What a rule of the ledger counted, or its limit; rates a year are fractions."""
    if number is None:
        return _NONE
    return f"{100 * number:.4g} %" if rule is RuleId.rate else f"{number:,.0f}"
