"""Registers: `import`, `gaps`, `ledger`."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from audit.cli.judging import Language
from audit.cli.output import ResultFormat, busy, finish, note, out
from audit.imports.gaps import gaps
from audit.imports.mapping import load_mapping
from audit.imports.registers import RegisterName
from audit.imports.service import Imported, import_file
from audit.ledger.listing import NO_DATA, LedgerRow, rows
from audit.ledger.models import LedgerVerdict
from audit.ledger.service import bring_up_to_date
from audit.settings import settings
from audit.store import database
from classifiers.errors import BadInput
from complaints.register import NAME as COMPLAINTS
from complaints.register import import_complaints

_DAY = ["%Y-%m-%d"]
_SHOWN = 7  # contacts named in a table
_NAMES: tuple[str, ...] = (*RegisterName, COMPLAINTS)
_VERDICTS = {
    LedgerVerdict.finding: "[red]finding[/]",
    LedgerVerdict.unclear: "[yellow]unclear[/]",
    NO_DATA: "[dim]no data[/]",
}


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("import")(import_register)
    app.command("gaps")(list_gaps)
    app.command("ledger")(ledger)


def ready() -> None:
    """Makes the workspace if there is none, and checks it."""
    if database.is_fresh() and not settings().database_url:
        database.upgrade()
    database.check()


def _name(text: str) -> str:
    """A register's name, complaints among them."""
    if text not in _NAMES:
        raise typer.BadParameter(f"{text!r} is not one of {', '.join(_NAMES)}")
    return text


def import_register(
    name: Annotated[str, typer.Argument(help="which register", parser=_name, metavar="|".join(_NAMES))],
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or JSON Lines")],
    mapping: Annotated[Path | None, typer.Option(help="YAML: other headings and codes")] = None,
    partly: Annotated[bool, typer.Option("--partly", help="put in the rows that hold, leave out the others")] = False,
    form: Annotated[ResultFormat, typer.Option("--format", help="how to print it")] = ResultFormat.table,
) -> None:
    """Put a file into a register: new rows are added, known ones brought up to date. With a wrong row, none is.

    Example: shengjian import calls call_records.csv
    """
    ready()
    with busy(f"importing {name}"), database.transaction() as session:
        if name == COMPLAINTS:
            imported = import_complaints(session, file, load_mapping(mapping), partly=partly)
        else:
            imported = import_file(session, RegisterName(name), file, load_mapping(mapping), partly=partly)
    if form is ResultFormat.json:
        typer.echo(json.dumps(imported.as_json(), ensure_ascii=False, indent=1))
    elif imported.rows or not imported.refused:
        out().print(_told(imported), highlight=False)
    refused = list(imported.refused)
    if refused and not partly:
        refused.append(BadInput(f"{file}: {len(refused)} rows refused, nothing was imported", "mend them, or --partly"))
    finish([*refused])


def _told(imported: Imported) -> str:
    words = f"{imported.register}: {imported.rows} rows, {imported.new} new, {imported.rows - imported.new} updated"
    named = ", ".join(f"{count} of {kind}" for kind, count in imported.unlisted.items())
    words += f"; not listed so far: {named}" if named else ""
    return words + (f"; {imported.matched} recordings found their record" if imported.matched else "")


def list_gaps(
    form: Annotated[ResultFormat, typer.Option("--format", help="how to print it")] = ResultFormat.table,
) -> None:
    """List what the registers lack: names that no register lists, recordings without record, records without recording.

    Example: shengjian gaps
    """
    ready()
    with database.transaction() as session:
        found = gaps(session)
    if form is ResultFormat.json:
        typer.echo(json.dumps([gap._asdict() for gap in found], ensure_ascii=False, indent=1))
        return
    table = Table("gap", "count", "which")
    for gap in found:
        more = f" … {len(gap.which) - _SHOWN} more" if len(gap.which) > _SHOWN else ""
        table.add_row(gap.kind, str(len(gap.which)), escape(", ".join(gap.which[:_SHOWN])) + more)
    out().print(table)


def ledger(
    since: Annotated[datetime | None, typer.Option("--from", formats=_DAY, help="first local day")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=_DAY, help="last local day")] = None,
    form: Annotated[ResultFormat, typer.Option("--format", help="how to print it")] = ResultFormat.table,
    lang: Annotated[Language, typer.Option(help="language of titles and reasons")] = Language.zh,
) -> None:
    """Judge when, how often and whom: the limits of contact over calls, messages and visits of all agencies together.

    Example: shengjian ledger --from 2026-10-19 --to 2026-11-01
    """
    ready()
    if since and until and until < since:
        raise BadInput(f"--to {until:%Y-%m-%d} is before --from", "give the earlier day first")
    found = ledger_rows(since and since.date(), until and until.date())
    if form is ResultFormat.json:
        typer.echo(json.dumps([row.as_json(lang) for row in found], ensure_ascii=False, indent=1))
        return
    out().print(ledger_table(found, lang))
    if not found:
        note("nothing found, and nothing that could not be judged")


def ledger_rows(since: date | None = None, until: date | None = None) -> list[LedgerRow]:
    """The ledger brought up to date, and what stands in the period."""
    with busy("keeping the ledger"):
        bring_up_to_date()
    with database.transaction() as session:
        return rows(session, since, until)


def ledger_table(found: list[LedgerRow], lang: Language) -> Table:
    """What stands in the ledger, a row each."""
    table = Table("date", "rule", "verdict", "account", Column("contacts", max_width=28), Column("why", min_width=60))
    for row in found:
        ids = [*row.calls, *row.messages, *row.visits]
        more = f" … {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
        day = "" if row.verdict == NO_DATA else row.day.isoformat()
        which = escape(", ".join(ids[:_SHOWN])) + more
        table.add_row(day, row.rule, _VERDICTS[row.verdict], escape(row.account_no), which, escape(row.why[lang]))
    return table
