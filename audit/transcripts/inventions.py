"""What a recogniser writes though nobody said it: circles, the prompt's echo, closings of films. Told by structure."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import yaml

from audit.transcripts.engine import Word
from audit.transcripts.prompt import prompt

_PHRASES = Path(__file__).with_name("inventions.yaml")
_MARKS = re.compile(r"[^\w]|_")
_CIRCLE = re.compile(r"(.{1,12}?)\1{4,}")  # the same five times or more
_LONG_CIRCLE = 10  # characters: 好好好好好 is said, and more of it is not
_FEWEST = 1.2  # characters a second of speech; unhurried Mandarin has three
_LEAST_SECONDS = 6.0  # of speech, from which the rate says anything
_ECHO = 4  # characters from which a text that stands in the prompt is taken for its echo


def is_broken(words: Sequence[Word], seconds: float) -> bool:
    """Whether this cannot be all that was said in so many seconds of speech: it goes in circles, or stops early."""
    text = _plain("".join(word.text for word in words))
    return bool(_circles(text)) or (seconds >= _LEAST_SECONDS and len(text) < _FEWEST * seconds)


def without_circles(words: Sequence[Word]) -> list[Word]:
    """The words without what only repeats: of each circle the first round stays."""
    texts = [_plain(word.text) for word in words]
    gone = [range(circle.end(1), circle.end()) for circle in _circles("".join(texts))]
    kept, begin = [], 0
    for word, text in zip(words, texts, strict=True):
        if not any(begin in part for part in gone):
            kept.append(word)
        begin += len(text)
    return kept


def is_invented(text: str) -> bool:
    """Whether an utterance only echoes the prompt, or is a closing out of the subtitles that recognisers learn from."""
    plain = _plain(text)
    return (len(plain) >= _ECHO and plain in _plain(prompt())) or any(
        phrase in plain.casefold() for phrase in _phrases()
    )


def _circles(text: str) -> list[re.Match[str]]:
    return [circle for circle in _CIRCLE.finditer(text) if len(circle[0]) >= _LONG_CIRCLE]


def _plain(text: str) -> str:
    return _MARKS.sub("", text)


@lru_cache(maxsize=1)
def _phrases() -> Iterable[str]:
    return [_plain(phrase) for phrase in yaml.safe_load(_PHRASES.read_text(encoding="utf-8"))["closings"]]
