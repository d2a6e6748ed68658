"""A channel as the recogniser likes it: steady noise taken out, and a faint party made as loud as any.

Ephraim and Malah's decision-directed estimate of the signal-to-noise ratio (IEEE Trans. ASSP 32(6), 1984) with Wiener's
gain. The noise is what a band holds in its quiet fifth of the window.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from audit.calls.decoding import Samples
from audit.transcripts.speech import Stretch

_FRAME, _HOP = 512, 128  # samples
_HANN = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_FRAME) / _FRAME)).astype(np.float32)
_QUIET = 20  # per cent of the frames, by power
_SMOOTH = 5  # frames
_BIAS = 1.5  # by how much the noise is louder on average than in the quiet frames
_MEMORY = 0.96  # weight of the frame before in the estimate
_FLOOR = 0.15  # what is left of a band that holds only noise: less sounds unlike any recording
_LEVEL = 0.05  # root mean square of the speech, of full scale

Power = NDArray[np.float32]


def cleaned(samples: Samples, speech: Sequence[Stretch]) -> Samples:
    """The speech of one channel (mono, 16 kHz) without steady noise and at one level; silence elsewhere."""
    result = np.zeros_like(samples)
    if not speech:
        return result
    noise = _noise(samples)
    for start, end in speech:
        result[start:end] = _filtered(samples[start:end], noise)
    energy = sum(float(np.square(result[start:end]).sum()) for start, end in speech)
    level = np.sqrt(energy / sum(end - start for start, end in speech))
    return result * np.float32(_LEVEL / max(level, 1e-6))


def _frames(samples: Samples, hop: int) -> Samples:
    return np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::hop]


def _noise(samples: Samples) -> Power:
    """The power of the noise in each band: (257,)."""
    power = np.abs(np.fft.rfft(_frames(np.pad(samples, _FRAME), _HOP) * _HANN)).astype(np.float32) ** 2
    summed = np.cumsum(power, axis=0)
    smooth = (summed[_SMOOTH:] - summed[:-_SMOOTH]) / _SMOOTH
    return (np.percentile(smooth, _QUIET, axis=0) * _BIAS).astype(np.float32)


def _filtered(samples: Samples, noise: Power) -> Samples:
    spectra = np.fft.rfft(_frames(np.pad(samples, _FRAME), _HOP) * _HANN)
    gains = _gains(np.abs(spectra).astype(np.float32) ** 2 / (noise + 1e-12))
    return _joined(np.fft.irfft(spectra * gains) * _HANN, len(samples))


def _gains(above: Power) -> Power:
    """Wiener's gain of each band in each frame, from its power over the noise's: (frames, 257)."""
    gains = np.empty_like(above)
    before = np.ones_like(above[0])
    for n, now in enumerate(above):
        ratio = _MEMORY * before + (1 - _MEMORY) * np.maximum(now - 1, 0)
        gains[n] = np.maximum(ratio / (1 + ratio), _FLOOR)
        before = gains[n] ** 2 * now
    return gains


def _joined(frames: NDArray[np.float64], length: int) -> Samples:
    """Frames laid over one another at their places: four lie over each sample."""
    padded = np.zeros((len(frames) + _FRAME // _HOP) * _HOP, dtype=np.float32)
    weight = np.zeros_like(padded)
    for part in range(_FRAME // _HOP):
        pieces = frames[:, part * _HOP : (part + 1) * _HOP].reshape(-1)
        padded[part * _HOP : part * _HOP + len(pieces)] += pieces
        weight[part * _HOP : part * _HOP + len(pieces)] += np.tile(
            _HANN[part * _HOP : (part + 1) * _HOP] ** 2, len(frames)
        )
    return (padded / np.maximum(weight, 1e-6)).astype(np.float32)[_FRAME : _FRAME + length]
