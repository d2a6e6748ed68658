"""Articles of law as documents cite them: `articles list`, `articles confirm`."""

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from audit.cli.importing import ready
from audit.cli.output import login, out
from audit.store import database


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    articles = typer.Typer(help="Articles of law: which were compared with their source.", no_args_is_help=True)
    articles.command("list")(list_articles)
    articles.command("confirm")(confirm_article)
    app.add_typer(articles, name="articles")


def list_articles() -> None:
    """List all articles that rules, limits and clocks cite today, how well each was seen, where, and who compared it.

    Example: shengjian articles list
    """
    from audit.calls.today import moment  # noqa: PLC0415
    from audit.store.types import local_day  # noqa: PLC0415
    from reports.articles import all_cited  # noqa: PLC0415

    ready()
    with database.transaction() as session:
        cited = all_cited(session, local_day(moment(session)))
    copied = (Column(name, overflow="fold") for name in ("title", "article"))  # whole, for `confirm`
    table = Table(*copied, "checked", "source", "compared by", "with", "may be cited")
    for each in cited:
        told = (*each.article, each.checked, each.source, each.confirmed_by, each.confirmed_from)
        table.add_row(*map(escape, told), "yes" if each.is_sure else "no")
    out().print(table)


def confirm_article(
    title: Annotated[str, typer.Argument(help="of the law, as listed")],
    article: Annotated[str, typer.Argument(help="as listed")],
    source: Annotated[str, typer.Option(help="what its wording was compared with")],
    by: Annotated[str, typer.Option(help="who compared it; you, if nobody is named")] = "",
) -> None:
    """Put down that somebody compared an article's wording with a source, so that letters may cite it.

    Example: shengjian articles confirm 商业银行信用卡业务监督管理办法 第六十八条 --source 公报原文 --by 周敏
    """
    from reports.articles import Article, confirm  # noqa: PLC0415

    ready()
    with database.transaction() as session:
        confirm(session, Article(title, article), by or login(), source)
    typer.echo(f"{title} {article}: may be cited")
