"""Articles of law as documents cite them: which were checked, and by whom. What nobody checked is not cited as law."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from sqlmodel import Session, select

from audit import trail
from audit.ledger.limits import limits, rule_pack
from audit.store.types import now
from audit.store.upsert import upsert
from classifiers.errors import BadInput
from complaints.clock_rules import shipped_rules
from reports.models import ArticleCheck

SEEN = frozenset({"text", "press"})  # marks of articles whose wording was seen well enough to cite


class Article(NamedTuple):
    """An article as it is cited."""

    title: str
    article: str


class Cited(NamedTuple):
    """An article, how well its wording was seen, since when the law is in force, and who confirmed it."""

    article: Article
    checked: str
    since: date | None = None
    confirmed_by: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether it may be cited as law."""
        return self.checked in SEEN or bool(self.confirmed_by)

    @property
    def text(self) -> str:
        """The article as one cites it."""
        return f"《{self.article.title}》{self.article.article}"


def cited(session: Session, laws: Iterable[Mapping[str, str]]) -> list[Cited]:
    """The articles of some findings, results or clocks, each once, in order of their names."""
    confirmed = {Article(check.title, check.article): check.checked_by for check in session.exec(select(ArticleCheck))}
    since = {law.title: law.since for law in rule_pack().laws.values()}
    found: dict[Article, Cited] = {}
    for law in laws:
        article = Article(law["title"], law["article"])
        found[article] = Cited(article, law["checked"], since.get(article.title), confirmed.get(article, ""))
    return [found[article] for article in sorted(found)]


def all_cited(session: Session, day: date) -> list[Cited]:
    """All articles that rules, limits and clocks cite on a day."""
    pack, known = rule_pack(), limits()
    of_rules = [
        {"title": pack.laws[c.law].title, "article": c.article, "checked": c.checked}
        for rule in pack.rules
        for c in rule.laws
    ]
    of_limits = [law for rule, _ in known.rules() for law in known.citations(rule, day)]
    clocks = shipped_rules()
    of_clocks = [law for rule in clocks.rules.values() for each in rule.versions for law in clocks.citations(each, day)]
    return cited(session, [*of_rules, *of_limits, *of_clocks])


def confirm(session: Session, article: Article, by: str, source: str, day: date) -> None:
    """Puts down that a person compared an article's wording with a source. Raises BadInput for one that nothing cites,
    and where nobody or no source is named.
    """
    if not (by.strip() and source.strip()):
        raise BadInput(f"{article.title}{article.article}: nobody or no source is named", "give --by and --source")
    if article not in {each.article for each in all_cited(session, day)}:
        raise BadInput(f"nothing cites {article.title} {article.article}", "see shengjian articles list")
    row = {**article._asdict(), "checked_by": by.strip(), "source": source.strip(), "at": now()}
    upsert(session, ArticleCheck, [row], ("title", "article"))
    trail.append(
        session, by.strip(), "article.confirm", f"article:{article.title} {article.article}", {"source": source}
    )
