"""Sounds of the line that are taken for speech: ringing, busy tones, keys, beeps; announcements, by their words."""

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml

from audit.calls.decoding import RATE, Samples
from audit.transcripts.speech import Stretch
from classifiers.folding import fold
from classifiers.patterns import Sounds, Terms

_PHRASES = Path(__file__).with_name("announcements.yaml")
_FRAME, _HOP = 1024, 512  # samples: 16 Hz a band, so that neighbouring keys differ
_WIDTH = 2  # bands on either side of a peak that are its own
_PURE = 0.85  # of the power, in one peak or two: a vowel has more of them
_MOST = 0.7  # of the loud frames that must be pure
_RINGING = (425, 475)  # hertz; China's ring-back and busy tones have 450 (GB/T 3380)
_ROWS, _COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)  # hertz of the keys (ITU-T Q.23)
_OFF = 20  # hertz


class Tone(StrEnum):
    """A kind of tone."""

    ringing = "ringing"
    key = "key"
    beep = "beep"


def without_tones(samples: Samples, stretches: Sequence[Stretch]) -> list[Stretch]:
    """The stretches of a channel (mono, 16 kHz) that hold more than a tone."""
    return [stretch for stretch in stretches if tone_of(samples[stretch.start : stretch.end]) is None]


def tone_of(samples: Samples) -> Tone | None:
    """The tone that fills the samples, or None."""
    if len(samples) < _FRAME:
        return None
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_FRAME))) ** 2
    loud = power[power.sum(axis=1) > power.sum(axis=1).max() / 100]
    peaks = [_peaks(frame) for frame in loud]
    pure = [hertz for hertz, share in peaks if share >= _PURE]
    if len(pure) < _MOST * len(loud):
        return None
    low, high = np.median(pure, axis=0)
    steady = np.median(np.abs(np.array(pure) - (low, high)), axis=0)
    return None if steady.max() > _OFF else _kind(float(low), float(high))


def _peaks(power: Samples) -> tuple[tuple[float, float], float]:
    """The two strongest peaks of a spectrum in hertz, ascending, and their share of the power; one alone twice."""
    first = int(power.argmax())
    rest = power.copy()
    rest[max(first - _WIDTH, 0) : first + _WIDTH + 1] = 0
    second = int(rest.argmax())
    left = rest.copy()
    left[max(second - _WIDTH, 0) : second + _WIDTH + 1] = 0
    total = max(float(power.sum()), 1e-20)
    one, both = 1 - float(rest.sum()) / total, 1 - float(left.sum()) / total
    low, high = sorted((first, first if one >= _PURE else second))
    return (low * RATE / _FRAME, high * RATE / _FRAME), both


def _kind(low: float, high: float) -> Tone:
    if low == high and _RINGING[0] <= low <= _RINGING[1]:
        return Tone.ringing
    row, column = (min(abs(hertz - key) for key in keys) for hertz, keys in ((low, _ROWS), (high, _COLUMNS)))
    return Tone.key if max(row, column) <= _OFF else Tone.beep


def is_announcement(text: str) -> bool:
    """Whether a network or a mailbox says this; what sounds the same counts, too."""
    folded = fold(text).text
    return any(matcher.find(folded) for matcher in _phrases())


@lru_cache(maxsize=1)
def _phrases() -> tuple[Terms, Sounds]:
    phrases = yaml.safe_load(_PHRASES.read_text(encoding="utf-8"))["announcements"]
    return Terms(phrases), Sounds(phrases)
