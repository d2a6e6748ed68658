"""The command `shengjian`: it puts the packages together, and nothing imports it."""

import sys

import typer

from audit.cli import (
    articles,
    auditing,
    benching,
    coaching,
    complaints,
    demoing,
    evidence,
    findings,
    importing,
    judging,
    measuring,
    reporting,
    rulebook,
    speaking,
    training,
    upkeep,
)
from audit.cli.output import report
from audit.errors import EXIT_BAD_INPUT
from classifiers.errors import Refused

app = typer.Typer(
    name="shengjian",
    help="声鉴: audits debt-collection calls and messages for abuse, threats and privacy leaks, on your own machines.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for part in (
    demoing,
    auditing,
    findings,
    importing,
    complaints,
    reporting,
    evidence,
    articles,
    coaching,
    speaking,
    judging,
    measuring,
    rulebook,
    training,
    benching,
    upkeep,
):
    part.register(app)


def main() -> None:
    """Runs the command line; whatever a user can mend is one line on standard error and exit code 2."""
    try:
        app()
    except Refused as error:
        report([error])
        sys.exit(EXIT_BAD_INPUT)
