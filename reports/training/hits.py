"""What training is about: confirmed findings and ledger results of some collectors, gathered into points to mend."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, or_, select

from audit.calls.models import Call
from audit.contacts.models import Message, Visit
from audit.findings.models import Finding, Run, State
from audit.findings.standing import kind_now
from audit.ledger.limits import limits
from audit.ledger.models import LedgerResult, LedgerVerdict, RuleId
from audit.store.types import LOCAL
from audit.transcripts.models import Segment
from classifiers.taxonomy import SIGNALS, Kind, Severity
from reports.names import CHANNELS
from reports.redaction.finding import redact
from reports.redaction.people import STAFF, Role, known_people

_LONG = 80  # characters of an utterance beyond which the quote stands alone
_SORTS: tuple[tuple[str, Any, Any], ...] = (("call", Call, Call.call_id), ("message", Message, Message.message_id))


@dataclass(frozen=True)
class Hit:
    """A confirmed finding with the call or message that it is of."""

    finding: Finding
    contact: Call | Message

    @property
    def at(self) -> datetime | None:
        """When it was said or sent, in UTC; None for a recording without a call record."""
        if isinstance(self.contact, Message):
            return self.contact.sent_at
        started = self.contact.started_at
        return started and started + timedelta(milliseconds=self.finding.at_ms or 0)

    @property
    def medium(self) -> str:
        """电话, or how a message went."""
        return CHANNELS[self.contact.channel] if isinstance(self.contact, Message) else "通话"

    @property
    def source(self) -> str:
        """Where it stands: the finding's number, the time, the call or message."""
        number = self.contact.message_id if isinstance(self.contact, Message) else self.contact.call_id
        at = self.at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M:%S") if self.at else "时间未登记"
        return f"F{self.finding.id}，{at}，{self.medium} {number}"

    def line(self, session: Session, keep: Collection[Role] = STAFF) -> str:
        """The utterance, or the part of a message, with labels in place of all that tells who somebody is."""
        segment = session.get(Segment, self.finding.segment_id or 0)
        text = segment.text if segment and len(segment.text) <= _LONG else self.finding.quote
        return redact(text, known_people(session, self.contact.account_id), keep=keep)


@dataclass(frozen=True)
class Point:
    """A kind of violation with its confirmed hits, the gravest and latest in front."""

    kind: Kind
    hits: tuple[Hit, ...]

    @property
    def severity(self) -> Severity:
        """That of the gravest hit."""
        return self.hits[0].finding.severity_now

    @property
    def written(self) -> int:
        """How many of the hits are in messages."""
        return sum(isinstance(hit.contact, Message) for hit in self.hits)

    @property
    def rules(self) -> list[str]:
        """The pack's rules that were hit."""
        return sorted({hit.finding.rule for hit in self.hits})


@dataclass(frozen=True)
class LimitPoint:
    """A rule of the ledger with its confirmed results by day, if any, and how many nobody decided on."""

    rule: RuleId
    results: tuple[LedgerResult, ...]
    waiting: int

    @property
    def laws(self) -> list[dict[str, str]]:
        """The articles behind it on the day of the latest result."""
        return limits().citations(self.rule, self.results[-1].day)


def points(session: Session, collectors: Collection[int], first: date, last: date) -> list[Point]:
    """The kinds with confirmed findings in those days, the gravest and then the most frequent in front."""
    by_kind: dict[Kind, list[Hit]] = defaultdict(list)
    for hit in _hits(session, collectors, first, last):
        by_kind[hit.finding.kind_now].append(hit)
    found = [Point(kind, tuple(sorted(hits, key=_gravest))) for kind, hits in by_kind.items()]
    return sorted(found, key=lambda point: (point.severity.rank, -len(point.hits), list(Kind).index(point.kind)))


def limit_points(session: Session, collectors: Collection[int], first: date, last: date) -> list[LimitPoint]:
    """The ledger's rules with results that count a contact of theirs, the most often confirmed in front."""
    confirmed: dict[RuleId, list[LedgerResult]] = defaultdict(list)
    waiting: Counter[RuleId] = Counter()
    for result in results_of(session, collectors, first, last):
        if result.state is State.confirmed:
            confirmed[result.rule].append(result)
        else:
            waiting[result.rule] += result.verdict is LedgerVerdict.finding
    found = [LimitPoint(rule, tuple(confirmed[rule]), waiting[rule]) for rule in {*confirmed, *waiting}]
    return sorted(found, key=lambda point: (-len(point.results), list(RuleId).index(point.rule)))


def results_of(session: Session, collectors: Collection[int], first: date, last: date) -> list[LedgerResult]:
    """The ledger's results that stand, rejected ones apart, and that count a contact of theirs, by day."""
    own = _numbers(session, collectors, first, last)
    wanted = select(LedgerResult).where(
        col(LedgerResult.standing).is_(True),
        col(LedgerResult.state) != State.rejected,
        col(LedgerResult.day).between(first, last),
    )
    ordered = session.exec(wanted.order_by(col(LedgerResult.day), col(LedgerResult.id)))
    return [result for result in ordered if own & _named(result)]


def _numbers(session: Session, collectors: Collection[int], first: date, last: date) -> set[tuple[str, str]]:
    """The contacts of the collectors by their sort and number."""
    found: set[tuple[str, str]] = set()
    for sort, model, name in _SORTS:
        theirs = (col(model.collector_id).in_(collectors), col(model.day).between(first, last))
        found |= {(sort, number) for number in session.scalars(select(name).where(*theirs))}
    visits = session.exec(select(Visit).where(col(Visit.day).between(first, last)))
    return found | {("visit", visit.visit_id) for visit in visits if set(visit.collectors) & set(collectors)}


def _named(result: LedgerResult) -> set[tuple[str, str]]:
    sorts: Iterable[tuple[str, Sequence[str]]] = (
        ("call", result.calls),
        ("message", result.messages),
        ("visit", result.visits),
    )
    return {(sort, number) for sort, numbers in sorts for number in numbers}


def _hits(session: Session, collectors: Collection[int], first: date, last: date) -> Iterator[Hit]:
    told: Any = (Finding, Call, Message)
    found: Any = select(*told).join(Run, col(Run.id) == Finding.run_id)
    found = found.outerjoin(Call, (col(Call.id) == Run.call_id) & (col(Call.run_id) == Run.id))
    found = found.outerjoin(Message, (col(Message.id) == Run.message_id) & (col(Message.run_id) == Run.id))
    theirs = (col(model.collector_id).in_(collectors) & col(model.day).between(first, last) for _, model, _ in _SORTS)
    confirmed = (col(Finding.state) == State.confirmed, kind_now().not_in(SIGNALS), or_(*theirs))
    for finding, call, message in session.execute(found.where(*confirmed).order_by(col(Finding.id))):
        yield Hit(finding, message or call)


def _gravest(hit: Hit) -> tuple[int, float, int]:
    return hit.finding.severity_now.rank, -(hit.at.timestamp() if hit.at else 0.0), hit.finding.id or 0
