"""The command that makes a model: `train`."""

from pathlib import Path
from typing import Annotated

import typer

from audit.cli.judging import read_lines
from audit.settings import settings
from classifiers import load_pack
from classifiers.errors import BadInput, Refused
from classifiers.turns import LabelledTurn

_HELD = "held-calibrate.jsonl"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("train")(train)


def train(
    lines: Annotated[Path, typer.Argument(help="a folder of labelled JSON Lines; its held-*.jsonl are not trained on")],
    out: Annotated[Path, typer.Option(help="the folder to write")],
    encoder: Annotated[str | None, typer.Option(help="a Hugging Face encoder, by name or folder")] = None,
    public: Annotated[Path | None, typer.Option(help="a folder with cold/, teleantifraud/ and crosswoz/")] = None,
    epochs: Annotated[int, typer.Option(min=1, help="times that every line is seen")] = 4,
) -> None:
    """Train the model from labelled lines, calibrate it on held-out ones, and write weights and card.

    Example: shengjian train classifiers/corpus --out my-model
    """
    from classifiers.training.encoder import prepare  # noqa: PLC0415 - loads torch and transformers
    from classifiers.training.fit import Plan  # noqa: PLC0415
    from classifiers.training.train import Material, train_model  # noqa: PLC0415

    files = sorted(path for path in lines.glob("*.jsonl") if not path.name.startswith("held"))
    if not files or not (lines / _HELD).is_file():
        raise BadInput(f"{lines}: no labelled lines and {_HELD} in it", "see docs/model.md")
    material = Material.gather([turn for path in files for turn in _labelled(path)], _labelled(lines / _HELD), public)
    folder = prepare(encoder, settings().weights / "e5-zh")
    model = train_model(material, load_pack(settings().pack), folder, out, Plan(epochs=epochs), report=typer.echo)
    typer.echo(f"{out}: {model.card['trained_on']['lines']} lines, model {model.digest[:12]}")


def _labelled(path: Path) -> list[LabelledTurn]:
    refused: list[Refused] = []
    turns = list(read_lines(path, LabelledTurn, refused))
    if refused:
        raise refused[0]
    return turns
