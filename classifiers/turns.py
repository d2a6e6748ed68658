"""What is judged: one line of a call, or one message, with who says it, who hears it and what came before."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from classifiers.taxonomy import Audience, Channel, Kind, Speaker

LONGEST = 20_000  # characters of one line: longer than any letter, and judged in seconds


class Turn(BaseModel):
    """One line. Only `id` and `text` are needed; `start` and `end` are seconds into the recording."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    id: str
    text: str = Field(max_length=LONGEST)
    channel: Channel = Channel.call
    speaker: Speaker | None = None
    audience: Audience | None = None
    context: tuple[Annotated[str, Field(max_length=LONGEST)], ...] = Field(default=())
    conversation: str | None = None
    start: float | None = None
    end: float | None = None

    @field_validator("id", "text", "context")
    @classmethod
    def _whole_characters(cls, text: str | tuple[str, ...]) -> str | tuple[str, ...]:
        """Half an emoji, as a cut export leaves it, can be neither printed nor kept."""
        try:
            "".join(text).encode()
        except UnicodeEncodeError as error:
            raise ValueError("holds half a character") from error
        return text

    @field_validator("context", mode="before")
    @classmethod
    def _only_words(cls, lines: object) -> object:
        """A line before may be given as its text, or as an object with its speaker and text."""
        if not isinstance(lines, list):
            return lines
        return [line.get("text", "") if isinstance(line, dict) else line for line in lines]


class LabelledTurn(Turn):
    """A line with the kinds that stand in it, for training and for measuring."""

    labels: frozenset[Kind]
