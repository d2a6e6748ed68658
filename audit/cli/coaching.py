"""What became of training feedback: `coaching list|acknowledge|remeasure|records`."""

import json
from datetime import datetime, time
from typing import Annotated, Any

import typer
from rich.table import Table
from sqlmodel import Session, col, select

from audit import trail
from audit.calls.today import moment
from audit.cli.casework import day
from audit.cli.output import ResultFormat, login, out
from audit.parties.models import Collector
from audit.store import database
from audit.store.types import LOCAL, local_day
from classifiers.errors import BadInput
from reports.document.written import row_written
from reports.models import TrainingFeedback
from reports.period import Period

StaffNo = Annotated[str, typer.Argument(help="the collector's staff number")]
OfPeriod = Annotated[str, typer.Argument(help="the feedback's period: 2026-10, 2026Q4, 2026")]
AgencyName = Annotated[str | None, typer.Option("--agency", help="where a staff number is in several agencies")]
Shown = Annotated[ResultFormat, typer.Option("--format", help="how to print")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    coaching = typer.Typer(help="Training feedback: signatures, quizzes, effect, records.", no_args_is_help=True)
    coaching.command(name="list")(list_feedback)
    for command in (acknowledge, remeasure, records):
        coaching.command()(command)
    app.add_typer(coaching, name="coaching")


def list_feedback(form: Shown = ResultFormat.table) -> None:
    """List the feedback that was issued, with signature and score; `report training` issues it.

    Example: shengjian coaching list --format json
    """
    database.check()
    with database.transaction() as session:
        wanted: Any = select(TrainingFeedback, Collector).join(
            Collector, col(Collector.id) == TrainingFeedback.collector_id
        )
        order = (col(TrainingFeedback.period), col(Collector.staff_no), col(TrainingFeedback.id))
        rows = [_listed(*row) for row in session.execute(wanted.order_by(*order))]
    _print(form, rows)


def acknowledge(
    staff_no: StaffNo,
    period: OfPeriod,
    coach: Annotated[str | None, typer.Option(help="who coached; you, if nobody is named")] = None,
    answers: Annotated[str, typer.Option(help="the letters of the quiz: A,C,B")] = "",
    answer: Annotated[str, typer.Option(help="what the collector said to it, or objects to")] = "",
    *,
    on: Annotated[str, typer.Option(help="the day of the coaching; today")] = "",
    agency: AgencyName = None,
    form: Shown = ResultFormat.table,
) -> None:
    """Put down that a collector was coached and signed, and score the quiz.

    Example: shengjian coaching acknowledge A1024 2026-10 --coach 周培 --answers A,C,B,A,B,C --answer 无异议
    """
    from reports.training import acknowledge as put_down  # noqa: PLC0415 - loads what makes documents

    database.check()
    with database.transaction() as session:
        feedback, collector = _feedback(session, staff_no, agency, period)
        at = datetime.combine(day(on, "--on"), time(12), LOCAL) if on else moment(session)
        by = coach if coach is not None else login()
        put_down(session, feedback, by, at, answer=answer, quiz_answers=_letters(answers))
        rows = [_listed(feedback, collector)]
    _print(form, rows)


def remeasure(staff_no: StaffNo, period: OfPeriod, agency: AgencyName = None, form: Shown = ResultFormat.table) -> None:
    """Measure the points of a feedback again, 30 and 60 days after coaching; intervals decide what is said.

    Example: shengjian coaching remeasure A1024 2026-10 --format json
    """
    from reports.training import remeasure as again  # noqa: PLC0415
    from reports.training.keeping import REMEASURED, subject  # noqa: PLC0415
    from reports.training.remeasuring import CAVEAT  # noqa: PLC0415

    database.check()
    with database.transaction() as session:
        feedback, _ = _feedback(session, staff_no, agency, period)
        found = again(session, feedback, moment(session))
        told = {f"{each.matter} {each.basis} {each.days}": each.said for each in found}
        trail.append(session, login(), REMEASURED, subject(feedback), told)
    if form is ResultFormat.json:
        _print(form, [each.as_json() for each in found])
        return
    table = Table("point", "days", "until", "before (95 %)", "after (95 %)", "not reviewed", "said")
    for each in found:
        rates = (each.before.text, each.after.text)
        table.add_row(each.name, str(each.days), str(each.until), *rates, str(each.waiting), each.said)
    out().print(table)
    typer.echo(CAVEAT)


def records(
    period: Annotated[str, typer.Option(help="usually a year: 2026")], form: Shown = ResultFormat.table
) -> None:
    """Print the training records: syllabus, who, when, score, retraining, signature.

    Example: shengjian coaching records --period 2026 --format json
    """
    from reports.training.records import COLUMNS, record_rows  # noqa: PLC0415

    database.check()
    with database.transaction() as session:
        found = record_rows(session, Period.parse(period))
    names = [column.name for column in COLUMNS]
    if form is ResultFormat.json:
        _print(form, [dict(zip(names, row, strict=True)) for row in found])
        return
    table = Table(*names)
    for row in found:
        table.add_row(*row_written(row, COLUMNS))
    out().print(table)


def _feedback(session: Session, staff_no: str, agency: str | None, period: str) -> tuple[TrainingFeedback, Collector]:
    from reports.training import find_collector  # noqa: PLC0415
    from reports.training.facts import kept_feedback  # noqa: PLC0415

    collector, days = find_collector(session, staff_no, agency), Period.parse(period)
    feedback = kept_feedback(session, collector, days)
    if feedback is None:
        remedy = f"issue it: shengjian report training --collector {staff_no} --period {days.text}"
        raise BadInput(f"no feedback on {staff_no} in {days.text}", remedy)
    return feedback, collector


def _letters(answers: str) -> list[int] | None:
    """The answers counted from 0; None where none are given. Raises BadInput for what is no letter."""
    from reports.training.quiz import LETTERS  # noqa: PLC0415

    given = [letter.strip().upper() for letter in answers.split(",") if letter.strip()]
    if wrong := [letter for letter in given if letter not in LETTERS]:
        raise BadInput(f"--answers: {wrong[0]!r} is no answer", "give letters parted by commas: A,C,B")
    return [LETTERS.index(letter) for letter in given] or None


def _listed(feedback: TrainingFeedback, collector: Collector) -> dict[str, Any]:
    signed = feedback.acknowledged_at
    return {
        "period": feedback.period,
        "staff_no": collector.staff_no,
        "name": collector.name,
        "made_on": str(local_day(feedback.made_at)),
        "points": [f"{point['matter']} {point['count']}" for point in feedback.points],
        "acknowledged_on": str(local_day(signed)) if signed else None,
        "coach": feedback.coach,
        "answer": feedback.answer,
        "score": feedback.score,
        "remeasure_on": feedback.remeasure_on,
    }


def _print(form: ResultFormat, rows: list[dict[str, Any]]) -> None:
    if form is ResultFormat.json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table("period", "staff no", "name", "made", "points", "signed", "coach", "score", "measure again")
    for row in rows:
        score = "" if row["score"] is None else f"{row['score']:.0%}"
        told = (row["period"], row["staff_no"], row["name"] or "", row["made_on"], "\n".join(row["points"]))
        signed = (row["acknowledged_on"] or "", row["coach"] or "", score, "\n".join(row["remeasure_on"]))
        table.add_row(*told, *signed)
    out().print(table)
