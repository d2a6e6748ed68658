"""What was audited in a period and by what, counted by the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from audit.calls.models import Call, Recording
from audit.calls.service import DEMO
from audit.contacts.models import Message
from audit.findings.models import Finding, Run, UsedPack
from audit.findings.standing import kind_now, stands, verdict_now
from audit.transcripts.models import Transcript
from classifiers.taxonomy import Kind, Verdict
from reports.period import Period
from reports.scope import Subject, within


class Found(NamedTuple):
    """How often something of a kind was found."""

    kind: Kind
    in_calls: int
    in_messages: int


@dataclass(frozen=True)
class Summary:
    """Judgements that stand by verdict, what was found, seconds of sound, recordings that wait to be judged or have no
    day and so are of no period; packs (name, version, SHA-256) and recognisers (engine, model, options).
    """

    calls: Mapping[Verdict, int]
    messages: Mapping[Verdict, int]
    found: list[Found]
    seconds: float
    waiting: int
    undated: int
    synthetic: bool
    packs: list[tuple[str, str, str]]
    engines: list[tuple[str, str, str]]

    @property
    def audited(self) -> int:
        """Calls with a judgement, be it that nothing can be said."""
        return sum(self.calls.values())

    @property
    def read(self) -> int:
        """Messages with a judgement."""
        return sum(self.messages.values())


def summary(session: Session, period: Period | None) -> Summary:
    """The counts of a period, or of all days."""
    calls, messages = _judged(Call, period), _judged(Message, period)
    pack: list[Any] = [UsedPack.name, UsedPack.version, UsedPack.sha256]
    engine: list[Any] = [Transcript.engine, Transcript.model, Transcript.options]
    packs = [
        of.with_only_columns(*pack).join(UsedPack, col(UsedPack.id) == Run.rule_pack_id) for of in (calls, messages)
    ]
    heard = calls.join(Transcript, col(Transcript.id) == Run.transcript_id).with_only_columns(*engine)
    sound = calls.join(Recording, col(Recording.id) == Call.recording_id)
    recorded = select(func.count()).where(col(Call.recording_id).is_not(None))
    return Summary(
        calls=_verdicts(session, calls),
        messages=_verdicts(session, messages),
        found=_found(session, calls, messages),
        seconds=session.scalar(sound.with_only_columns(func.sum(Recording.seconds))) or 0.0,
        waiting=_count(session, recorded.where(col(Call.run_id).is_(None), *within(Call, period))),
        undated=_count(session, recorded.where(col(Call.day).is_(None))) if period else 0,
        synthetic=session.scalar(select(col(Call.id)).where(col(Call.source) == DEMO).limit(1)) is not None,
        packs=sorted({tuple(row) for some in packs for row in session.execute(some.distinct())}),
        engines=sorted(tuple(row) for row in session.execute(heard.distinct())),
    )


def _judged(model: Subject, period: Period | None) -> Select[Any]:
    return select(col(model.id)).join(Run, col(Run.id) == model.run_id).where(*within(model, period))


def _verdicts(session: Session, judged: Select[Any]) -> dict[Verdict, int]:
    counted = _by(session, judged, verdict_now())
    return {verdict: counted.get(verdict, 0) for verdict in Verdict}


def _found(session: Session, calls: Select[Any], messages: Select[Any]) -> list[Found]:
    calls, messages = (
        judged.join(Finding, col(Finding.run_id) == Run.id).where(stands()) for judged in (calls, messages)
    )
    in_calls, in_messages = _by(session, calls, kind_now()), _by(session, messages, kind_now())
    return [
        Found(kind, in_calls.get(kind, 0), in_messages.get(kind, 0))
        for kind in Kind
        if kind in in_calls or kind in in_messages
    ]


def _by(session: Session, counted: Select[Any], column: Any) -> dict[Any, int]:
    rows = session.execute(counted.with_only_columns(column, func.count()).group_by(column))
    return dict(rows.all())


def _count(session: Session, counted: Select[Any]) -> int:
    return session.scalar(counted) or 0
