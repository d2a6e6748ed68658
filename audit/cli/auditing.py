"""The main job: `audit`, `report audit`, `demo`."""

import json
import time
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlmodel import col, select

from audit.calls.models import Call
from audit.calls.records import read_records
from audit.calls.service import DEMO, RECORDS, find_recordings, receive
from audit.cli.output import ResultFormat, finish, note, out, progress
from audit.findings.service import Outcome, outcomes
from audit.settings import settings
from audit.store import database
from audit.transcripts.formats import clock
from classifiers.errors import BadInput, BadWorkspace, Refused
from classifiers.taxonomy import Verdict

_POLL = 0.3  # seconds
_VERDICTS = {
    Verdict.violation: "[red]violation[/]",
    Verdict.not_judgeable: "[yellow]not judgeable[/]",
    Verdict.clear: "[green]clear[/]",
}


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
    with database.transaction() as session:
        foreign = not database.is_fresh() and session.exec(select(Call).where(Call.source != DEMO)).first()
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

    if database.is_fresh() and not settings().database_url:
        database.upgrade()
    database.check()
    pipeline.make_ready()
    refused: list[Refused] = []
    with jobs.working():
        call_ids = _take_in(paths, calls, source, refused) if paths or calls else pipeline.unjudged()
        refused += _judge(call_ids)
    with database.transaction() as session:
        return outcomes(session, call_ids), refused


def _take_in(paths: list[Path], calls: Path | None, source: str, refused: list[Refused]) -> list[int]:
    """Receives the recordings with their call records and gives the ids of their calls; what is refused is added."""
    if not paths:
        raise BadInput("--calls names records, but no recordings are given", "give the recordings or their folder too")
    records, refused_rows = read_records(calls) if calls else ([], [])
    found, refused_paths = find_recordings(paths)
    refused += [*refused_rows, *refused_paths]
    by_name = {record.recording_name: record for record in records if record.recording_name}
    received: dict[int, None] = {}
    with progress() as bar:
        for path in bar.track(found, description="receiving"):
            try:
                with database.transaction() as session:
                    received[receive(session, path, by_name.get(path.name), source).id or 0] = None
            except BadInput as error:
                refused.append(error)
    if left := by_name.keys() - {path.name for path in found}:
        note(f"{len(left)} call records name recordings that were not given, such as {min(left)}")
    return list(received)


def _judge(call_ids: list[int]) -> Iterator[Refused]:
    """Submits the calls and shows how far the work is until all has ended; a failure is told and the rest goes on."""
    from audit import jobs, pipeline  # noqa: PLC0415

    submitted = ((call_id, pipeline.submit(call_id)) for call_id in call_ids)
    waiting = {workflow: call_id for call_id, workflow in submitted if workflow}
    with progress() as bar:
        task = bar.add_task("auditing", total=(total := len(waiting)))
        while waiting:
            for workflow, result in jobs.ended(list(waiting)).items():
                call_id = waiting.pop(workflow)
                if result != jobs.SUCCESS:
                    yield Refused(f"{_name(call_id)} could not be audited ({result})", "run shengjian audit again")
            bar.update(task, completed=total - len(waiting) + _shares(waiting.values()))
            time.sleep(_POLL)


def _name(call_id: int) -> str:
    with database.transaction() as session:
        return f"call {session.get_one(Call, call_id).call_id}"


def _shares(call_ids: Iterable[int]) -> float:
    """How much of the calls' work is done, in calls."""
    with database.transaction() as session:
        return sum(session.exec(select(Call.percent).where(col(Call.id).in_(call_ids))).all()) / 100


def write_report(folder: Path) -> Path:
    """Writes the audit report on the whole workspace into a folder and gives its path."""
    from reports.audit_page import audit_page  # noqa: PLC0415

    database.check()
    page = audit_page()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder.resolve() / "audit-report.html"
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{folder}: {error.strerror}", "give a folder that can be written to with --out") from error
    return path


def _table(done: list[Outcome]) -> Table:
    table = Table("call", "file", "verdict", "at", "kind", "severity", "quote", "rule")
    for outcome in done:
        head = [escape(outcome.call.call_id), escape(outcome.recording.name), _VERDICTS[outcome.verdict]]
        for finding in outcome.findings:
            what = (finding.kind.names.zh, finding.severity.value, escape(finding.quote), finding.rule)
            table.add_row(*head, clock(finding.at_ms / 1000), *what)
            head = ["", "", ""]
        if not outcome.findings:
            table.add_row(*head, "", "", "", ", ".join(outcome.transcript.quality["reasons"]), "")
        table.add_section()
    return table
