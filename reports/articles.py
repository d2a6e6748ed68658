"""Articles of law as documents cite them: which were checked, and by whom. What nobody checked is not cited as law."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from audit import trail
from audit.findings.models import UsedPack
from audit.ledger.limits import limits, rule_pack
from audit.store.types import now
from audit.store.upsert import upsert
from classifiers.errors import BadInput
from classifiers.rules import Citation, LawText
from complaints.clock_rules import shipped_rules
from reports.models import ArticleCheck

SEEN = frozenset({"text", "press"})  # marks of articles whose wording was seen well enough to cite
_MARKS = ("text", "press", "weak", "recalled")  # the surest in front
Law = Mapping[str, str]  # title, article, checked: as findings keep it


class Article(NamedTuple):
    """An article as it is cited."""

    title: str
    article: str


class Cited(NamedTuple):
    """An article, how well its wording was seen, since when the law is in force, where that was taken from, and who
    compared it with what.
    """

    article: Article
    checked: str
    since: date | None = None
    source: str = ""
    confirmed_by: str = ""
    confirmed_from: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether it may be cited as law."""
        return self.checked in SEEN or bool(self.confirmed_by)

    @property
    def text(self) -> str:
        """The article as one cites it."""
        return f"《{self.article.title}》{self.article.article}"


def cited(session: Session, laws: Iterable[Law]) -> list[Cited]:
    """The articles of some findings, results or clocks, each once, in order of their names."""
    checks = {Article(check.title, check.article): check for check in session.exec(select(ArticleCheck))}
    on_file = {law.title: law for law in _laws().values()}
    marks: dict[Article, str] = {}
    for law in laws:
        article = Article(law["title"], law["article"])
        marks[article] = min(law["checked"], marks.get(article, law["checked"]), key=_MARKS.index)
    return [_cited(each, marks[each], on_file.get(each.title), checks.get(each)) for each in sorted(marks)]


def _cited(article: Article, mark: str, law: LawText | None, check: ArticleCheck | None) -> Cited:
    told = Cited(article, mark, law.since, law.source) if law else Cited(article, mark)
    return told._replace(confirmed_by=check.checked_by, confirmed_from=check.source) if check else told


def all_cited(session: Session, day: date | None = None) -> list[Cited]:
    """All articles that rules, limits and clocks cite on a day; without one, also those of other days and of the packs
    that judged before.
    """
    known, clocks, laws = limits(), shipped_rules(), _laws()
    citations = [*_of(rule.laws for rule in rule_pack().rules)]
    of_limits = (limit for _, rule in known.rules() for limit in rule.limits)
    of_clocks = (version for rule in clocks.rules.values() for version in rule.versions)
    citations += _of(each.laws for each in (*of_limits, *of_clocks) if day is None or each.in_force(day))
    told = [_told(laws[c.law], c) for c in citations if day is None or laws[c.law].in_force(day)]
    return cited(session, [*told, *(_of_used_packs(session) if day is None else ())])


def confirm(session: Session, article: Article, by: str, source: str) -> None:
    """Puts down that a person compared an article's wording with a source. Raises BadInput for one that nothing cites,
    and where nobody or no source is named.
    """
    by, source = by.strip(), source.strip()
    if not (by and source):
        raise BadInput(f"{article.title}{article.article}: nobody or no source is named", "give --by and --source")
    if article not in {each.article for each in all_cited(session)}:
        raise BadInput(f"nothing cites {article.title} {article.article}", "see shengjian articles list")
    row = {**article._asdict(), "checked_by": by, "source": source, "at": now()}
    upsert(session, ArticleCheck, [row], ("title", "article"))
    trail.append(session, by, "article.confirm", f"article:{article.title} {article.article}", {"source": source})


def _laws() -> dict[str, LawText]:
    """All laws on file by name; the pack's own in front of those of the same name elsewhere."""
    return shipped_rules().laws | limits().laws | rule_pack().laws


def _of(parts: Iterable[Iterable[Citation]]) -> Iterator[Citation]:
    return (citation for part in parts for citation in part)


def _told(law: LawText, citation: Citation) -> Law:
    return {"title": law.title, "article": citation.article, "checked": citation.checked}


def _of_used_packs(session: Session) -> Iterator[Law]:
    """What packs cited that judged here; findings keep their words."""
    for canonical in session.exec(select(UsedPack.canonical).order_by(col(UsedPack.id))):
        pack: dict[str, Any] = json.loads(canonical) if canonical else {"rules": []}
        for law in (law for rule in pack["rules"] for law in rule["laws"]):
            yield {**law, "title": pack["laws"][law["law"]]["title"]}
