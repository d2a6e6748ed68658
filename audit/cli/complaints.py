"""Complaints: `complaints list|show|receive|warnings`, and the work on them."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from audit.calls.today import DEMO_NOON, moment
from audit.cli import casework_acts, casework_time, linking
from audit.cli.case_tables import case_table, shown_case, warning_table
from audit.cli.casework import Name, Number, Type, standing
from audit.cli.importing import ready
from audit.cli.judging import Language
from audit.cli.output import ResultFormat, login, note, out
from audit.imports.mapping import load_mapping
from audit.store import database
from classifiers.errors import BadInput, first_mistake
from complaints.cases.events import By, find
from complaints.cases.listing import cases
from complaints.cases.showing import show
from complaints.cases.timing import set_due
from complaints.due import parse_due
from complaints.given import Given
from complaints.intake import receive
from complaints.vocabulary import CaseState
from complaints.warnings import warnings

Form = Annotated[ResultFormat, typer.Option("--format", help="how to print it")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    complaints = typer.Typer(help="Complaints: intake, clocks, evidence, decisions.", no_args_is_help=True)
    complaints.command("list")(list_complaints)
    complaints.command("show")(show_complaint)
    complaints.command("receive")(receive_complaint)
    complaints.command("warnings")(list_warnings)
    casework_acts.register(complaints)
    casework_time.register(complaints)
    linking.register(complaints)
    app.add_typer(complaints, name="complaints")


def list_complaints(
    state: Annotated[list[CaseState] | None, typer.Option(help="only those in this state; may be repeated")] = None,
    form: Form = ResultFormat.table,
) -> None:
    """List the complaints, those with the least time left first.

    Example: shengjian complaints list --state received --state investigating
    """
    ready()
    with database.transaction() as session:
        at = moment(session)
        found = cases(session, at, state or ())
    if at == DEMO_NOON:
        note(f"the demo's clocks stand at {at:%Y-%m-%d}")
    if form is ResultFormat.json:
        typer.echo(json.dumps([row.as_json() for row in found], ensure_ascii=False, indent=1))
        return
    out().print(case_table(found))
    if not found:
        note("no complaints")


def show_complaint(number: Number, form: Form = ResultFormat.table) -> None:
    """Show everything about a complaint: what was told and read, clocks, evidence, events.

    Example: shengjian complaints show TS20261021-0001
    """
    ready()
    with database.transaction() as session:
        told = show(session, find(session, number), moment(session))
    if form is ResultFormat.json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for part in shown_case(told):
        out().print(part)


def list_warnings(
    form: Form = ResultFormat.table,
    lang: Annotated[Language, typer.Option(help="language of what is to be done")] = Language.zh,
) -> None:
    """List what was heard or read that a complaint or worse may follow, until somebody decides on it.

    Example: shengjian complaints warnings
    """
    ready()
    with database.transaction() as session:
        found = warnings(session, moment(session))
    if form is ResultFormat.json:
        typer.echo(json.dumps([each.as_json(lang) for each in found], ensure_ascii=False, indent=1))
        return
    out().print(warning_table(found, lang))


def receive_complaint(
    file: Annotated[str, typer.Argument(help="a file with the text, or - for standard input")],
    channel: Annotated[str, typer.Option(help="12378, hotline_own, email, letter, petition … or as written")],
    received_at: Annotated[str | None, typer.Option(help="when it was received; now")] = None,
    *,
    complainant: Annotated[str | None, typer.Option(help="who complains")] = None,
    phone: Annotated[str | None, typer.Option(help="their number")] = None,
    reference: Annotated[str | None, typer.Option("--ref", help="the sender's own number")] = None,
    type_: Type = None,
    authority: Annotated[str | None, typer.Option(help="self, agent, relative, unknown")] = None,
    account: Annotated[str | None, typer.Option(help="the account that it is about")] = None,
    collector: Annotated[list[str] | None, typer.Option(help="who is complained of: staff number or name")] = None,
    due: Annotated[str | None, typer.Option(help="the regulator's own: 2026-11-05, 5d, 5w (working days)")] = None,
    by: Name = None,
) -> None:
    """Receive one complaint: its text from a file or standard input.

    Example: shengjian complaints receive letter.txt --channel 12378 --received-at 2026-10-21 --phone 13800001001
    """
    ready()
    text, mapping = _text(file), load_mapping()
    own_due = parse_due(due) if due else None
    with database.transaction() as session:
        told = {
            "channel": channel,
            "received_at": received_at or moment(session),
            "text": text,
            "complainant": complainant,
            "phone": phone,
            "external_ref": reference,
            "type": mapping.code("type", type_, "complaints"),
            "authority": mapping.code("authority", authority, "complaints"),
            "account_no": account,
            "collector": ";".join(collector or ()),
        }
        who = By(by if by is not None else login())
        case = receive(session, _given(told), mapping, actor=who.name)
        if due:
            set_due(session, case, who, own_due)
        line = standing(session, case)
    typer.echo(line)


def _given(told: dict[str, object]) -> Given:
    try:
        return Given.model_validate({name: value for name, value in told.items() if value is not None})
    except ValidationError as error:
        raise BadInput(str(first_mistake(error)), "mend the text or the option") from error


def _text(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}", "give a file that can be read") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}: no text in UTF-8", "save it as UTF-8") from error
