"""Recordings to samples: any container and codec that FFmpeg's libraries know, read frame by frame.

A recording of any length passes through in windows, so memory does not grow with it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from audit.calls.models import Layout
from classifiers.errors import BadInput

RATE = 16_000  # samples a second, what every recogniser here wants
Samples = NDArray[np.float32]
"""Mono: (n,); by channel: (channels, n); full scale is 1."""

_WINDOW = 240  # seconds held at once
_SEEK_PAUSE = 20  # the last seconds of a window, in which the quietest place to cut is sought
_FRAME = RATE // 20
_SILENT = 1e-3  # root mean square (about -60 dBFS) below which a channel carries nothing
_ALIKE = 0.05  # of the louder channel's level: what may differ between two copies of one signal
_ONE_FILE = {"protocol_whitelist": "file"}
_LISTS = frozenset({"concat", "hls", "dash"})  # formats that only name other files
_SHORTEST = 0.1  # seconds
_CUT_OFF = 0.02  # of the announced length that may be missing at the end
_CUT_OFF_SECONDS = 1.0


class Probe(NamedTuple):
    """What a recording is: its codec, length in seconds, channels and how the parties lie on them."""

    codec: str
    seconds: float
    channels: int
    layout: Layout


class Window(NamedTuple):
    """A stretch of a recording: where it begins in seconds, and its samples by channel."""

    start: float
    samples: Samples


def probe(path: Path) -> Probe:
    """Decodes a recording from end to end. Raises BadInput when it is no recording, cut off, or without length."""
    try:
        if path.stat().st_size == 0:
            raise BadInput(f"{path}: the file is empty", "export the recording again")
        _check_riff(path)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "give a file that can be read") from error
    with _open(path) as container:
        stream = container.streams.audio[0]
        codec, channels = stream.codec_context.name, stream.channels
        announced = float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0
    levels = _Levels()
    for window in windows(path):
        levels.add(window.samples)
    seconds = levels.count / RATE
    if seconds < _SHORTEST:
        raise BadInput(f"{path}: the recording has no length", "export the recording again")
    if announced - seconds > max(_CUT_OFF * announced, _CUT_OFF_SECONDS):
        raise BadInput(f"{path}: cut off after {seconds:.1f} of {announced:.1f} seconds", "export the recording again")
    return Probe(codec, round(seconds, 3), channels, levels.layout())


def windows(path: Path) -> Iterator[Window]:
    """The recording in windows of at most four minutes, each cut where it is quietest, as 16 kHz samples by channel."""
    held: list[Samples] = []
    start, length = 0, 0
    for piece in _pieces(path):
        held.append(piece)
        length += piece.shape[1]
        if length >= _WINDOW * RATE:
            samples = np.concatenate(held, axis=1)
            cut = _quietest(samples)
            yield Window(start / RATE, samples[:, :cut])
            held, start, length = [samples[:, cut:]], start + cut, samples.shape[1] - cut
    if length:
        yield Window(start / RATE, np.concatenate(held, axis=1))


def _pieces(path: Path) -> Iterator[Samples]:
    with _open(path) as container:
        stream = container.streams.audio[0]
        layout = "mono" if stream.channels == 1 else "stereo"
        resampler = AudioResampler(format="fltp", layout=layout, rate=RATE)
        try:
            for frame in container.decode(stream):
                if frame.layout.nb_channels != stream.channels:
                    raise BadInput(f"{path}: changes its channels on the way", "export the recording again")
                yield from map(_samples, resampler.resample(frame))
        except av.error.FFmpegError as error:
            raise BadInput(f"{path}: damaged ({error.strerror})", "export the recording again") from error
        yield from map(_samples, resampler.resample(None))


def _samples(frame: av.AudioFrame) -> Samples:
    return frame.to_ndarray().astype(np.float32, copy=False)


def _open(path: Path) -> av.container.InputContainer:
    try:
        container = av.open(f"file:{path}", mode="r", metadata_errors="ignore", options=_ONE_FILE)
    except (av.error.FFmpegError, OSError) as error:
        raise BadInput(
            f"{path}: not a recording that can be read ({error.strerror})",
            "give a WAV, MP3, M4A, AMR, Opus or similar file",
        ) from error
    if (
        set(container.format.name.split(",")) & _LISTS
        or not container.streams.audio
        or container.streams.audio[0].codec_context is None
    ):
        container.close()
        raise BadInput(f"{path}: holds no sound that can be decoded", "convert it to WAV, or name its codec to us")
    return container


def _check_riff(path: Path) -> None:
    """A WAV file says how long it is; FFmpeg reads a shorter one without a word. Streamed ones say 0 or all ones."""
    with path.open("rb") as file:
        head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return
    said, there = int.from_bytes(head[4:8], "little") + 8, path.stat().st_size
    if 8 < said < 0xFFFFFF00 and there < said - 1:
        raise BadInput(f"{path}: cut off, {there} of {said} bytes", "export the recording again")


def _quietest(samples: Samples) -> int:
    """The sample to cut at: the middle of the quietest fifth of a second near the end."""
    tail = samples[:, -_SEEK_PAUSE * RATE :]
    frames = tail[:, : tail.shape[1] // _FRAME * _FRAME].reshape(tail.shape[0], -1, _FRAME)
    energy = np.square(frames).mean(axis=2).max(axis=0)
    smooth = np.convolve(energy, np.ones(4), mode="valid")
    return int(samples.shape[1] - tail.shape[1] + (int(smooth.argmin()) + 2) * _FRAME)


class _Levels:
    """Energies of the channels and of their difference, summed over the windows."""

    def __init__(self) -> None:
        self.count = 0
        self._energy = np.zeros(2)
        self._difference = 0.0
        self._mono = False

    def add(self, samples: Samples) -> None:
        self.count += samples.shape[1]
        self._mono = samples.shape[0] == 1
        if not self._mono:
            self._energy += np.square(samples).sum(axis=1, dtype=np.float64)
            self._difference += float(np.square(samples[0] - samples[1]).sum(dtype=np.float64))

    def layout(self) -> Layout:
        if self._mono:
            return Layout.mono
        left, right, apart = np.sqrt(np.array([*self._energy, self._difference]) / max(self.count, 1))
        loud, faint = max(left, right), min(left, right)
        if apart <= _ALIKE * loud and loud > _SILENT:
            return Layout.fake_stereo
        return Layout.one_sided if faint < _SILENT <= loud else Layout.stereo
