"""Hearing a place again in another way: as it was recorded, by itself, with what is said around it."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from audit.calls.decoding import RATE, Samples, windows
from audit.transcripts.engine import Engine
from audit.transcripts.utterances import text_of
from classifiers.folding import fold, simplified
from classifiers.pinyin import blurred

_AROUND = 1.0  # seconds before and after
_LONGEST = 29.0  # seconds that are heard at once
_ANOTHER = 0.4  # of the syllables that may be others
_MARKS = re.compile(r"[^\w]|_")


class Place(NamedTuple):
    """A stretch of a channel (0 is the left one), in seconds."""

    channel: int
    start: float
    end: float


def hear_again(path: Path, places: Sequence[Place], engine: Engine) -> list[str]:
    """What the engine hears at each place, neither denoised nor packed with other speech. Raises BadInput."""
    clips: dict[int, Samples] = {}
    for window in windows(path):
        for n, place in enumerate(places):
            begin = int((place.start - _AROUND - window.start) * RATE)
            end = int((min(place.end + _AROUND, place.start + _LONGEST) - window.start) * RATE)
            part = window.samples[place.channel, max(begin, 0) : max(end, 0)]
            if len(part) > len(clips.get(n, ())):  # at the seam of two windows, where more of it lies
                clips[n] = part
    heard = dict(zip(clips, engine.hear(list(clips.values())), strict=True))
    return [simplified(text_of(heard[n])) if n in heard else "" for n in range(len(places))]


def stands_in(quote: str, text: str) -> bool:
    """Whether something that sounds like the quote stands in the text; four in ten syllables may be others."""
    wanted, there = syllables(quote), syllables(text)
    stretches = (there[n : n + len(wanted)] for n in range(max(len(there) - len(wanted), 0) + 1))
    return min(Levenshtein.distance(wanted, some) for some in stretches) <= _ANOTHER * len(wanted)


def syllables(text: str) -> list[str]:
    """How the characters sound, without tones and what accents confuse."""
    return [blurred(character) for character in _MARKS.sub("", fold(text).text)]
