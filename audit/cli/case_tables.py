"""Complaints as they are printed: the list, and one case in parts."""

from collections.abc import Iterable
from typing import Any

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from audit.cli.judging import Language
from audit.store.types import local_day
from complaints.cases.listing import CaseRow
from complaints.clocks import Status
from complaints.warnings import Warning

_COLOURS = {Status.overdue: "red", Status.warned: "yellow", Status.paused: "dim"}
_PARTS = ("text", "reading", "clocks", "proposed", "evidence", "events")


def case_table(rows: Iterable[CaseRow]) -> Table:
    """The cases, a row each; what is overdue is red."""
    table = Table(
        "number", "state", "channel", "received", "account", "due", "left", "status", "handler", "found", "of"
    )
    for row in rows:
        table.add_row(
            row.number,
            row.state,
            escape(row.channel),
            local_day(row.received_at).isoformat(),
            escape(row.account_no or ""),
            f"{row.due_on or ''}{'?' if row.provisional else ''}",
            "" if row.days_left is None else str(row.days_left),
            _coloured(row.status),
            escape(row.handler or ""),
            row.substantiated or "",
            _flags(row),
        )
    return table


def warning_table(found: Iterable[Warning], lang: Language) -> Table:
    """The warnings, a row each."""
    table = Table("finding", "kind", "debtor", "account", "contact", "time", "days", "quote", "to do")
    for each in found:
        told = each.as_json(lang)
        where = [told["debtor_no"], told["account_no"], told["call"] or told["message"]]
        days = "" if each.age_days is None else str(each.age_days)
        table.add_row(
            each.finding,
            each.kind.names.zh,
            *map(escape, where),
            told["time"] or "",
            days,
            escape(each.quote),
            escape(told["act"]),
        )
    return table


def shown_case(told: dict[str, Any]) -> list[RenderableType]:
    """A case in parts: facts, text, what was read, clocks, evidence, events."""
    facts = Table("field", "value")
    for name, value in told.items():
        if name not in _PARTS and value not in (None, "", [], {}):
            facts.add_row(name, escape(_words(value)))
    parts: list[RenderableType] = [facts, escape(told["text"]), _reading(told["reading"])]
    parts.append(_table(told["clocks"], "rule", "started_at", "due_at", "days_left", "unit", "status", "met_at"))
    if told["proposed"]:
        parts.append(_table(told["proposed"]["allegations"], "kind", "claim", "verdict", "calls", "messages", "why"))
    parts.append(_table(told["evidence"], "subject", "state", "kind", "score", "why", "actor"))
    parts.append(_table(told["events"], "at", "kind", "actor", "file", "body"))
    return parts


def _reading(reading: dict[str, Any]) -> Table:
    """Each stretch of the text that was read, with its place."""
    table = Table("read", "from", "to", "quote", "as")
    for name, found in {**reading, **reading["people"], "people": None}.items():
        for each in found if isinstance(found, list) else [found] if found else []:
            rest = {key: value for key, value in each.items() if key not in ("start", "end", "quote") and value}
            table.add_row(name, str(each["start"]), str(each["end"]), escape(each["quote"]), escape(_words(rest)))
    return table


def _table(rows: list[dict[str, Any]], *columns: str) -> Table:
    table = Table(*columns)
    for row in rows:
        table.add_row(*(escape(_words(row.get(column))) for column in columns))
    return table


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_words(each)}" for name, each in value.items() if each not in (None, "", [], {}))
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    return "" if value is None else str(value)


def _coloured(status: Status | None) -> str:
    if status is None:
        return ""
    return f"[{_COLOURS[status]}]{status}[/]" if status in _COLOURS else status


def _flags(row: CaseRow) -> str:
    told = {"repeats": row.repeat_of, "group": row.group, "before": row.escalated_to}
    words = [f"{word} {value}" for word, value in told.items() if value]
    return escape(", ".join([*words, "major"] if row.major else words))
