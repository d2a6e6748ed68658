"""Commands on text: `classify`, `evaluate`."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from rich.markup import escape
from rich.table import Table

from audit.cli.output import ResultFormat, finish, out, progress
from audit.settings import settings
from classifiers import Classifier, Turn, load_pack
from classifiers.classify import Judgement
from classifiers.errors import BadInput, Refused, first_mistake
from classifiers.evaluate import Evaluation, evaluate
from classifiers.taxonomy import Kind

T = TypeVar("T", bound=Turn)


class LineFormat(StrEnum):
    """How judged lines are printed."""

    table = "table"
    jsonl = "jsonl"


class Language(StrEnum):
    """The language of names and reasons."""

    zh = "zh"
    en = "en"


class LabelledTurn(Turn):
    """A line with the kinds that stand in it."""

    labels: frozenset[Kind]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("classify")(classify)
    app.command("evaluate")(evaluate_path)


def classify(
    file: Annotated[Path, typer.Argument(help="JSON Lines with id and text; - for standard input")] = Path("-"),
    form: Annotated[LineFormat, typer.Option("--format", help="how to print it")] = LineFormat.table,
    at: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="judge by the law of that day")] = None,
    lang: Annotated[Language, typer.Option(help="language of names and reasons")] = Language.zh,
) -> None:
    """Judge texts or turns: one JSON object a line in, findings out. Needs no workspace.

    Example: echo '{"id": "1", "text": "你个老赖", "speaker": "collector"}' | shengjian classify --format jsonl
    """
    turns, refused = read_lines(file, Turn)
    judgements = Classifier(load_pack(settings().pack), lang).judge(turns, at.date() if at else None)
    if form is LineFormat.jsonl:
        for judgement in judgements:
            typer.echo(json.dumps(asdict(judgement), ensure_ascii=False))
    else:
        out().print(_judgement_table(judgements, lang))
    finish(refused)


def evaluate_path(
    path: Annotated[Path, typer.Argument(help="labelled JSON Lines, or a folder with *.truth.json")],
    form: Annotated[ResultFormat, typer.Option("--format", help="how to print it")] = ResultFormat.table,
) -> None:
    """Measure against labels: per kind precision, recall and F1 with its 95 % interval.

    Example: shengjian evaluate labelled.jsonl
    """
    if path.is_dir():
        _evaluate_folder(path, form)
        return
    turns, refused = read_lines(path, LabelledTurn)
    judgements = Classifier(load_pack(settings().pack)).judge(turns)
    found = (frozenset(detection.kind for detection in judgement.findings) for judgement in judgements)
    _print_evaluation(evaluate(zip((turn.labels for turn in turns), found, strict=True)), form, {})
    finish(refused)


def read_lines(path: Path, model: type[T]) -> tuple[list[T], list[Refused]]:
    """The lines to judge, and a refusal naming file and line for each that does not hold."""
    good: list[T] = []
    refused: list[Refused] = []
    for number, text in _numbered(path):
        try:
            good.append(model.model_validate(json.loads(text)))
        except ValidationError as error:
            complaint = f"{path}:{number}: {first_mistake(error)}"
            refused.append(BadInput(complaint, "mend the line"))
        except (ValueError, RecursionError) as error:
            refused.append(BadInput(f"{path}:{number}: no JSON ({error})", "give one JSON object a line"))
    return good, refused


def _numbered(path: Path) -> Iterator[tuple[int, str]]:
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "give a file that can be read, or - for standard input") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8", "save it as UTF-8") from error
    return ((n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip())


def _evaluate_folder(folder: Path, form: ResultFormat) -> None:
    from audit.evaluation import error_rate, evaluate_call  # noqa: PLC0415 - loads the recogniser's libraries
    from audit.transcripts.listen import make_engine  # noqa: PLC0415

    truths = sorted(folder.glob("*.truth.json"))
    if not truths:
        raise BadInput(f"{folder}: no *.truth.json in it", "give labelled JSON Lines or a folder of calls with truth")
    engine, classifier = make_engine(), Classifier(load_pack(settings().pack))
    results, refused = [], []
    with progress() as bar:
        for truth in bar.track(truths, description="evaluating"):
            try:
                results.append(evaluate_call(truth, engine, classifier))
            except BadInput as error:
                refused.append(error)
    extra = {"cer": round(error_rate(results), 4), "calls": [result.as_json() for result in results]}
    _print_evaluation(evaluate(line for result in results for line in result.lines), form, extra)
    finish([*refused])


def _print_evaluation(evaluation: Evaluation, form: ResultFormat, extra: dict[str, Any]) -> None:
    if form is ResultFormat.json:
        typer.echo(json.dumps({**evaluation.as_json(), **extra}, ensure_ascii=False, indent=1))
        return
    for call in extra.get("calls", ()):
        out().print(_call_line(call), soft_wrap=True)
    table = Table("kind", "tp", "fp", "fn", "precision", "recall", "F1", "95 %")
    for kind, score in evaluation.kinds.items():
        low, high = score.interval
        rates = [f"{rate:.2f}" for rate in (score.precision, score.recall, score.f1)]
        table.add_row(kind, str(score.tp), str(score.fp), str(score.fn), *rates, f"{low:.2f}–{high:.2f}")
    out().print(table)
    words = f"{evaluation.lines} lines, macro F1 {evaluation.macro_f1:.3f}, false positive rate {evaluation.fpr:.3f}"
    out().print(words + (f", character error rate {extra['cer']:.3f}" if "cer" in extra else ""))


def _call_line(call: dict[str, Any]) -> str:
    wrong = ", ".join(f"{party} {rate:.1%}" for party, rate in call["cer"].items())
    kinds = "; ".join(f"{name} {', '.join(call[name]) or 'nothing'}" for name in ("found", "missed", "extra"))
    return f"{escape(call['call_id'])}: characters wrong {wrong}; {kinds}"


def _judgement_table(judgements: list[Judgement], lang: Language) -> Table:
    table = Table("id", "kind", "severity", "score", "quote", "rule", "why")
    for judgement in judgements:
        for found in judgement.findings:
            kind = getattr(found.kind.names, lang)
            row = (kind, found.severity, f"{found.score:.2f}", escape(found.quote), found.rule, found.why)
            table.add_row(escape(judgement.id), *row)
    return table
