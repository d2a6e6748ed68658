"""Commands for running it: `trail verify`, `db upgrade|check`."""

import typer

from audit import trail
from audit.cli.output import saying_no
from audit.store import database


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
    with saying_no(), database.transaction() as session:
        end = trail.verify(session)
    typer.echo(f"the trail holds: {end.seq} events, head {end.hash}")


def upgrade() -> None:
    """Bring the database to the newest schema, making it if it is not there.

    Example: shengjian db upgrade
    """
    database.upgrade()
    typer.echo(f"{database.where()} is at schema {database.check()}")


def check() -> None:
    """Check that the database answers and has the newest schema; exit code 1 when not.

    Example: shengjian db check
    """
    with saying_no():
        typer.echo(f"{database.where()} is at schema {database.check()}")
