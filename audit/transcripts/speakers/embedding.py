"""What a voice sounds like: a vector for every 1.2 seconds of speech, alike for one person and unlike for two."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from audit.calls.decoding import RATE, Samples
from audit.transcripts.speech import Stretch

Vector = NDArray[np.float32]
Vectors = NDArray[np.float32]

ENCODER = Path(__file__).parent / "encoder.onnx"
DIGEST = "6138378e378e5fbf8e5725e7278a5b28078f2edfffa8fd361ed5455c2bbd00ce"
"""SHA-256 of the weights as shipped."""

HOP = 0.4
"""Seconds from one vector to the next."""

_WINDOW = 120  # frames (1.2 seconds) that a vector stands for
_EVERY = round(HOP * 100)  # frames
_FRAME, _STEP, _BANDS = 400, 160, 40  # samples, samples, mel bands
_LEVEL = 10 ** (-30 / 20)  # root mean square to which a window is brought: the network hears power, not its logarithm
_BATCH = 64
_LINEAR_TO = 1000.0  # hertz up to which Slaney's mel scale is linear
_MELS_A_HERTZ, _LOG_STEP = 3 / 200, np.log(6.4) / 27


class Voice(NamedTuple):
    """How somebody sounds between two times, in seconds of the recording; the vector has unit length."""

    start: float
    end: float
    vector: Vector


def embed(samples: Samples, stretches: Sequence[Stretch], offset: float = 0.0) -> list[Voice]:
    """The voices in the stretches of speech of one channel (mono, 16 kHz) that begins `offset` seconds in.

    Each stands for 1.2 seconds, or for the whole stretch where that is shorter; those of a stretch overlap.
    """
    cut = [(first, last) for stretch in stretches for first, last in _windows(stretch)]
    mels = [_mel_window(samples[first:last]) for first, last in cut]
    vectors = [vector for n in range(0, len(mels), _BATCH) for vector in _vectors(np.stack(mels[n : n + _BATCH]))]
    return [
        Voice(offset + first / RATE, offset + last / RATE, vector)
        for (first, last), vector in zip(cut, vectors, strict=True)
    ]


def _windows(stretch: Stretch) -> list[tuple[int, int]]:
    """Where to listen in a stretch: at even steps, and once more at its end."""
    length, step = _WINDOW * _STEP, _EVERY * _STEP
    last = max(stretch.end - length, stretch.start)
    starts = [*range(stretch.start, last - step // 2, step), last]
    return [(start, min(start + length, stretch.end)) for start in starts]


def _mel_window(samples: Samples) -> Vectors:
    """The window's mel power at the network's level; a shorter one is repeated until it fills the time."""
    length = _WINDOW * _STEP
    level = float(np.sqrt(np.square(samples).mean(dtype=np.float64)))
    whole = np.resize(samples, length) * (_LEVEL / max(level, 1e-6))
    return mel_power(whole.astype(np.float32))[:_WINDOW]


def _vectors(mels: Vectors) -> Vectors:
    (vectors,) = _encoder().run(None, {"mel": mels.transpose(1, 0, 2)})
    return np.asarray(vectors, dtype=np.float32)


@lru_cache(maxsize=1)
def _encoder() -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(ENCODER, providers=["CPUExecutionProvider"])


def mel_power(samples: Samples) -> Vectors:
    """(frames, 40): the power in each mel band every 10 ms, over 25 ms around it (16 kHz, mono)."""
    padded = np.pad(samples, _FRAME // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_STEP]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_FRAME) / _FRAME)
    power = np.abs(np.fft.rfft(frames * hann)) ** 2
    return (power @ _filters(_BANDS).T).astype(np.float32)


@lru_cache(maxsize=1)
def _filters(bands: int) -> NDArray[np.float64]:
    """(bands, 201): triangles of equal area between points evenly spaced on Slaney's mel scale up to 8 kHz."""
    linear = _LINEAR_TO * _MELS_A_HERTZ
    top = linear + np.log(RATE / 2 / _LINEAR_TO) / _LOG_STEP
    mels = np.linspace(0, top, bands + 2)
    edges = np.where(mels < linear, mels / _MELS_A_HERTZ, _LINEAR_TO * np.exp(_LOG_STEP * (mels - linear)))
    bins = np.linspace(0, RATE / 2, _FRAME // 2 + 1)
    low, middle, high = (edges[n : n + bands, None] for n in range(3))
    triangles = np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle))
    filters: NDArray[np.float64] = np.maximum(triangles, 0) * 2 / (high - low)
    return filters
