"""Messages to findings: the same judgement as for calls, with the hearer from the relation of the number."""

from collections.abc import Sequence
from itertools import groupby

from sqlmodel import Session, col, func, or_, select

from audit.contacts.models import Message
from audit.findings.judge import UNKNOWN, finding_of, note, remember
from audit.findings.models import Run, State, UsedPack
from audit.findings.standing import verdict_of
from audit.parties.models import SELF
from classifiers import Classifier, Turn
from classifiers.classify import Judgement
from classifiers.taxonomy import Audience, Speaker


def unjudged(session: Session) -> list[int]:
    """The ids of the messages that have no judgement, or one that took somebody else to read them."""
    judged = select(Message.id).outerjoin(Run, col(Run.id) == Message.run_id)
    read_by = func.coalesce(Message.relation, UNKNOWN)
    waiting = judged.where(or_(col(Run.id).is_(None), Run.relation != read_by)).order_by(col(Message.id))
    return [message_id for message_id in session.exec(waiting) if message_id is not None]


def judge_messages(session: Session, ids: Sequence[int], classifier: Classifier) -> None:
    """Judges messages, each by the law of its day, and lands runs, findings and trail events together."""
    messages = session.exec(select(Message).where(col(Message.id).in_(ids)).order_by(col(Message.day))).all()
    pack_id = remember(session, classifier.pack)
    for day, of_day in groupby(messages, key=lambda message: message.day):
        new = []
        for message in of_day:
            if run := find_run(session, message, classifier):
                message.run_id = run.id
            else:
                new.append(message)
        for message, judgement in zip(new, classifier.judge(map(turn_of, new), day), strict=True):
            message.run_id = _land(session, message, judgement, classifier, pack_id).id


def find_run(session: Session, message: Message, classifier: Classifier) -> Run | None:
    """The run in which this pack and model judged the message with its present relation, if they did."""
    used = select(UsedPack.id).where(UsedPack.name == classifier.pack.name, UsedPack.sha256 == classifier.pack.digest)
    return session.exec(
        select(Run).where(
            Run.message_id == message.id,
            Run.model == classifier.model_digest,
            Run.relation == (message.relation or UNKNOWN),
            Run.day == message.day,
            col(Run.rule_pack_id).in_(used),
        )
    ).first()


def turn_of(message: Message) -> Turn:
    """The message as a line to judge: what goes to the debtor's own number is read by the debtor."""
    audience = Audience.debtor if message.relation in {None, SELF} else Audience.third_party
    return Turn(
        id=message.message_id, text=message.text, channel=message.channel, speaker=Speaker.collector, audience=audience
    )


def _land(session: Session, message: Message, judgement: Judgement, classifier: Classifier, pack_id: int) -> Run:
    run = Run(
        message_id=message.id,
        rule_pack_id=pack_id,
        model=classifier.model_digest,
        relation=message.relation or UNKNOWN,
        day=message.day,
        verdict=verdict_of(found.kind for found in judgement.findings),
    )
    session.add(run)
    session.flush()
    found = [(detection, State.open) for detection in judgement.findings]
    found += [(detection, State.suggested) for detection in judgement.suggestions]
    session.add_all(finding_of(run, detection, Speaker.collector, state) for detection, state in found)
    note(session, run, f"message:{message.id}", len(found), classifier)
    return run
