"""The tables of transcripts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from audit.store.types import Utc, now, word
from classifiers.taxonomy import Speaker


class Transcript(SQLModel, table=True):
    """What one engine with one model and one set of options heard in a recording."""

    __table_args__ = (UniqueConstraint("recording_id", "engine", "model", "options"),)

    id: int | None = Field(default=None, primary_key=True)
    recording_id: int = Field(foreign_key="recording.id")
    engine: str
    model: str
    options: str
    language: str
    quality: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=Utc, default_factory=now)


class Segment(SQLModel, table=True):
    """One utterance. `words` lists [start_ms, end_ms, characters, confidence in per cent] in the order of the text."""

    __table_args__ = (UniqueConstraint("transcript_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    transcript_id: int = Field(foreign_key="transcript.id")
    position: int
    start_ms: int
    end_ms: int
    speaker: Speaker = Field(sa_type=word(Speaker))
    text: str
    words: list[list[int]] = Field(sa_column=Column(JSON, nullable=False))
    confidence: float

    def at_ms(self, character: int) -> int:
        """When the character at that index of the text begins to be spoken, in milliseconds into the recording."""
        return self._word(character)[0]

    def until_ms(self, character: int) -> int:
        """When the character at that index of the text has been spoken."""
        return self._word(character)[1]

    def _word(self, character: int) -> list[int]:
        seen = 0
        for timed in self.words:
            seen += timed[2]
            if character < seen:
                return timed
        return [self.start_ms, self.end_ms, 0]
