"""The tables of reports: what was issued, which articles a person checked, and the feedback that collectors got."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from audit.store.types import Utc, now


class Report(SQLModel, table=True):
    """A version of a document. `digest` is that of what it says and of the template; `files` maps each format
    to its key and SHA-256; `trail_seq` and `trail_hash` are where the trail ended when its facts were
    read. `subject` is what it is about: a case's number, a period, a collector and a period.
    """

    __table_args__ = (UniqueConstraint("kind", "subject", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    subject: str
    version: int
    digest: str
    trail_seq: int
    trail_hash: str
    made_at: datetime = Field(sa_type=Utc)
    made_by: str
    draft: bool
    files: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class ArticleCheck(SQLModel, table=True):
    """A person's word that an article reads as cited: who, when, and against which source."""

    __tablename__ = "article_check"
    __table_args__ = (UniqueConstraint("title", "article"),)

    id: int | None = Field(default=None, primary_key=True)
    title: str
    article: str
    checked_by: str
    source: str
    at: datetime = Field(sa_type=Utc, default_factory=now)


class TrainingFeedback(SQLModel, table=True):
    """The feedback on a collector's period: which findings it rests on, what it praised, the rules it asks to mend
    (`points`), the quiz, and what the collector said to it. On the days of `remeasure_on` these are measured again.
    """

    __tablename__ = "training_feedback"
    __table_args__ = (UniqueConstraint("collector_id", "period"),)

    id: int | None = Field(default=None, primary_key=True)
    collector_id: int = Field(foreign_key="collector.id")
    period: str
    made_at: datetime = Field(sa_type=Utc, default_factory=now)
    findings: list[int] = Field(sa_column=Column(JSON, nullable=False))
    strengths: list[str] = Field(sa_column=Column(JSON, nullable=False))
    points: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    quiz: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    remeasure_on: list[str] = Field(sa_column=Column(JSON, nullable=False))
    coached_on: date | None = None
    coach: str | None = None
    acknowledged_at: datetime | None = Field(default=None, sa_type=Utc)
    answer: str | None = None
    quiz_answers: list[int] | None = Field(default=None, sa_column=Column(JSON))
    score: float | None = Field(default=None, description="share of the quiz answered rightly")
