"""What people decide on findings: kept beside the machine's judgement, which nobody changes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from audit import trail
from audit.calls.models import Call
from audit.contacts.models import Message
from audit.findings.models import Decision, Finding, Review, Run, State
from audit.findings.standing import verdict_of
from audit.store.types import LOCAL
from audit.store.upsert import batches
from audit.transcripts.models import Transcript
from classifiers.errors import BadInput
from classifiers.taxonomy import Kind, Verdict

_AT_ONCE = 5_000  # ids in one question
_STATES = {
    Decision.confirmed: State.confirmed,
    Decision.changed: State.confirmed,
    Decision.rejected: State.rejected,
}
LIST = "see shengjian findings list"


@dataclass(frozen=True)
class Said:
    """A person's decision, not yet on anything. Raises BadInput when it has no reason, no name, or the wrong kind."""

    verdict: Decision
    reason: str
    by: str
    kind: Kind | None = None

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise BadInput("a decision needs its reason", "give --reason")
        if not self.by.strip():
            raise BadInput("a decision needs a name", "give --by")
        if self.verdict is Decision.changed and self.kind is None:
            raise BadInput("changed to which kind is not said", "give --kind")
        if self.verdict is not Decision.changed and self.kind is not None:
            raise BadInput(f"--kind {self.kind} does not go with {self.verdict}", "decide changed, or leave it out")

    @property
    def state(self) -> State:
        """Where what was decided on stands then."""
        return _STATES[self.verdict]

    def repeats(self, review: Review | None) -> bool:
        """Whether that says the same in the same words of the same person."""
        said = (self.verdict, self.reason.strip(), self.by.strip(), self.kind)
        return review is not None and said == (review.verdict, review.reason, review.reviewer, review.kind)


def decide_finding(session: Session, finding_id: int, said: Said) -> bool:
    """Lands a decision on a finding; False where it repeats the latest. Raises BadInput where there is nothing to
    decide on.
    """
    finding = session.get(Finding, finding_id, with_for_update=True)
    if finding is None:
        raise BadInput(f"F{finding_id}: there is no such finding", LIST)
    run = session.get_one(Run, finding.run_id, with_for_update=True)
    if not _is_of(session, run):
        raise BadInput(f"F{finding_id}: its call or message was judged anew since", LIST)
    if said.kind is finding.kind:
        raise BadInput(f"F{finding_id}: {finding.kind} is what the machine found", "decide confirmed")
    if said.repeats(latest(session, [finding_id]).get(finding_id)):
        return False
    finding.state, finding.reviewed_kind = said.state, said.kind
    run.reviewed_verdict = _verdict(session, run)
    land(session, said, finding_id=finding_id)
    return True


def _is_of(session: Session, run: Run) -> bool:
    """Whether it is the judgement that stands of its call or message."""
    subject = session.get(Call, run.call_id) if run.call_id else session.get(Message, run.message_id)
    return subject is not None and subject.run_id == run.id


def _verdict(session: Session, run: Run) -> Verdict:
    findings = session.exec(select(Finding).where(Finding.run_id == run.id))
    transcript = session.get(Transcript, run.transcript_id) if run.transcript_id else None
    deaf = bool(transcript and transcript.quality["not_judgeable"])
    return verdict_of((finding.kind_now for finding in findings if finding.stands), not_judgeable=deaf)


def land(session: Session, said: Said, *, finding_id: int | None = None, ledger_result_id: int | None = None) -> None:
    """Adds the review of the one or the other, and its event in the trail."""
    review = Review(
        finding_id=finding_id,
        ledger_result_id=ledger_result_id,
        reviewer=said.by.strip(),
        verdict=said.verdict,
        reason=said.reason.strip(),
        kind=said.kind,
    )
    session.add(review)
    session.flush()
    thing = "finding" if finding_id else "ledger_result"
    body = {"review": review.id, "verdict": said.verdict, **({"kind": said.kind} if said.kind else {})}
    trail.append(session, review.reviewer, f"{thing}.{said.verdict}", f"{thing}:{finding_id or ledger_result_id}", body)


def latest(session: Session, finding_ids: Iterable[int]) -> dict[int, Review]:
    """The review that counts of each of these findings that has any."""
    return latest_of(session, Review.finding_id, finding_ids)


def latest_of(session: Session, subject: Any, ids: Iterable[int]) -> dict[int, Review]:
    """The review that counts by the column of reviews that names what was decided on."""
    found: dict[int, Review] = {}
    for some in batches(ids, _AT_ONCE):
        told = select(Review).where(col(subject).in_(some)).order_by(col(Review.id))
        found |= {getattr(review, subject.key): review for review in session.exec(told)}
    return found


def reviews_of(session: Session, findings: Collection[Finding]) -> dict[int, Review]:
    """The reviews that count of those findings that a person decided on."""
    decided = (finding.id for finding in findings if finding.state in _STATES.values())
    return latest(session, (number for number in decided if number is not None))


def review_json(review: Review | None) -> dict[str, Any] | None:
    """A review in the shape of the interface's contract; `at` is by the local clock."""
    if review is None:
        return None
    return {
        "verdict": review.verdict,
        "reviewer": review.reviewer,
        "reason": review.reason,
        "at": review.at.astimezone(LOCAL).isoformat(timespec="seconds"),
        "kind": review.kind,
    }
