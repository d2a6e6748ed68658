"""Review: `findings list`, `findings decide`."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Column, Table

from audit.cli.importing import ready
from audit.cli.output import ResultFormat, busy, finish, login, note, out
from audit.findings.listing import Asked, listed
from audit.findings.models import Decision, State
from audit.findings.reviews import LIST, Said, decide_finding, review_json
from audit.ledger.listing import LedgerRow, single_rows
from audit.ledger.models import LedgerVerdict
from audit.ledger.reviews import decide_result
from audit.ledger.service import bring_up_to_date
from audit.store import database
from audit.transcripts.formats import clock
from classifiers.errors import BadInput, Refused
from classifiers.taxonomy import Kind, Severity

_DAY = ["%Y-%m-%d"]
_ID = re.compile(r"([FL])([1-9]\d{0,8})", re.ASCII | re.IGNORECASE)
_SHOWN = 3  # contacts named in a table
_DECIDE = {"F": decide_finding, "L": decide_result}
_UNCLEAR = {LedgerVerdict.unclear: "unclear: "}
_STATES = {
    State.open: "[yellow]open[/]",
    State.suggested: "[dim]suggested[/]",
    State.confirmed: "[red]confirmed[/]",
    State.rejected: "[green]rejected[/]",
}


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    findings = typer.Typer(help="Review of what was found.", no_args_is_help=True)
    findings.command("list")(list_findings)
    findings.command("decide")(decide)
    app.add_typer(findings, name="findings")


def list_findings(
    *,
    state: Annotated[State | None, typer.Option(help="only those that stand so")] = None,
    kind: Annotated[Kind | None, typer.Option(help="only those of this kind")] = None,
    call: Annotated[str | None, typer.Option(help="only those of this call")] = None,
    message: Annotated[str | None, typer.Option(help="only those of this message")] = None,
    since: Annotated[datetime | None, typer.Option("--from", formats=_DAY, help="first local day")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=_DAY, help="last local day")] = None,
    ledger: Annotated[bool, typer.Option("--ledger/--no-ledger", help="with the results of the ledger")] = True,
    form: Annotated[ResultFormat, typer.Option("--format", help="how to print it")] = ResultFormat.table,
) -> None:
    """List findings (F) and results of the ledger (L), the gravest first, then by time.

    Example: shengjian findings list --state open --from 2026-10-19
    """
    ready()
    if since and until and until < since:
        raise BadInput(f"--to {until:%Y-%m-%d} is before --from", "give the earlier day first")
    kinds = frozenset({kind} if kind else Kind)
    asked = Asked(state, kinds, call, message, since and since.date(), until and until.date())
    found = _found(asked, ledger=ledger)
    if form is ResultFormat.json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    out().print(_table(found))
    if not found:
        note("no findings")


def _found(asked: Asked, *, ledger: bool) -> list[dict[str, Any]]:
    """The findings, and the results of the ledger that fit, in the order of the list."""
    with busy("keeping the ledger"):
        bring_up_to_date()
    with database.transaction() as session:
        found = [each.as_json() for each in listed(session, asked)]
        if ledger:
            rows = single_rows(session, asked.since, asked.until)
            found += [_ledger_json(row) for row in rows if _fits(row, asked)]
    return sorted(found, key=lambda each: (Severity(each["severity"]).rank, each["time"] or "9"))


def _fits(row: LedgerRow, asked: Asked) -> bool:
    return (
        asked.state in {None, row.state}
        and row.kind in asked.kinds
        and (asked.call is None or asked.call in row.calls)
        and (asked.message is None or asked.message in row.messages)
    )


def _ledger_json(row: LedgerRow) -> dict[str, Any]:
    """A result of the ledger in the shape that findings have in the list; it has its day for a time, and no quote."""
    shown = row.as_json()
    told = {"id": f"L{row.id}", "time": shown["date"], "rule": f"ledger/{row.rule}", "quote": ""}
    return {**shown, **told, "machine_kind": row.kind, "review": review_json(row.review)}


def _table(found: list[dict[str, Any]]) -> Table:
    whole = [Column(name, no_wrap=True) for name in ("id", "severity", "kind")]
    quote = Column("quote", min_width=30)
    table = Table(*whole, "contact", "time", "at", quote, "rule", Column("state", no_wrap=True, min_width=9))
    for each in found:
        ids = [*each["calls"], *each["messages"], *each["visits"]]
        contacts = escape(", ".join(ids[:_SHOWN])) + (f" … {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else "")
        time, at = (each["time"] or "")[:16].replace("T", " "), clock(each["at"]) if "at" in each else ""
        what = (each["severity"], Kind(each["kind"]).names.zh)
        said = escape(each["quote"] or f"{_UNCLEAR.get(each['verdict'], '')}{each['why']}")
        table.add_row(each["id"], *what, contacts, time, at, said, each["rule"], _STATES[each["state"]])
    return table


def decide(
    ids: Annotated[list[str], typer.Argument(help="what to decide on, such as F12 or L3")],
    verdict: Annotated[Decision, typer.Argument(help="what you say of it")],
    reason: Annotated[str, typer.Option(help="why; it is kept")] = "",
    kind: Annotated[Kind | None, typer.Option(help="with changed: the right kind")] = None,
    by: Annotated[str | None, typer.Option(help="who decides; the login name, if not given")] = None,
) -> None:
    """Decide on findings and results of the ledger. Each decision is kept, the latest counts; the machine's judgement
    stays beside it.

    Example: shengjian findings decide F12 L3 rejected --reason 引用对方原话
    """
    ready()
    said = Said(verdict, reason, login() if by is None else by, kind)
    refused: list[Refused] = []
    for line in _decided(ids, said, refused):
        typer.echo(line)
    finish(refused)


def _decided(ids: list[str], said: Said, refused: list[Refused]) -> Iterator[str]:
    for name in dict.fromkeys(written.upper() for written in ids):
        try:
            new = _decide(name, said)
        except BadInput as error:
            refused.append(error)
        else:
            yield f"{name}: {said.verdict}{f' to {said.kind}' if said.kind else ''}{'' if new else ', as before'}"


def _decide(name: str, said: Said) -> bool:
    """Lands one decision; False where it repeats the latest."""
    written = _ID.fullmatch(name)
    if written is None:
        raise BadInput(f"{name} names no finding", f"give F or L and a number; {LIST}")
    with database.transaction() as session:
        return _DECIDE[written[1]](session, int(written[2]), said)
