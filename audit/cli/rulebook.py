"""Commands on the rule pack: `rules list|check|test|publish`."""

from typing import Annotated

import typer
from rich.table import Table

from audit.cli.output import out, saying_no
from audit.errors import EXIT_SAYS_NO
from audit.settings import settings
from classifiers import RulePack, load_pack
from classifiers.examples import failures
from classifiers.loading import folder_of
from classifiers.model import load_model
from classifiers.publishing import publish, set_version


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    rules = typer.Typer(help="The rule pack.", no_args_is_help=True)
    rules.command("list")(list_rules)
    rules.command("check")(check_rules)
    rules.command("test")(test_rules)
    rules.command("publish")(publish_rules)
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
        pack = load_pack(settings().pack, draft=True)
    typer.echo(f"{pack.name} {pack.version}: {len(pack.rules)} rules hold, sha256 {pack.digest}")


def test_rules() -> None:
    """Run every rule's own examples; exit code 1 when one comes out otherwise than it says.

    Example: shengjian rules test
    """
    pack = load_pack(settings().pack, draft=True)
    complaints = _complaints(pack)
    examples = sum(len(rule.examples.match) + len(rule.examples.leave) for rule in pack.rules)
    typer.echo(f"{len(pack.rules)} rules, {examples} examples, {len(complaints)} complaints")
    if complaints:
        raise typer.Exit(EXIT_SAYS_NO)


def publish_rules(version: Annotated[str, typer.Argument(help="the new version, such as 2026.12")]) -> None:
    """Freeze the pack under a new version, if every example comes out as it says: from then on a change is refused.

    Example: SHENGJIAN_PACK=./my-pack shengjian rules publish 2026.12
    """
    folder = folder_of(settings().pack)
    if _complaints(load_pack(folder, draft=True)):
        raise typer.Exit(EXIT_SAYS_NO)
    set_version(folder, version)
    pack = load_pack(folder, draft=True)
    publish(pack, folder)
    typer.echo(f"{pack.name} {pack.version}: {len(pack.rules)} rules, sha256 {pack.digest}")


def _complaints(pack: RulePack) -> list[tuple[str, str]]:
    """What the pack's own examples complain of, printed."""
    complaints = list(failures(pack, load_model(settings().text_model)))
    for rule, complaint in complaints:
        typer.echo(f"{rule}: {complaint}")
    return complaints
