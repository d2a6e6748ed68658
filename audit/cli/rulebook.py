"""Commands on the rule pack: `rules list|check|test`."""

import typer
from rich.table import Table

from audit.cli.output import out, saying_no
from audit.errors import EXIT_SAYS_NO
from audit.settings import settings
from classifiers import load_pack
from classifiers.examples import failures


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    rules = typer.Typer(help="The rule pack.", no_args_is_help=True)
    rules.command("list")(list_rules)
    rules.command("check")(check_rules)
    rules.command("test")(test_rules)
    app.add_typer(rules, name="rules")


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
    with saying_no():
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
