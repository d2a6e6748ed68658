"""What the letter knows of a case: read once, and written by its sections."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlmodel import Session, col, select

from audit.calls.models import Call
from audit.calls.service import DEMO
from audit.calls.today import moment
from audit.contacts.models import Message
from audit.findings.models import Finding, State
from audit.ledger.limits import limits
from audit.ledger.models import LedgerResult
from audit.parties.models import Account, Agency, Assignment, Collector, Debtor
from classifiers.taxonomy import Kind
from complaints.cases.events import events, find
from complaints.cases.evidence import links_of
from complaints.cases.folding import OURS, fold
from complaints.clock_count import Clock
from complaints.models import Complaint, ComplaintEvent
from complaints.reading.demands import DemandReading, demands
from complaints.vocabulary import CaseState, EventKind, LinkState
from reports.articles import SEEN, Cited, cited
from reports.models import TrainingFeedback
from reports.reply.exhibits import Exhibit, exhibits


@dataclass(frozen=True)
class CaseFacts:
    """A case with all that hangs on it. `findings` and `results` are those of its accepted evidence that count."""

    case: Complaint
    now: datetime
    events: Sequence[ComplaintEvent]
    clocks: list[Clock]
    demands: list[DemandReading]
    account: Account | None
    debtor: Debtor | None
    assignments: Sequence[tuple[Assignment, Agency]]
    exhibits: list[Exhibit]
    proposed: int
    findings: Sequence[Finding]
    results: Sequence[LedgerResult]
    calls: Sequence[Call]
    messages: Sequence[Message]
    collectors: Sequence[Collector]
    feedback: Sequence[TrainingFeedback]
    articles: list[Cited]
    synthetic: bool

    @cached_property
    def allegations(self) -> list[dict[str, Any]]:
        """What the matching last made of each allegation; empty before it was run."""
        told = [event.body for event in self.events if event.kind is EventKind.proposed]
        return list(told[-1].get("allegations", [])) if told else []

    @property
    def unreviewed(self) -> int:
        """Findings and results of the evidence on which nobody decided."""
        states = [*(finding.state for finding in self.findings), *(result.state for result in self.results)]
        return states.count(State.open)

    @property
    def confirmed(self) -> list[Finding]:
        """What a person confirmed in calls and messages."""
        return [finding for finding in self.findings if finding.state is State.confirmed]

    @property
    def confirmed_results(self) -> list[LedgerResult]:
        """What a person confirmed in the ledger."""
        return [result for result in self.results if result.state is State.confirmed]

    @property
    def decided(self) -> bool:
        """Whether a decision stands."""
        return self.case.state is CaseState.decided

    def of(self, kind: EventKind) -> list[ComplaintEvent]:
        """The events of a kind, in order."""
        return [event for event in self.events if event.kind is kind]

    def exhibits_of(self, subjects: Iterable[str]) -> list[Exhibit]:
        """The pieces of evidence that are these contacts."""
        wanted = set(subjects)
        return [exhibit for exhibit in self.exhibits if exhibit.subject in wanted]

    def bears_out(self, allegation: Mapping[str, Any]) -> bool:
        """Whether a person confirmed what an allegation claims, in the contacts that it is about."""
        kind, subjects = Kind(allegation["kind"]), {*allegation["calls"], *allegation["messages"]}
        runs = {exhibit.run for exhibit in self.exhibits_of(subjects)}
        in_words = any(finding.kind_now is kind and finding.run_id in runs for finding in self.confirmed)
        return in_words or any(
            result_kind(result) is kind and subjects & {*result.calls, *result.messages, *result.visits}
            for result in self.confirmed_results
        )


def case_facts(session: Session, number: str) -> CaseFacts:
    """All that the letter needs. Raises BadInput where there is no case of that number."""
    case = find(session, number)
    told, links = events(session, case), links_of(session, case)
    accepted = [link for link in links if link.state is LinkState.accepted]
    listed = exhibits(session, links, told)
    calls = _all(session, Call, "call_id", [e.subject for e in listed if e.system == "call"])
    messages = _all(session, Message, "message_id", [e.subject for e in listed if e.system == "message"])
    findings = _findings(session, [contact.run_id for contact in (*calls, *messages) if contact.run_id])
    results = _results(session, case, [link.ledger_result_id for link in accepted], calls, messages)
    collectors = _collectors(session, [contact.collector_id for contact in (*calls, *messages)])
    clocks = fold(told)
    laws = [law for finding in findings if finding.state is State.confirmed for law in finding.explanation["laws"]]
    laws += [law for r in results if r.state is State.confirmed for law in limits().citations(r.rule, r.day)]
    laws += [law for clock in clocks if clock.kind in OURS for law in _needed(clock)]
    return CaseFacts(
        case=case,
        now=moment(session),
        events=told,
        clocks=clocks,
        demands=demands(case.text),
        account=session.get(Account, case.account_id or 0),
        debtor=session.get(Debtor, case.debtor_id or 0),
        assignments=_assignments(session, case),
        exhibits=listed,
        proposed=sum(link.state is LinkState.proposed for link in links),
        findings=findings,
        results=results,
        calls=calls,
        messages=messages,
        collectors=collectors,
        feedback=_feedback(session, collectors),
        articles=cited(session, laws),
        synthetic=any(contact.source == DEMO for contact in (*calls, *messages)),
    )


def _needed(clock: Clock) -> Iterable[Mapping[str, str]]:
    """The articles on a clock that the letter needs: one on stopping it, only where it was stopped."""
    return (law for law in clock.laws if law["checked"] in SEEN or clock.pauses)


def result_kind(result: LedgerResult) -> Kind:
    """What a result of the ledger counts as."""
    rule = limits().rule(result.rule)
    return rule.kind if rule else Kind.procedure


def _all(session: Session, model: Any, column: str, numbers: Sequence[str]) -> Sequence[Any]:
    return session.exec(select(model).where(col(getattr(model, column)).in_(numbers)).order_by(model.id)).all()


def _findings(session: Session, runs: Sequence[int]) -> Sequence[Finding]:
    of_runs = select(Finding).where(col(Finding.run_id).in_(runs)).order_by(col(Finding.id))
    return [finding for finding in session.exec(of_runs) if finding.stands and not finding.kind_now.is_signal]


def _results(
    session: Session, case: Complaint, linked: Sequence[int | None], calls: Sequence[Call], messages: Sequence[Message]
) -> Sequence[LedgerResult]:
    """Those linked, and those of the account that count one of the contacts."""
    ids, numbers = set(linked), {c.call_id for c in calls} | {m.message_id for m in messages}
    of_case = (col(LedgerResult.account_id) == case.account_id) | col(LedgerResult.id).in_([i for i in ids if i])
    found = session.exec(select(LedgerResult).where(of_case, col(LedgerResult.standing)).order_by(col(LedgerResult.id)))
    meant = (r for r in found if r.id in ids or numbers & {*r.calls, *r.messages})
    return [result for result in meant if result.state is not State.rejected]


def _collectors(session: Session, ids: Sequence[int | None]) -> Sequence[Collector]:
    wanted = {collector_id for collector_id in ids if collector_id}
    return session.exec(select(Collector).where(col(Collector.id).in_(wanted)).order_by(col(Collector.staff_no))).all()


def _feedback(session: Session, collectors: Sequence[Collector]) -> Sequence[TrainingFeedback]:
    ids = [collector.id for collector in collectors]
    told = select(TrainingFeedback).where(col(TrainingFeedback.collector_id).in_(ids))
    return session.exec(told.order_by(col(TrainingFeedback.id))).all()


def _assignments(session: Session, case: Complaint) -> Sequence[tuple[Assignment, Agency]]:
    found = select(Assignment, Agency).join(Agency, col(Agency.id) == Assignment.agency_id)
    of_account = found.where(Assignment.account_id == case.account_id).order_by(col(Assignment.assigned_on))
    return [(assignment, agency) for assignment, agency in session.exec(of_account).all()]
