"""What the letter knows of a case: read once, and written by its sections."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlmodel import Session

from audit.calls.models import Call
from audit.calls.service import DEMO
from audit.contacts.models import Message
from audit.findings.models import Finding, State
from audit.ledger.models import LedgerResult
from audit.parties.models import Account, Agency, Assignment, Collector, Debtor
from complaints.cases.events import events, find
from complaints.cases.evidence import links_of
from complaints.cases.folding import fold
from complaints.clock_count import Clock
from complaints.models import Complaint, ComplaintEvent
from complaints.reading.demands import DemandReading, demands
from complaints.vocabulary import CaseState, EventKind, LinkState
from reports.articles import Cited
from reports.masking import masked
from reports.models import TrainingFeedback
from reports.redaction.finding import Line, marks, replaced
from reports.redaction.people import KnownPeople, known_people
from reports.reply.exhibits import Exhibit, Hide, exhibits
from reports.reply.reading import (
    articles_of,
    assignments_of,
    feedback_of,
    findings_of,
    not_judged,
    results_of,
    reviewers_of,
    some,
)


@dataclass(frozen=True)
class CaseFacts:
    """A case with all that hangs on it. `findings` and `results` are those of its accepted evidence, rejected ones too;
    `hide` takes names and numbers out of what people said.
    """

    case: Complaint
    first: Complaint | None
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
    not_judged: int
    reviewers: list[str]
    collectors: Sequence[Collector]
    feedback: Sequence[TrainingFeedback]
    articles: list[Cited]
    hide: Hide

    @property
    def contacts(self) -> list[Call | Message]:
        """Calls, then messages."""
        return [*self.calls, *self.messages]

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
    def confirmed_count(self) -> int:
        """How many problems a person confirmed."""
        return len(self.confirmed) + len(self.confirmed_results)

    @property
    def decided(self) -> bool:
        """Whether a decision stands."""
        return self.case.state is CaseState.decided

    @property
    def synthetic(self) -> bool:
        """Whether any of it is made up for the demo."""
        return any(contact.source == DEMO for contact in self.contacts)

    def of(self, kind: EventKind) -> list[ComplaintEvent]:
        """The events of a kind, in order."""
        return [event for event in self.events if event.kind is kind]

    def exhibits_of(self, subjects: Iterable[str]) -> list[Exhibit]:
        """The pieces of evidence that are these contacts."""
        wanted = set(subjects)
        return [exhibit for exhibit in self.exhibits if exhibit.subject and exhibit.subject in wanted]


def case_facts(session: Session, number: str) -> CaseFacts:
    """All that the letter needs. Raises BadInput where there is no case of that number."""
    case = find(session, number)
    told, links = events(session, case), links_of(session, case)
    accepted = [link for link in links if link.state is LinkState.accepted]
    hide = partial(_hidden, known_people(session, case.account_id, case))
    listed = exhibits(session, accepted, told, hide)
    calls: Sequence[Call] = some(session, Call, _contacts(listed, "call"), Call.id)
    messages: Sequence[Message] = some(session, Message, _contacts(listed, "message"), Message.id)
    contacts: list[Call | Message] = [*calls, *messages]
    findings = findings_of(session, contacts)
    results = results_of(session, case, accepted, [*(c.call_id for c in calls), *(m.message_id for m in messages)])
    collectors = some(session, Collector, {contact.collector_id for contact in contacts}, Collector.staff_no)
    clocks = fold(told)
    return CaseFacts(
        case=case,
        first=session.get(Complaint, case.repeat_of or 0),
        events=told,
        clocks=clocks,
        demands=demands(case.text),
        account=session.get(Account, case.account_id or 0),
        debtor=session.get(Debtor, case.debtor_id or 0),
        assignments=assignments_of(session, case),
        exhibits=listed,
        proposed=sum(link.state is LinkState.proposed for link in links),
        findings=findings,
        results=results,
        calls=calls,
        messages=messages,
        not_judged=not_judged(session, contacts),
        reviewers=reviewers_of(session, findings, results),
        collectors=collectors,
        feedback=feedback_of(session, collectors),
        articles=articles_of(session, findings, results, clocks),
        hide=hide,
    )


def _contacts(listed: Sequence[Exhibit], system: str) -> set[int | None]:
    return {exhibit.contact for exhibit in listed if exhibit.system == system}


def _hidden(known: KnownPeople, text: str) -> str:
    """The text without the people and numbers on file or by form; what is only guessed to be a name stays."""
    found = marks([Line(text)], known, keep=())[0]
    return masked(replaced(text, [mark for mark in found if mark.sure]))
