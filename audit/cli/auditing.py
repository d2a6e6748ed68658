"""The main job: `audit`."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import col, select

from audit.calls.models import Call
from audit.calls.service import find_recordings, receive
from audit.cli.audited import Audited
from audit.cli.importing import ledger_rows, ready
from audit.cli.output import ResultFormat, finish, out, progress
from audit.findings.service import message_outcomes, outcomes
from audit.imports.manifest import read_manifest
from audit.imports.mapping import load_mapping
from audit.imports.registers import RegisterName
from audit.imports.service import import_file
from audit.ledger.models import LedgerVerdict, RuleId
from audit.store import database
from classifiers.errors import BadInput, Refused

_POLL = 0.3  # seconds


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("audit")(audit)


def audit(
    paths: Annotated[list[Path] | None, typer.Argument(help="recordings, or folders of them")] = None,
    calls: Annotated[Path | None, typer.Option(help="call records to import first: who called whom, and when")] = None,
    manifest: Annotated[Path | None, typer.Option(help="CSV with the columns recording and call_id")] = None,
    speakers: Annotated[
        int | None, typer.Option(min=1, max=6, help="how many share a channel in these recordings")
    ] = None,
    form: Annotated[ResultFormat, typer.Option("--format", help="how to print it")] = ResultFormat.table,
) -> None:
    """Take recordings in, transcribe, classify, and keep what was found. Without a path, all calls and messages that
    were imported and not yet judged.

    Example: shengjian audit recordings/ --calls calls.csv
    """
    done, refused = audit_paths(paths or [], calls, manifest, speakers)
    if form is ResultFormat.json:
        typer.echo(json.dumps(done.as_json(), ensure_ascii=False, indent=1))
    else:
        out().print(done.call_table())
        if done.messages:
            out().print(done.message_table())
    finish(refused)


def audit_paths(
    paths: list[Path], calls: Path | None = None, manifest: Path | None = None, speakers: int | None = None
) -> tuple[Audited, list[Refused]]:
    """Takes the recordings in and works until all are judged; without any, works on all that is not judged yet."""
    from audit import jobs, pipeline  # noqa: PLC0415 - loads the recogniser's libraries

    ready()
    pipeline.make_ready()
    if (calls or manifest) and not paths:
        raise BadInput("no recordings are given", "give them or their folder; records alone: shengjian import calls")
    refused: list[Refused] = _import_records(calls) if calls else []
    with jobs.working():
        call_ids = _take_in(paths, read_manifest(manifest), speakers, refused) if paths else pipeline.unjudged()
        message_ids = [] if paths else pipeline.unjudged_messages()
        refused += _judge(call_ids)
        refused += _judge_messages(message_ids)
    return judged(call_ids, message_ids), refused


def judged(call_ids: list[int] | None = None, message_ids: list[int] | None = None) -> Audited:
    """What stands of these calls and messages, or of all."""
    late = [row for row in ledger_rows() if row.rule is RuleId.quiet_hours and row.verdict == LedgerVerdict.finding]
    by_call = {number: row for row in late for number in row.calls}
    by_message = {number: row for row in late for number in row.messages}
    with database.transaction() as session:
        return Audited(outcomes(session, call_ids), message_outcomes(session, message_ids), by_call, by_message)


def _import_records(path: Path) -> list[Refused]:
    """Imports the call records that hold and gives the refusals of the others."""
    with database.transaction() as session:
        return [*import_file(session, RegisterName.calls, path, load_mapping(), partly=True).refused]


def _take_in(paths: list[Path], manifest: Mapping[str, str], speakers: int | None, refused: list[Refused]) -> list[int]:
    """Receives the recordings and gives the ids of their calls; what is refused is added."""
    found, refused_paths = find_recordings(paths)
    refused += refused_paths
    received: dict[int, None] = {}
    with progress() as bar:
        for path in bar.track(found, description="receiving"):
            try:
                with database.transaction() as session:
                    call = receive(session, path, manifest)
                    call.speakers = speakers or call.speakers
                    received[call.id or 0] = None
            except BadInput as error:
                refused.append(error)
    return list(received)


def _judge_messages(message_ids: list[int]) -> Iterator[Refused]:
    """Submits messages and waits until all are judged."""
    from audit import jobs, pipeline  # noqa: PLC0415

    waiting = pipeline.submit_messages(message_ids)
    with progress() as bar:
        task = bar.add_task("reading messages", total=(total := len(waiting)))
        while waiting:
            for workflow, result in jobs.ended(waiting).items():
                waiting.remove(workflow)
                if result != jobs.SUCCESS:
                    yield Refused(f"messages could not be judged ({result})", "run shengjian audit again")
            bar.update(task, completed=total - len(waiting))
            time.sleep(_POLL)


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
