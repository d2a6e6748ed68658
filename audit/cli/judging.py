"""Commands on text: `classify`, `evaluate`."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
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
from classifiers import Classifier, Turn, Using, load_pack
from classifiers.classify import Judgement
from classifiers.errors import BadInput, Refused, first_mistake
from classifiers.evaluate import Evaluation, evaluate
from classifiers.turns import LabelledTurn

T = TypeVar("T", bound=Turn)


class LineFormat(StrEnum):
    """How judged lines are printed."""

    table = "table"
    jsonl = "jsonl"


class Language(StrEnum):
    """The language of names and reasons."""

    zh = "zh"
    en = "en"


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("classify")(classify)
    app.command("evaluate")(evaluate_path)


def classify(
    file: Annotated[Path, typer.Argument(help="JSON Lines with id and text; - for standard input")] = Path("-"),
    form: Annotated[LineFormat, typer.Option("--format", help="how to print it")] = LineFormat.table,
    at: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="judge by the law of that day")] = None,
    lang: Annotated[Language, typer.Option(help="language of names and reasons")] = Language.zh,
    using: Annotated[Using, typer.Option(help="who judges")] = Using.both,
) -> None:
    """Judge texts or turns: one JSON object a line in, findings out. Needs no workspace.

    Example: echo '{"id": "1", "text": "你个老赖", "speaker": "collector"}' | shengjian classify --format jsonl
    """
    refused: list[Refused] = []
    judge = Classifier.using(using, load_pack(settings().pack), settings().text_model, lang)
    judgements = judge.stream(read_lines(file, Turn, refused), at.date() if at else None)
    if form is LineFormat.jsonl:
        for judgement in judgements:
            typer.echo(json.dumps(asdict(judgement), ensure_ascii=False))
    else:
        out().print(_judgement_table(judgements, lang))
    finish(refused)


def evaluate_path(
    path: Annotated[Path, typer.Argument(help="labelled JSON Lines, or a folder with *.truth.json")],
    form: Annotated[ResultFormat, typer.Option("--format", help="how to print it")] = ResultFormat.table,
    using: Annotated[Using, typer.Option(help="who judges")] = Using.both,
) -> None:
    """Measure against labels: per kind precision, recall and F1 with its 95 % interval.

    Example: shengjian evaluate labelled.jsonl
    """
    classifier = Classifier.using(using, load_pack(settings().pack), settings().text_model)
    if path.is_dir():
        _evaluate_folder(path, form, classifier)
        return
    refused: list[Refused] = []
    turns = list(read_lines(path, LabelledTurn, refused))
    found = (frozenset(detection.kind for detection in judgement.findings) for judgement in classifier.stream(turns))
    _print_evaluation(evaluate(zip((turn.labels for turn in turns), found, strict=True)), form, {})
    finish(refused)


def read_lines(path: Path, model: type[T], refused: list[Refused]) -> Iterator[T]:
    """The lines to judge, one by one; a refusal naming file and line joins `refused` for each that does not hold."""
    for number, data in _numbered(path):
        try:
            yield model.model_validate(json.loads(data.decode("utf-8-sig")))
        except UnicodeDecodeError:
            refused.append(BadInput(f"{path}:{number}: not UTF-8", "save it as UTF-8"))
        except ValidationError as error:
            refused.append(BadInput(f"{path}:{number}: {first_mistake(error)}", "mend the line"))
        except (ValueError, RecursionError) as error:
            refused.append(BadInput(f"{path}:{number}: no JSON ({error})", "give one JSON object a line"))


def _numbered(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with nullcontext(sys.stdin.buffer) if str(path) == "-" else path.open("rb") as lines:
            yield from ((n, line) for n, line in enumerate(lines, 1) if line.strip())
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "give a file that can be read, or - for standard input") from error


def _evaluate_folder(folder: Path, form: ResultFormat, classifier: Classifier) -> None:
    from audit.evaluation import error_rate, evaluate_call  # noqa: PLC0415 - loads the recogniser's libraries
    from audit.transcripts.listen import make_engine  # noqa: PLC0415

    truths = sorted(folder.glob("*.truth.json"))
    if not truths:
        raise BadInput(f"{folder}: no *.truth.json in it", "give labelled JSON Lines or a folder of calls with truth")
    engine = make_engine()
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


def _judgement_table(judgements: Iterable[Judgement], lang: Language) -> Table:
    table = Table("id", "kind", "severity", "score", "quote", "rule", "why")
    for judgement in judgements:
        for found in judgement.findings:
            kind = getattr(found.kind.names, lang)
            row = (kind, found.severity, f"{found.score:.2f}", escape(found.quote), found.rule, found.why)
            table.add_row(escape(judgement.id), *row)
    return table
