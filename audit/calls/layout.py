"""How the parties lie on the channels, told by the sound: whether two channels are copies of one, or one is dead."""

import numpy as np

from audit.calls.models import Layout

RATE = 16_000
_SILENT = 1e-3  # root mean square (about -60 dBFS) below which a channel carries nothing
_FRAME = RATE // 2  # samples that are compared at a time
_LOUDEST = 40  # frames of a window that are compared
_LAG = RATE // 20  # samples (50 ms) by which a copy may lag
_FEWEST = 3  # frames that tell anything
_ALIKE = 0.9  # correlation of copies, in most frames; codecs and line noise take the rest
_STEADY = 2.0  # dB by which a copy's gain may waver: with crosstalk it jumps with whoever speaks
_NEAR = 12.0  # dB between two copies at most


class Levels:
    """What is heard on the channels, gathered over the windows of a recording."""

    def __init__(self) -> None:
        self.count = 0
        self._energy = np.zeros(2)
        self._compared: list[tuple[float, float]] = []
        self._mono = False

    def add(self, samples: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
        """Takes a window (channels, n) in."""
        self.count += samples.shape[1]
        self._mono = samples.shape[0] == 1
        if self._mono:
            return
        self._energy += np.square(samples).sum(axis=1, dtype=np.float64)
        frames = samples[:, : samples.shape[1] // _FRAME * _FRAME].reshape(2, -1, _FRAME)
        loudness = np.square(frames).mean(axis=2).min(axis=0)
        for n in np.argsort(loudness)[::-1][:_LOUDEST]:
            if loudness[n] > (_SILENT / 10) ** 2:
                self._compared.append(_compare(frames[0, n], frames[1, n]))

    def layout(self) -> Layout:
        """The layout of what was taken in."""
        if self._mono:
            return Layout.mono
        if self._are_copies():
            return Layout.fake_stereo
        faint, loud = sorted(np.sqrt(self._energy / max(self.count, 1)))
        return Layout.one_sided if faint < _SILENT <= loud else Layout.stereo

    def _are_copies(self) -> bool:
        if len(self._compared) < _FEWEST:
            return False
        alike, gains = np.array(self._compared).T
        middle = float(np.median(gains))
        wavers = float(np.median(np.abs(gains - middle)))
        return bool(np.median(alike) >= _ALIKE and wavers <= _STEADY and abs(middle) <= _NEAR)


def _compare(
    left: np.ndarray[tuple[int, ...], np.dtype[np.float32]], right: np.ndarray[tuple[int, ...], np.dtype[np.float32]]
) -> tuple[float, float]:
    """How alike two channels are at the best lag, inverted or not (0 to 1), and by how many dB the left is louder."""
    size = 2 * _FRAME
    product = np.fft.rfft(left, size) * np.conj(np.fft.rfft(right, size))
    lags = np.fft.irfft(product, size)
    near = np.abs(np.concatenate([lags[: _LAG + 1], lags[-_LAG:]]))
    powers = float(np.square(left).sum()), float(np.square(right).sum())
    alike = float(near.max()) / max((powers[0] * powers[1]) ** 0.5, 1e-12)
    return alike, 10 * float(np.log10(max(powers[0], 1e-12) / max(powers[1], 1e-12)))
