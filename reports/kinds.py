"""The kinds of document that can be ordered, and what each is made from."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from sqlmodel import Session

from reports.audit_page import audit_page
from reports.document.model import Content
from reports.document.page import page
from reports.document.written import Issue
from reports.monthly import monthly
from reports.period import Period
from reports.redaction.clip import clip_of
from reports.reply import reply
from reports.scorecard import scorecard
from reports.statistics import statistics
from reports.training import feedback, find_collector, keep_feedback, team_pack, training_records

_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Order:
    """A document that is wanted: its kind; what it is about, as a case's number, a collector or a team (`whose`), of
    which agency where that is needed; and its period, as people write it.
    """

    kind: str
    whose: str = ""
    agency: str = ""
    period: str = ""

    @property
    def subject(self) -> str:
        """What it is about, in one line."""
        return " ".join(part for part in (self.whose, self.agency, self.period) if part)

    @property
    def name(self) -> str:
        """What its files are called."""
        return _UNSAFE.sub("-", "-".join(part for part in (KINDS[self.kind].files, self.subject) if part))

    @property
    def days(self) -> Period | None:
        """The period, if there is one. Raises BadInput for one that is none."""
        return Period.parse(self.period) if self.period else None

    @property
    def some_days(self) -> Period:
        """The period. Raises BadInput where there is none."""
        return Period.parse(self.period)

    @property
    def is_long(self) -> bool:
        """Whether making it may take longer than somebody likes to wait."""
        return self.kind in _LONG

    def content(self, session: Session) -> Content:
        """The document. Raises BadInput for a case, collector or period that there is not."""
        return KINDS[self.kind].content(session, self)

    def page(self, session: Session, content: Content, issue: Issue) -> bytes:
        """The document as a page."""
        return KINDS[self.kind].page(session, self, content, issue)

    def keep(self, session: Session, by: str) -> None:
        """Remembers what is to be remembered once it is issued."""
        KINDS[self.kind].keep(session, self, by)


class _Kind(NamedTuple):
    """What gives the document; its page; what is kept on issuing it; what its files are called."""

    files: str
    content: Callable[[Session, Order], Content]
    page: Callable[[Session, Order, Content, Issue], bytes] = lambda session, order, content, issue: page(
        content.document, issue
    )
    keep: Callable[[Session, Order, str], None] = lambda session, order, by: None


def _feedback(session: Session, order: Order) -> Content:
    collector = find_collector(session, order.whose, order.agency or None)
    return feedback(session, collector, order.some_days, partial(clip_of, session))


def _keep_feedback(session: Session, order: Order, by: str) -> None:
    keep_feedback(session, find_collector(session, order.whose, order.agency or None), order.some_days, by)


def _team_pack(session: Session, order: Order) -> Content:
    return team_pack(session, order.whose, order.agency or None, order.some_days, partial(clip_of, session))


KINDS: dict[str, _Kind] = {
    "audit": _Kind(
        "audit-report",
        lambda session, order: monthly(session, order.days),
        page=lambda session, order, content, issue: audit_page(session, content.document, issue, order.days),
    ),
    "reply": _Kind("reply", lambda session, order: reply(session, order.whose)),
    "complaints": _Kind("complaints", lambda session, order: statistics(session, order.some_days)),
    "scorecard": _Kind("scorecard", lambda session, order: scorecard(session, order.some_days, order.agency or None)),
    "training": _Kind("training", _feedback, keep=_keep_feedback),
    "training-team": _Kind("training-team", _team_pack),
    "training-records": _Kind("training-records", lambda session, order: training_records(session, order.some_days)),
}
_LONG = frozenset({"audit", "complaints", "scorecard"})
