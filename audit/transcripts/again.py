"""Hearing a place again in another way: as it was recorded, with what is said around it."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from audit.calls.decoding import RATE, Window, windows
from audit.transcripts.engine import Engine
from audit.transcripts.speech import Stretch, clips_of
from classifiers.folding import fold, simplified
from classifiers.pinyin import blurred

_AROUND = 1.0  # seconds before and after
_LONGEST = 29 * RATE  # samples that are heard at once
_ANOTHER = 0.4  # of the syllables that may be others
_MARKS = re.compile(r"[^\w]|_")


class Place(NamedTuple):
    """A stretch of a channel (0 is the left one), in seconds."""

    channel: int
    start: float
    end: float


def hear_again(path: Path, places: Sequence[Place], engine: Engine) -> list[str]:
    """What the engine hears at each place, not denoised and among other words than before. Raises BadInput."""
    texts = [""] * len(places)
    for window in windows(path):
        for channel, samples in enumerate(window.samples):
            near = [_stretch(place, window) for place in places if place.channel == channel]
            clips = clips_of(samples, list(_parted(near)))
            for clip, words in zip(clips, engine.hear([clip.samples for clip in clips]), strict=True):
                for word in words:
                    start, end = (window.start + at for at in clip.place(word.start, word.end))
                    for n, place in enumerate(places):
                        if place.channel == channel and start <= place.end + _AROUND and end >= place.start - _AROUND:
                            texts[n] += simplified(word.text)
    return texts


def _stretch(place: Place, window: Window) -> Stretch:
    """The place with what is around it, in samples of the window; empty where it lies in another one."""
    at = (place.start - _AROUND - window.start, place.end + _AROUND - window.start)
    return Stretch(*(min(max(int(seconds * RATE), 0), window.samples.shape[1]) for seconds in at))


def _parted(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """The stretches in order, each sample once, none longer than what is heard at once."""
    done = 0
    for start, end in sorted(stretches):
        for begin in range(max(start, done), end, _LONGEST):
            yield Stretch(begin, min(begin + _LONGEST, end))
        done = max(done, end)


def stands_in(quote: str, text: str) -> bool:
    """Whether something that sounds like the quote stands in the text; four in ten syllables may be others."""
    wanted, there = syllables(quote), syllables(text)
    stretches = (there[n : n + len(wanted)] for n in range(max(len(there) - len(wanted), 0) + 1))
    return min(Levenshtein.distance(wanted, some) for some in stretches) <= _ANOTHER * len(wanted)


def syllables(text: str) -> list[str]:
    """How the characters sound, without tones and what accents confuse."""
    return [blurred(character) for character in _MARKS.sub("", fold(text).text)]
