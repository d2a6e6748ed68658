"""Documents: `report audit`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from audit.ledger.service import bring_up_to_date
from audit.store import database
from classifiers.errors import BadInput


class ReportFormat(StrEnum):
    """How a report is written."""

    html = "html"


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    reports = typer.Typer(help="Documents.", no_args_is_help=True)
    reports.callback()(_group)
    reports.command("audit")(report_audit)
    app.add_typer(reports, name="report")


def _group() -> None:
    """Documents."""


def report_audit(
    out_dir: Annotated[Path, typer.Option("--out", help="the folder to write to")] = Path(),
    period: Annotated[str | None, typer.Option(help="a month, quarter or year: 2026-10, 2026Q4, 2026")] = None,
    form: Annotated[ReportFormat, typer.Option("--format", help="how to write it")] = ReportFormat.html,
) -> None:
    """Write the audit report: one page that needs nothing else, for reading offline and for printing.

    Example: shengjian report audit --period 2026-10 --out reports/
    """
    typer.echo(f"report: {write_report(out_dir, period, form)}")


def write_report(folder: Path, period: str | None = None, form: ReportFormat = ReportFormat.html) -> Path:
    """Writes the audit report on a period, or on the whole workspace, into a folder and gives its path."""
    from reports.audit_page import audit_page  # noqa: PLC0415
    from reports.period import Period  # noqa: PLC0415

    about = Period.parse(period) if period is not None else None
    database.check()
    bring_up_to_date()
    page = audit_page(about)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder.resolve() / f"audit-report{f'-{about.text}' if about else ''}.{form}"
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{folder}: {error.strerror}", "give a folder that can be written to with --out") from error
    return path
