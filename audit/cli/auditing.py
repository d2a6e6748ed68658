"""The main job: `audit`, `report audit`, `demo`."""

import json
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress
from rich.table import Table
from sqlmodel import col, select

from audit.calls.models import Call
from audit.calls.records import CallRecord, read_records
from audit.calls.service import DEMO, RECORDS, find_recordings, receive
from audit.cli.judging import ResultFormat
from audit.cli.output import finish, out, progress
from audit.findings.service import Outcome, outcomes
from audit.settings import settings
from audit.store import database
from audit.transcripts.formats import clock
from classifiers.errors import BadInput, BadWorkspace, Refused
from classifiers.taxonomy import Verdict

_POLL = 0.2  # seconds
_VERDICTS = {Verdict.violation: "[red]violation[/]", Verdict.not_judgeable: "[yellow]not judgeable[/]"}


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("audit")(audit)
    reports = typer.Typer(help="Documents.", no_args_is_help=True)
    reports.callback()(_group)
    reports.command("audit")(report_audit)
    app.add_typer(reports, name="report")
    app.command("demo")(demo)


def _group() -> None:
    """Documents."""


def audit(
    paths: Annotated[list[Path] | None, typer.Argument(help="recordings, or folders of them")] = None,
    calls: Annotated[Path | None, typer.Option(help="call records, CSV: who called whom, and when")] = None,
    form: Annotated[ResultFormat, typer.Option("--format", help="how to print it")] = ResultFormat.table,
) -> None:
    """Take recordings in, transcribe, classify, and keep what was found. Without a path, what is not yet judged.

    Example: shengjian audit recordings/ --calls calls.csv
    """
    done, refused = audit_paths(paths or [], calls)
    if form is ResultFormat.json:
        typer.echo(json.dumps({"calls": [o.as_json() for o in done], "messages": []}, ensure_ascii=False, indent=1))
    else:
        out().print(_table(done))
    finish(refused)


def report_audit(
    out_dir: Annotated[Path, typer.Option("--out", help="the folder to write to")] = Path(),
) -> None:
    """Write the audit report: one page that needs nothing else, for reading offline and for printing.

    Example: shengjian report audit --out reports/
    """
    typer.echo(f"report: {write_report(out_dir)}")


def demo() -> None:
    """Audit the eight bundled recordings and report on them. Works in a workspace that holds nothing else.

    Example: SHENGJIAN_HOME=./demo shengjian demo
    """
    bundled = Path(str(files("audit") / "demo"))
    database.upgrade()
    with database.transaction() as session:
        foreign = session.exec(select(Call).where(Call.source != DEMO)).first()
    if foreign:
        raise BadWorkspace(f"{settings().workspace} holds other calls", "set SHENGJIAN_HOME to an empty folder")
    done, refused = audit_paths([bundled / "calls"], bundled / "call_records.csv", DEMO)
    out().print("Eight invented collection calls, spoken by synthetic voices over a telephone line.")
    out().print(_table(done))
    out().print(f"report: {write_report(settings().workspace)}", soft_wrap=True)
    finish(refused)


def audit_paths(paths: list[Path], calls: Path | None, source: str = RECORDS) -> tuple[list[Outcome], list[Refused]]:
    """Takes the recordings in, works until all are judged, and gives what was found and what was refused."""
    from audit import jobs, pipeline  # noqa: PLC0415 - loads the recogniser's libraries

    _prepare_workspace()
    records, refused_rows = read_records(calls) if calls else ([], [])
    found, refused_paths = find_recordings(paths)
    refused: list[Refused] = [*refused_rows, *refused_paths]
    with jobs.working():
        received = list(_receive(found, records, source, refused)) if paths else pipeline.unjudged()
        submitted = {call.id: pipeline.submit(call) for call in {call.id: call for call in received}.values()}
        with progress() as bar:
            refused += _wait({id_: workflow for id_, workflow in submitted.items() if id_ and workflow}, bar)
    with database.transaction() as session:
        return outcomes(session, [id_ for id_ in submitted if id_]), refused


def write_report(folder: Path) -> Path:
    """Writes the audit report on the whole workspace into a folder and gives its path."""
    from reports.audit_page import audit_page  # noqa: PLC0415

    database.check()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder.resolve() / "audit-report.html"
        path.write_text(audit_page(), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{folder}: {error.strerror}", "give a folder that can be written to with --out") from error
    return path


def _prepare_workspace() -> None:
    """Makes the database on first use; an old schema is for `db upgrade`, not for us, to change."""
    try:
        fresh = settings().database_url is None and not (settings().workspace / "shengjian.sqlite").exists()
        if fresh:
            database.upgrade()
    except OSError as error:
        raise BadWorkspace(
            f"{settings().workspace}: {error.strerror}", "set SHENGJIAN_HOME to a writable folder"
        ) from error
    database.check()


def _receive(found: list[Path], records: list[CallRecord], source: str, refused: list[Refused]) -> Iterator[Call]:
    by_recording = {record.recording: record for record in records if record.recording}
    with progress() as bar:
        for path in bar.track(found, description="receiving"):
            try:
                with database.transaction() as session:
                    yield receive(session, path, by_recording.get(path.name), source)
            except BadInput as error:
                refused.append(error)


def _wait(workflows: dict[int, str], bar: Progress) -> Iterator[Refused]:
    """Shows how far the work is until every workflow has ended; a failure is told and the rest goes on."""
    from audit import jobs  # noqa: PLC0415

    task = bar.add_task("auditing", total=len(workflows))
    waiting = dict(workflows)
    while waiting:
        for call_id, workflow in list(waiting.items()):
            if outcome := jobs.outcome(workflow):
                del waiting[call_id]
                if outcome != jobs.SUCCESS:
                    yield Refused(f"call {call_id} could not be audited ({outcome})", "run shengjian audit again")
        bar.update(task, completed=len(workflows) - len(waiting) + _shares(waiting))
        time.sleep(_POLL)


def _shares(call_ids: dict[int, str]) -> float:
    with database.transaction() as session:
        percents = session.exec(select(Call.percent).where(col(Call.id).in_(call_ids))).all()
    return sum(percents) / 100


def _table(done: list[Outcome]) -> Table:
    table = Table("call", "file", "verdict", "at", "kind", "severity", "quote", "rule")
    for outcome in done:
        head = [outcome.call.call_id, outcome.recording.name, _VERDICTS.get(outcome.verdict, "[green]clear[/]")]
        for finding in outcome.findings:
            what = (finding.kind.names.zh, finding.severity.value, finding.quote, finding.rule)
            table.add_row(*head, clock(finding.at_ms / 1000), *what)
            head = ["", "", ""]
        if not outcome.findings:
            table.add_row(*head, "", "", "", ", ".join(outcome.transcript.quality["reasons"]), "")
        table.add_section()
    return table
