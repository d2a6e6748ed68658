"""Commands on text: `classify`, `evaluate`, `rules list|check|test`."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.table import Table

from audit.cli.output import finish, out
from audit.errors import EXIT_SAYS_NO
from audit.settings import settings
from classifiers import Classifier, Detection, Turn, load_pack
from classifiers.classify import Judgement
from classifiers.errors import BadInput, Refused
from classifiers.evaluate import Evaluation, Labelled, evaluate
from classifiers.examples import failures
from classifiers.taxonomy import Kind

Lines = list[tuple[Turn, dict[str, Any]]]


class LineFormat(StrEnum):
    """How judged lines are printed."""

    table = "table"
    jsonl = "jsonl"


class ResultFormat(StrEnum):
    """How results are printed."""

    table = "table"
    json = "json"


class Language(StrEnum):
    """The language of reasons."""

    zh = "zh"
    en = "en"


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("classify")(classify)
    app.command("evaluate")(evaluate_path)
    rules = typer.Typer(help="The rule pack.", no_args_is_help=True)
    rules.command("list")(list_rules)
    rules.command("check")(check_rules)
    rules.command("test")(test_rules)
    app.add_typer(rules, name="rules")


def classify(
    file: Annotated[Path, typer.Argument(help="JSON Lines with id and text; - for standard input")] = Path("-"),
    form: Annotated[LineFormat, typer.Option("--format", help="how to print it")] = LineFormat.table,
    at: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="judge by the law of that day")] = None,
    lang: Annotated[Language, typer.Option(help="language of the reasons")] = Language.zh,
) -> None:
    """Judge texts or turns: one JSON object a line in, findings out. Needs no workspace.

    Example: echo '{"id": "1", "text": "你个老赖", "speaker": "collector"}' | shengjian classify --format jsonl
    """
    lines, refused = read_lines(file)
    classifier = Classifier(load_pack(settings().pack), lang)
    turns = [turn for turn, _ in lines]
    judgements = classifier.judge(turns, at.date() if at else None)
    if form is LineFormat.jsonl:
        for judgement in judgements:
            typer.echo(json.dumps(judgement_json(judgement), ensure_ascii=False))
    else:
        out().print(_judgement_table(turns, judgements))
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
    lines, refused = read_lines(path)
    judgements = Classifier(load_pack(settings().pack)).judge([turn for turn, _ in lines])
    pairs = [_labelled(row, judgement, path) for (_, row), judgement in zip(lines, judgements, strict=True)]
    _print_evaluation(evaluate(pairs), form, {})
    finish(refused)


def list_rules() -> None:
    """List the rules of the pack.

    Example: shengjian rules list
    """
    pack = load_pack(settings().pack)
    table = Table("rule", "title", "kind", "severity", "law", title=f"{pack.name} {pack.version} {pack.digest[:12]}")
    for rule in pack.rules:
        cited = "; ".join(f"{pack.laws[c.law].title} {c.article} ({c.checked})" for c in rule.laws)
        table.add_row(rule.id, rule.title.zh, rule.kind, rule.severity, cited)
    out().print(table)


def check_rules() -> None:
    """Load the pack and check its form: fields, laws, patterns. The first mistake is named with file and line.

    Example: SHENGJIAN_PACK=./my-pack shengjian rules check
    """
    pack = load_pack(settings().pack)
    typer.echo(f"{pack.name} {pack.version}: {len(pack.rules)} rules hold, sha256 {pack.digest}")


def test_rules() -> None:
    """Run every rule's own examples; exit code 1 when one comes out otherwise than it says.

    Example: shengjian rules test
    """
    pack = load_pack(settings().pack)
    complaints = list(failures(pack))
    for rule, complaint in complaints:
        typer.echo(f"{rule}: {complaint}")
    examples = sum(len(rule.examples.match) + len(rule.examples.leave) for rule in pack.rules)
    typer.echo(f"{len(pack.rules)} rules, {examples} examples, {len(complaints)} complaints")
    if complaints:
        raise typer.Exit(EXIT_SAYS_NO)


def read_lines(path: Path) -> tuple[Lines, list[Refused]]:
    """The lines to judge with all their fields, and a refusal for each that does not hold."""
    good: Lines = []
    refused: list[Refused] = []
    for number, text in _numbered(path):
        try:
            row = json.loads(text)
            good.append((Turn.model_validate(row), row))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"])) or "line"
            refused.append(
                BadInput(f"{path}:{number}: {field}: {first['msg']}", "mend the line; the others were judged")
            )
        except ValueError as error:
            refused.append(BadInput(f"{path}:{number}: no JSON ({error})", "give one JSON object a line"))
    return good, refused


def _numbered(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "give a file that can be read, or - for standard input") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8", "save it as UTF-8") from error
    return ((n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip())


def judgement_json(judgement: Judgement) -> dict[str, Any]:
    """One judged line in the shape of the interface's contract."""
    return {
        "id": judgement.id,
        "findings": [detection_json(d) for d in judgement.findings],
        "suggestions": [detection_json(d) for d in judgement.suggestions],
    }


def detection_json(detection: Detection) -> dict[str, Any]:
    """One detection in the shape of the interface's contract."""
    return asdict(detection)


def _labelled(row: dict[str, Any], judgement: Judgement, path: Path) -> Labelled:
    try:
        wanted = frozenset(Kind(label) for label in row["labels"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{path}: line {judgement.id}: labels: {error}", "give each line a list of kinds") from error
    return wanted, frozenset(found.kind for found in judgement.findings)


def _evaluate_folder(folder: Path, form: ResultFormat) -> None:
    from audit.evaluation import error_rate, evaluate_calls  # noqa: PLC0415
    from audit.transcripts.listen import make_engine  # noqa: PLC0415

    if not any(folder.glob("*.truth.json")):
        raise BadInput(f"{folder}: no *.truth.json in it", "give labelled JSON Lines or a folder of calls with truth")
    results, evaluation = evaluate_calls(folder, make_engine(), load_pack(settings().pack))
    extra = {"cer": round(error_rate(results), 4), "calls": [result.as_json() for result in results]}
    _print_evaluation(evaluation, form, extra)


def _print_evaluation(evaluation: Evaluation, form: ResultFormat, extra: dict[str, Any]) -> None:
    if form is ResultFormat.json:
        typer.echo(json.dumps({**evaluation.as_json(), **extra}, ensure_ascii=False, indent=1))
        return
    table = Table("kind", "tp", "fp", "fn", "precision", "recall", "F1", "95 %")
    for kind, score in evaluation.kinds.items():
        low, high = score.interval
        rates = [f"{rate:.2f}" for rate in (score.precision, score.recall, score.f1)]
        table.add_row(kind, str(score.tp), str(score.fp), str(score.fn), *rates, f"{low:.2f}–{high:.2f}")
    for call in extra.get("calls", ()):
        out().print(f"{call['call_id']}: " + ", ".join(f"{k} {v}" for k, v in call.items() if k != "call_id"))
    out().print(table)
    words = f"{evaluation.lines} lines, macro F1 {evaluation.macro_f1:.3f}, false positive rate {evaluation.fpr:.3f}"
    out().print(words + (f", character error rate {extra['cer']:.3f}" if "cer" in extra else ""))


def _judgement_table(turns: list[Turn], judgements: list[Judgement]) -> Table:
    table = Table("id", "kind", "severity", "score", "quote", "rule", "why")
    for _, judgement in zip(turns, judgements, strict=True):
        for found in judgement.findings:
            row = (found.kind.names.zh, found.severity, f"{found.score:.2f}", found.quote, found.rule, found.why)
            table.add_row(judgement.id, *row)
    return table
