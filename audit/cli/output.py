"""What all commands share: standard output for results, standard error for the rest."""

import getpass
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from audit.errors import EXIT_BAD_INPUT, EXIT_SAYS_NO, line
from classifiers.errors import Refused

_PIPE_WIDTH = 160  # columns of a table that goes to a file


class ResultFormat(StrEnum):
    """How results are printed."""

    table = "table"
    json = "json"


def out() -> Console:
    """The console for results; wide where no terminal sets the width."""
    return Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH, highlight=False)


def progress() -> Progress:
    """A progress bar on standard error, seen on a terminal only."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    )


@contextmanager
def busy(doing: str) -> Iterator[None]:
    """Says on a terminal that something is going on whose end cannot be foreseen."""
    if not sys.stderr.isatty():
        yield
        return
    with Console(stderr=True).status(doing):
        yield


def login() -> str:
    """The login name, or a word for none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return "operator"


def note(text: str) -> None:
    """A line on standard error that is no refusal."""
    typer.echo(f"shengjian: {text}", err=True)


def report(refused: Iterable[Refused]) -> None:
    """One line on standard error for each thing that could not be used."""
    for error in refused:
        typer.echo(line(error), err=True)


@contextmanager
def saying_no() -> Iterator[None]:
    """For checks: what they refuse is their answer, and ends with the exit code for "no"."""
    try:
        yield
    except Refused as error:
        report([error])
        raise typer.Exit(EXIT_SAYS_NO) from error


def finish(refused: list[Refused]) -> None:
    """Reports what was refused, if anything, and ends with the exit code for it."""
    report(refused)
    if refused:
        raise typer.Exit(EXIT_BAD_INPUT)
