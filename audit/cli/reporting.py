"""Documents: `report …`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audit.cli.output import login, note, progress
from audit.ledger.service import bring_up_to_date
from audit.store import database
from classifiers.errors import BadInput
from complaints.cases.events import find

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.issuing import Format, Issued

Out = Annotated[Path, typer.Option("--out", help="the folder to write to")]
Formats = Annotated[str, typer.Option("--format", help="one or more of html,docx,pdf,xlsx")]
By = Annotated[str, typer.Option("--by", help="who exports it; you, if nobody is named")]
A_PERIOD = "a month, quarter or year: 2026-10, 2026Q4, 2026"
AgencyName = Annotated[str, typer.Option("--agency", help="of this agency")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    reports = typer.Typer(help="Documents: reports, letters, scorecards, training.", no_args_is_help=True)
    for name, command in (
        ("audit", report_audit),
        ("reply", report_reply),
        ("complaints", report_complaints),
        ("scorecard", report_scorecard),
        ("training", report_training),
    ):
        reports.command(name)(command)
    app.add_typer(reports, name="report")


def report_audit(
    out_dir: Out = Path(),
    period: Annotated[str, typer.Option(help=A_PERIOD)] = "",
    forms: Formats = "html",
    by: By = "",
) -> None:
    """Write the audit report: of a month the 合规质检月报, without a period that of all days.

    Example: shengjian report audit --period 2026-10 --format html,docx,pdf,xlsx --out reports/
    """
    write_report("audit", forms, out_dir, by, period=period)


def report_reply(
    number: Annotated[str, typer.Argument(help="the case's number, ours or the sender's")],
    out_dir: Out = Path(),
    forms: Formats = "docx,pdf",
    by: By = "",
) -> None:
    """Write the reply to a complaint, with its evidence list: a draft until the case is decided and all is reviewed.

    Example: shengjian report reply TS-2026-000003 --out letters/
    """
    database.check()
    with database.transaction() as session:
        number = find(session, number).number
    write_report("reply", forms, out_dir, by, whose=number)


def report_complaints(
    period: Annotated[str, typer.Option(help=A_PERIOD)],
    out_dir: Out = Path(),
    forms: Formats = "docx,pdf,xlsx",
    by: By = "",
) -> None:
    """Write the complaint statistics of a period, on the axes of JR/T 0169-2018.

    Example: shengjian report complaints --period 2026Q4 --format xlsx
    """
    write_report("complaints", forms, out_dir, by, period=period)


def report_scorecard(
    period: Annotated[str, typer.Option(help=A_PERIOD)],
    agency: AgencyName = "",
    out_dir: Out = Path(),
    forms: Formats = "docx,pdf,xlsx",
    by: By = "",
) -> None:
    """Write the scorecard of all agencies, or of one: conduct, complaints, records and training; not recovery.

    Example: shengjian report scorecard --period 2026Q4 --agency 信诚资产
    """
    write_report("scorecard", forms, out_dir, by, agency=agency, period=period)


def report_training(  # noqa: PLR0917 - each is an option
    period: Annotated[str, typer.Option(help=A_PERIOD)],
    collector: Annotated[str, typer.Option(help="the feedback of this collector, by staff number")] = "",
    team: Annotated[str, typer.Option(help="the coaching pack of this team")] = "",
    records: Annotated[bool, typer.Option("--records", help="the record of all training, for the file")] = False,
    agency: AgencyName = "",
    out_dir: Out = Path(),
    forms: Formats = "html,pdf",
    by: By = "",
) -> None:
    """Write the training feedback of a collector, the coaching pack of a team, or the record of all training.

    Example: shengjian report training --collector A1024 --period 2026-10
    """
    if bool(collector) + bool(team) + records != 1:
        raise BadInput("training is for one collector or one team", "give --collector, --team or --records")
    kind = "training-records" if records else "training" if collector else "training-team"
    write_report(kind, forms, out_dir, by, whose=collector or team, agency=agency, period=period)


def _formats(forms: str) -> "list[Format]":
    from reports.issuing import Format  # noqa: PLC0415

    known = {str(form): form for form in Format}
    wanted = [form.strip().lower() for form in forms.split(",") if form.strip()]
    if not wanted or any(form not in known for form in wanted):
        raise BadInput(f"{forms!r} is no format", f"give one or more of {','.join(known)}")
    return [known[form] for form in wanted]


def _by_job() -> "Callable[..., Issued]":
    from reports.ordering import issue_by_job  # noqa: PLC0415 - loads the job engine

    return issue_by_job


def write_report(kind: str, forms: str, folder: Path, by: str, **about: str) -> list[Path]:
    """Issues a document and writes its files into a folder; prints and gives their paths."""
    from reports.issuing import issue, write  # noqa: PLC0415 - loads what writes documents
    from reports.kinds import Order  # noqa: PLC0415

    order, formats = Order(kind, **about), _formats(forms)
    database.check()
    bring_up_to_date()
    with progress() as bar:
        task = bar.add_task(kind, total=None)
        make = _by_job() if order.is_long else issue
        issued = make(order, formats, by or login(), lambda stage: bar.update(task, description=stage))
    paths = write(issued, folder)
    for path in paths:
        typer.echo(f"report: {path}")
    if issued.draft:
        note("this is a draft yet; it says what is to be done before it is final")
    return paths
