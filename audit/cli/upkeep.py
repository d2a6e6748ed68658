"""Commands for running it: `trail verify`, `db upgrade|check`."""

import typer

from audit import trail
from audit.errors import EXIT_SAYS_NO, line
from audit.store import database
from audit.trail import BrokenTrail


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    trails = typer.Typer(help="The tamper-evident trail.", no_args_is_help=True)
    trails.callback()(_group)
    trails.command("verify")(verify_trail)
    app.add_typer(trails, name="trail")
    db = typer.Typer(help="The database.", no_args_is_help=True)
    db.command("upgrade")(upgrade)
    db.command("check")(check)
    app.add_typer(db, name="db")


def _group() -> None:
    """The tamper-evident trail."""


def verify_trail() -> None:
    """Walk the hash chain of the trail; exit code 1 when it does not hold.

    Example: shengjian trail verify
    """
    database.check()
    with database.transaction() as session:
        try:
            end = trail.verify(session)
        except BrokenTrail as error:
            typer.echo(line(error), err=True)
            raise typer.Exit(EXIT_SAYS_NO) from error
    typer.echo(f"the trail holds: {end.seq} events, head {end.hash}")


def upgrade() -> None:
    """Bring the database to the newest schema, making it if it is not there.

    Example: shengjian db upgrade
    """
    database.upgrade()
    typer.echo(f"{database.where()} is at schema {database.check()}")


def check() -> None:
    """Check that the database answers and has the newest schema; exit code 2 when not.

    Example: shengjian db check
    """
    typer.echo(f"{database.where()} is at schema {database.check()}")
