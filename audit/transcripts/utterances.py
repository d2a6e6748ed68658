"""Words to utterances: put on the recording's clock, parted at pauses, without what nobody said."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import fmean
from typing import NamedTuple

from audit.transcripts.engine import Word
from audit.transcripts.inventions import is_invented, without_circles
from audit.transcripts.speech import Clip
from classifiers.folding import simplified
from classifiers.numbers import Number, find_numbers
from classifiers.taxonomy import Speaker

_MARKS = dict(zip(",?!:;", "，？！：；", strict=True))
_ASCII_MARK = re.compile(r"(?<!\d)[,?!:;]|[,?!:;](?!\d)")  # but not the comma of 12,368
_PAUSE = 0.7  # seconds between two words that part two utterances
_SURE = 0.5  # confidence below which a word is doubtful


class Said(NamedTuple):
    """Words without a pause between them, and their source: a channel, or one of the voices on it."""

    source: int
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Spoken:
    """An utterance: by whom, and its words in simplified characters."""

    speaker: Speaker
    words: tuple[Word, ...]

    @property
    def start(self) -> float:
        """Seconds into the recording."""
        return self.words[0].start

    @property
    def end(self) -> float:
        """Seconds into the recording."""
        return self.words[-1].end

    @property
    def text(self) -> str:
        """What is said, with Chinese punctuation."""
        return text_of(self.words)

    @property
    def confidence(self) -> float:
        """How sure the recogniser is of the words (0 to 1)."""
        return round(fmean(word.confidence for word in self.words), 2)

    @property
    def doubtful(self) -> list[tuple[int, int]]:
        """The places in the text, from and to, of words that the recogniser is not sure of."""
        ends = list(accumulate(len(word.text) for word in self.words))
        spans = zip([0, *ends[:-1]], ends, self.words, strict=True)
        return [(start, end) for start, end, word in spans if word.confidence < _SURE]

    @property
    def numbers(self) -> list[Number]:
        """The numerals in the text as digits, each with its place in the text."""
        return find_numbers(self.text)


def text_of(words: Iterable[Word]) -> str:
    """The words' text with Chinese punctuation."""
    return _ASCII_MARK.sub(lambda mark: _MARKS[mark.group()], "".join(word.text for word in words))


def utterances(source: int, clip: Clip, heard: Iterable[Word], offset: float) -> Iterator[Said]:
    """What was heard in a clip of a window that begins `offset` seconds in, without what nobody said."""
    words = [_place(word, clip, offset) for word in heard]
    for part in at_pauses(without_circles([word for word in words if word.text])):
        if not is_invented(text_of(part)):
            yield Said(source, part)


def at_pauses(words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    """The words parted where somebody pauses."""
    begin = 0
    for n in range(1, len(words) + 1):
        if n == len(words) or words[n].start - words[n - 1].end > _PAUSE:
            yield tuple(words[begin:n])
            begin = n


def _place(word: Word, clip: Clip, offset: float) -> Word:
    start, end = clip.place(word.start, word.end)
    text = simplified(word.text.strip())
    return Word(round(offset + start, 2), round(offset + end, 2), text, round(word.confidence, 2))
