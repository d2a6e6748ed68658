"""Where somebody speaks, and how that is packed into clips that a recogniser takes in one go."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps

from audit.calls.decoding import RATE, Samples

_LONGEST = 30 * RATE  # what Whisper hears at once
_GAP = int(0.3 * RATE)  # of silence between two stretches of a clip, so that words keep to their side of it
_FAINTEST = 10 ** (-66 / 20)  # root mean square, of full scale, below which nothing is taken for speech
_SILENCE_MS = 160  # a shorter pause does not part two stretches


class Stretch(NamedTuple):
    """A stretch of samples in which somebody speaks."""

    start: int
    end: int


@dataclass(frozen=True)
class Clip:
    """Stretches of one channel laid end to end, at most 30 seconds."""

    samples: Samples
    stretches: tuple[Stretch, ...]

    @property
    def seconds(self) -> float:
        """How long somebody speaks in it."""
        return sum(stretch.end - stretch.start for stretch in self.stretches) / RATE

    def place(self, start: float, end: float) -> tuple[float, float]:
        """The times in the channel, in seconds, of a word in the clip.

        A recogniser lets a word begin where the one before ended, so the stretch is told by where the word ends.
        """
        begins = list(accumulate((s.end - s.start + _GAP for s in self.stretches[:-1]), initial=0))
        n = max(bisect_right(begins, round(end * RATE) - 1) - 1, 0)
        stretch = self.stretches[n]
        first, last = (min(max(round(at * RATE) - begins[n], 0), stretch.end - stretch.start) for at in (start, end))
        return (stretch.start + first) / RATE, (stretch.start + last) / RATE


def find_speech(samples: Samples) -> list[Stretch]:
    """The stretches of one channel (mono, 16 kHz) in which somebody speaks, by Silero's detector."""
    options = VadOptions(max_speech_duration_s=(_LONGEST - _GAP) / RATE, min_silence_duration_ms=_SILENCE_MS)
    found = [Stretch(each["start"], each["end"]) for each in get_speech_timestamps(samples, options)]
    return [s for s in found if np.square(samples[s.start : s.end]).mean() > _FAINTEST**2]


def clips_of(samples: Samples, speech: list[Stretch]) -> list[Clip]:
    """The stretches packed into as few clips as they fit in, in order: pauses cost the recogniser as much as words."""
    packed: list[list[Stretch]] = []
    room = 0
    for stretch in speech:
        length = stretch.end - stretch.start + _GAP
        if length > room:
            packed.append([])
            room = _LONGEST
        packed[-1].append(stretch)
        room -= length
    return [Clip(_laid_end_to_end(samples, group), tuple(group)) for group in packed]


def _laid_end_to_end(samples: Samples, stretches: list[Stretch]) -> Samples:
    gap = np.zeros(_GAP, dtype=samples.dtype)
    pieces = [piece for s in stretches for piece in (samples[s.start : s.end], gap)]
    return np.concatenate(pieces[:-1])
