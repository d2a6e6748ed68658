"""The tables of runs, findings and reviews. What the machine judged is not overwritten: a new pack or model makes a new
run, and what people decide stands beside it.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from audit.store.types import Utc, now, word
from classifiers.taxonomy import Kind, Severity, Speaker, Verdict


class State(StrEnum):
    """Where a finding stands between machine and person; `suggested` ones do not count until confirmed."""

    open = "open"
    suggested = "suggested"
    confirmed = "confirmed"
    rejected = "rejected"


STANDING = frozenset({State.open, State.confirmed})


class Decision(StrEnum):
    """What a person says of a finding; `changed` is a finding of another kind."""

    confirmed = "confirmed"
    rejected = "rejected"
    changed = "changed"


USUAL = {
    Kind.abuse: Severity.high,
    Kind.threat: Severity.critical,
    Kind.privacy_leak: Severity.critical,
    Kind.impersonation: Severity.critical,
    Kind.false_statement: Severity.high,
    Kind.third_party_pressure: Severity.high,
    Kind.harassment: Severity.medium,
    Kind.improper_payment: Severity.high,
    Kind.obstruct_complaint: Severity.high,
    Kind.identity_omission: Severity.low,
    Kind.procedure: Severity.low,
    Kind.complaint_intent: Severity.medium,
    Kind.self_harm: Severity.critical,
    Kind.hardship: Severity.low,
    Kind.dispute: Severity.medium,
    Kind.wrong_party: Severity.low,
}  # how grave a kind is where a person and no rule found it


class UsedPack(SQLModel, table=True):
    """A rule pack as it was when it judged, whole and by its digest."""

    __tablename__ = "rule_pack"
    __table_args__ = (UniqueConstraint("name", "sha256"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    version: str
    sha256: str
    canonical: str
    first_used_at: datetime = Field(sa_type=Utc, default_factory=now)


class Run(SQLModel, table=True):
    """One judgement of one call or message: which transcript, which pack and model (its SHA-256, empty where rules
    judged alone), who was taken to hear, and the law of which day. `cues` are what the ledger needs of the talk.
    `verdict` is the machine's; `reviewed_verdict` is what people's decisions make of it, None where there are none.
    """

    __table_args__ = (
        UniqueConstraint("call_id", "transcript_id", "rule_pack_id", "model", "relation", "day"),
        UniqueConstraint("message_id", "rule_pack_id", "model", "relation", "day"),
        CheckConstraint("(call_id IS NULL) <> (message_id IS NULL)", name="one_subject"),
    )

    id: int | None = Field(default=None, primary_key=True)
    call_id: int | None = Field(default=None, foreign_key="call.id")
    transcript_id: int | None = Field(default=None, foreign_key="transcript.id")
    message_id: int | None = Field(default=None, foreign_key="message.id")
    rule_pack_id: int = Field(foreign_key="rule_pack.id")
    model: str
    relation: str
    day: date
    verdict: Verdict = Field(sa_type=word(Verdict))
    reviewed_verdict: Verdict | None = Field(default=None, sa_type=word(Verdict))
    cues: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=Utc, default_factory=now)

    @property
    def verdict_now(self) -> Verdict:
        """What the call or message comes to after review."""
        return self.reviewed_verdict or self.verdict


class Finding(SQLModel, table=True):
    """A rule's hit in a segment or a message: text[start:end] is the quote; in a recording it is spoken from `at_ms`
    to `until_ms`. `kind` and `severity` are the machine's; `state` and `reviewed_kind` follow the latest review.
    """

    __table_args__ = (
        UniqueConstraint("run_id", "segment_id", "rule", "start", "end"),
        Index("ix_finding_state_severity", "state", "severity"),
    )

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id", index=True)
    segment_id: int | None = Field(default=None, foreign_key="segment.id")
    rule: str
    kind: Kind = Field(sa_type=word(Kind))
    severity: Severity = Field(sa_type=word(Severity))
    score: float
    start: int
    end: int
    quote: str
    at_ms: int | None = None
    until_ms: int | None = None
    speaker: Speaker = Field(sa_type=word(Speaker))
    explanation: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    state: State = Field(sa_type=word(State))
    reviewed_kind: Kind | None = Field(default=None, sa_type=word(Kind))

    @property
    def stands(self) -> bool:
        """Whether it counts: neither a mere suggestion nor rejected by a person."""
        return self.state in STANDING

    @property
    def kind_now(self) -> Kind:
        """The kind that it counts as."""
        return self.reviewed_kind or self.kind

    @property
    def severity_now(self) -> Severity:
        """The severity that it counts with: the usual one of its kind, where a person changed that."""
        return USUAL[self.reviewed_kind] if self.reviewed_kind else self.severity


class Review(SQLModel, table=True):
    """A person's decision on a finding or on a result of the ledger; `kind` is the right one where that was changed.
    Reviews are only added, which database triggers see to: the latest counts.
    """

    __table_args__ = (
        CheckConstraint("(finding_id IS NULL) <> (ledger_result_id IS NULL)", name="one_subject"),
        CheckConstraint("trim(reason) <> ''", name="with_reason"),
        CheckConstraint("(verdict = 'changed') = (kind IS NOT NULL)", name="kind_if_changed"),
    )

    id: int | None = Field(default=None, primary_key=True)
    finding_id: int | None = Field(default=None, foreign_key="finding.id", index=True)
    ledger_result_id: int | None = Field(default=None, foreign_key="ledger_result.id", index=True)
    reviewer: str
    verdict: Decision = Field(sa_type=word(Decision))
    reason: str
    kind: Kind | None = Field(default=None, sa_type=word(Kind))
    at: datetime = Field(sa_type=Utc, default_factory=now)
