"""Commands on text: `classify`."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import ValidationError
from rich.markup import escape
from rich.table import Table

from audit.cli.output import finish, out
from audit.settings import settings
from classifiers import Classifier, Turn, Using, load_pack
from classifiers.classify import Judgement
from classifiers.errors import BadInput, Refused, first_mistake

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
    """Adds the command."""
    app.command("classify")(classify)


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


def _judgement_table(judgements: Iterable[Judgement], lang: Language) -> Table:
    table = Table("id", "kind", "severity", "score", "quote", "rule", "why")
    for judgement in judgements:
        for found in judgement.findings:
            kind = getattr(found.kind.names, lang)
            row = (kind, found.severity, f"{found.score:.2f}", escape(found.quote), found.rule, found.why)
            table.add_row(escape(judgement.id), *row)
    return table
