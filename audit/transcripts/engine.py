"""The protocol that every recogniser fills, and what it gives back."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from audit.calls.decoding import Samples

PROMPT = "以下是普通话的电话录音，请使用简体中文。欠款、还款、逾期、分期、工号、信用卡、身份证、微信。"
"""Sets script and subject. Neutral words only: a recogniser hears what it is told to expect."""


class Word(NamedTuple):
    """A word as spoken, in seconds, and how sure the recogniser is of it (0 to 1)."""

    start: float
    end: float
    text: str
    confidence: float = 1.0


class Engine(Protocol):
    """A recogniser with its model loaded. `options` names everything that changes what it hears."""

    name: str
    model: str
    options: str

    def hear(self, clips: Sequence[Samples]) -> Iterator[tuple[Word, ...]]:
        """The words in each clip (mono, 16 kHz, at most 30 seconds of speech), timed from its beginning, in order."""
        ...
