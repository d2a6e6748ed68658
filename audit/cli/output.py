"""What all commands share: standard output for results, standard error for the rest."""

import sys
from collections.abc import Iterable

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from audit.errors import EXIT_BAD_INPUT, line
from classifiers.errors import Refused

_PIPE_WIDTH = 160  # columns of a table that goes to a file


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


def report(refused: Iterable[Refused]) -> None:
    """One line on standard error for each thing that could not be used."""
    for error in refused:
        typer.echo(line(error), err=True)


def finish(refused: list[Refused]) -> None:
    """Reports what was refused, if anything, and ends with the exit code for it."""
    report(refused)
    if refused:
        raise typer.Exit(EXIT_BAD_INPUT)
