"""The benchmarks: `bench rules`."""

import typer
from rich.table import Table

from audit.cli.output import out
from audit.settings import settings
from classifiers import load_pack
from classifiers.bench import bench_rules


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    bench = typer.Typer(help="How fast it is, beside its peers.", no_args_is_help=True)
    bench.callback()(_group)
    bench.command("rules")(rules)
    app.add_typer(bench, name="bench")


def _group() -> None:
    """How fast it is, beside its peers."""


def rules() -> None:
    """Judge the pack's own examples on one thread with terms, rules, and rules and model, each beside a peer.

    Example: shengjian bench rules
    """
    table = Table("way", "lines a second", "times the peer's")
    for timing in bench_rules(load_pack(settings().pack)):
        table.add_row(timing.way, f"{timing.rate:,.0f}", f"{timing.ratio:.1f}")
    out().print(table)
