"""What is read from the tables for a letter: judgements, reviews, registers and articles around the evidence."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, or_, select

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.findings.models import Finding, Review, Run, State
from audit.ledger.limits import limits
from audit.ledger.models import LedgerResult
from audit.parties.models import Agency, Assignment, Collector
from classifiers.taxonomy import Verdict
from complaints.cases.folding import OURS
from complaints.clock_count import Clock
from complaints.clock_rules import ClockKind
from complaints.models import Complaint, EvidenceLink
from reports.articles import Cited, Law, cited
from reports.models import TrainingFeedback
from reports.reply.wording import wording

Contacts = Sequence[Call | Message]


def findings_of(session: Session, contacts: Contacts) -> Sequence[Finding]:
    """What was found in them and is no mere suggestion or sign of distress."""
    runs = {contact.run_id for contact in contacts}
    found: Sequence[Finding] = some(session, Finding, runs, Finding.id, by=Finding.run_id)
    return [finding for finding in found if finding.state is not State.suggested and not finding.kind_now.is_signal]


def results_of(
    session: Session, case: Complaint, accepted: Sequence[EvidenceLink], numbers: Sequence[str]
) -> Sequence[LedgerResult]:
    """Those linked, and those of the account that count one of the contacts."""
    linked = {link.ledger_result_id for link in accepted if link.ledger_result_id}
    of_account = (col(LedgerResult.account_id) == (case.account_id or 0)) & col(LedgerResult.standing)
    wanted = select(LedgerResult).where(or_(of_account, col(LedgerResult.id).in_(linked)))
    found = session.exec(wanted.order_by(col(LedgerResult.id)))
    return [one for one in found if one.id in linked or {*one.calls, *one.messages} & {*numbers}]


def not_judged(session: Session, contacts: Contacts) -> int:
    """How many contacts nothing can be said of: never judged, or not to be judged."""
    runs: Sequence[Run] = some(session, Run, {contact.run_id for contact in contacts}, Run.id)
    judged = {run.id for run in runs if run.verdict_now is not Verdict.not_judgeable}
    return sum(contact.run_id not in judged for contact in contacts)


def reviewers_of(session: Session, findings: Sequence[Finding], results: Sequence[LedgerResult]) -> list[str]:
    """Who decided on them."""
    of_findings = col(Review.finding_id).in_([finding.id for finding in findings])
    of_results = col(Review.ledger_result_id).in_([result.id for result in results])
    return sorted(set(session.exec(select(Review.reviewer).where(or_(of_findings, of_results)))))


def feedback_of(session: Session, collectors: Sequence[Collector]) -> Sequence[TrainingFeedback]:
    """The feedback that they got, in order."""
    ids = {collector.id for collector in collectors}
    found: Sequence[TrainingFeedback] = some(
        session, TrainingFeedback, ids, TrainingFeedback.id, by=TrainingFeedback.collector_id
    )
    return found


def assignments_of(session: Session, case: Complaint) -> Sequence[tuple[Assignment, Agency]]:
    """Which agencies had the account, in order."""
    found = select(Assignment, Agency).join(Agency, col(Agency.id) == Assignment.agency_id)
    of_account = found.where(Assignment.account_id == (case.account_id or 0))
    ordered = of_account.order_by(col(Assignment.assigned_on), col(Assignment.id))
    return [(assignment, agency) for assignment, agency in session.exec(ordered).all()]


def some(session: Session, model: Any, ids: set[int | None], order: Any, *, by: Any = None) -> Any:
    """The rows whose id, or column `by`, is among these, in order."""
    column = model.id if by is None else by
    return session.exec(select(model).where(col(column).in_(ids - {None})).order_by(order)).all()


def articles_of(
    session: Session, findings: Sequence[Finding], results: Sequence[LedgerResult], clocks: Sequence[Clock]
) -> list[Cited]:
    """Those behind what was confirmed, as in force on the day of the contact, and behind the time limits. What a person
    found to be of another kind than the machine cites none.
    """
    confirmed = [finding for finding in findings if finding.state is State.confirmed and not finding.reviewed_kind]
    laws: list[Law] = [law for finding in confirmed for law in finding.explanation.get("laws", ())]
    laws += [law for r in results if r.state is State.confirmed for law in limits().citations(r.rule, r.day)]
    laws += [law for clock in clocks if clock.kind in OURS for law in clock.laws if _is_needed(clock, law)]
    asked = [law for clock in clocks if clock.kind is ClockKind.recheck_request for law in clock.laws]
    told, known = cited(session, laws), cited(session, asked)
    mine = {each.article for each in told}
    return sorted([*told, *(each for each in known if each.is_sure and each.article not in mine)])


def _is_needed(clock: Clock, law: Law) -> bool:
    """An article on stopping a clock is needed only where it was stopped."""
    return bool(clock.pauses) or law["article"] not in wording().on_pauses
