"""Recordings to samples: any container and codec that FFmpeg's libraries know, read frame by frame.

A recording of any length passes through in windows, so memory does not grow with it.
"""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from audit.calls import layout
from audit.calls.models import Layout
from classifiers.errors import BadInput

RATE = layout.RATE
Samples = NDArray[np.float32]
"""Mono: (n,); by channel: (channels, n); full scale is 1."""

_WINDOW = 240  # seconds held at once
_SEEK_PAUSE = 20  # the last seconds of a window, in which the quietest place to cut is sought
_FRAME = RATE // 20
_ONE_FILE = {"protocol_whitelist": "file"}
_LISTS = frozenset({"concat", "hls", "dash"})  # formats that only name other files
_SHORTEST = 0.1  # seconds
_CUT_OFF = 0.02  # of the announced length that may be missing at the end
_CUT_OFF_SECONDS = 1.0
_NEAR = 0.2  # seconds between two stretches of damage that are one


class Harm(StrEnum):
    """What may be wrong with a stretch of a recording."""

    cut_off = "cut_off"
    unreadable = "unreadable"


class Damage(NamedTuple):
    """A stretch that cannot be heard, in seconds: announced and not there, or not decoded and so taken for silence."""

    kind: Harm
    start: float
    end: float


class Probe(NamedTuple):
    """What a recording is: its codec, length in seconds, channels and how the parties lie on them, and its damage."""

    codec: str
    seconds: float
    channels: int
    layout: Layout
    damage: tuple[Damage, ...] = ()


class Window(NamedTuple):
    """A stretch of a recording: where it begins in seconds, and its samples by channel."""

    start: float
    samples: Samples


def probe(path: Path) -> Probe:
    """Decodes a recording from end to end. Raises BadInput when it is no recording, or nothing of it can be heard."""
    try:
        if path.stat().st_size == 0:
            raise BadInput(f"{path}: the file is empty", "export the recording again")
        factor = _announced_share(path)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "give a file that can be read") from error
    with _open(path) as container:
        stream = container.streams.audio[0]
        codec, channels = stream.codec_context.name, stream.channels
        announced = float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0
    levels, damage = layout.Levels(), list[Damage]()
    for window in windows(path, damage):
        levels.add(window.samples)
    seconds = round(levels.count / RATE, 3)
    if seconds - sum(lost.end - lost.start for lost in damage) < _SHORTEST:
        reason = "nothing of it can be decoded" if damage else "the recording has no length"
        raise BadInput(f"{path}: {reason}", "export the recording again")
    announced = max(announced, seconds * factor)
    if announced - seconds > max(_CUT_OFF * announced, _CUT_OFF_SECONDS):
        damage.append(Damage(Harm.cut_off, seconds, round(announced, 3)))
    return Probe(codec, seconds, channels, levels.layout(), tuple(damage))


def windows(path: Path, damage: list[Damage] | None = None) -> Iterator[Window]:
    """The recording in windows of at most four minutes, each cut where it is quietest, as 16 kHz samples by channel.

    Of more than two channels the first two are taken: recorders put a mix behind the parties. What does not decode is
    silence, and added to `damage`.
    """
    held: list[Samples] = []
    start, length = 0, 0
    for piece in _pieces(path, [] if damage is None else damage):
        held.append(piece)
        length += piece.shape[1]
        if length >= _WINDOW * RATE:
            samples = np.concatenate(held, axis=1)
            cut = _quietest(samples)
            yield Window(start / RATE, samples[:, :cut])
            held, start, length = [samples[:, cut:]], start + cut, samples.shape[1] - cut
    if length:
        yield Window(start / RATE, np.concatenate(held, axis=1))


def _pieces(path: Path, damage: list[Damage]) -> Iterator[Samples]:
    with _open(path) as container:
        stream = container.streams.audio[0]
        channels = min(stream.channels, 2)
        resampler = AudioResampler(format="fltp", layout=stream.layout, rate=RATE)
        done = 0
        for found in _frames(container, stream):
            if isinstance(found, float):
                pieces = [np.zeros((channels, round(found * RATE)), dtype=np.float32)]
                _note(damage, done / RATE, found)
            else:
                pieces = [_samples(frame, channels) for frame in resampler.resample(found)]
            done += sum(piece.shape[1] for piece in pieces)
            yield from pieces
        yield from (_samples(frame, channels) for frame in resampler.resample(None))


def _frames(container: av.container.InputContainer, stream: Any) -> Iterator[av.AudioFrame | float]:
    """The frames in order; for what does not decode, or has other channels than the rest, its seconds."""
    packets = container.demux(stream)
    while (packet := _next(packets)) is not None:
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            lasts = float((packet.duration or 0) * (packet.time_base or 0))
            yield from [lasts] * bool(packet.size and lasts)
            continue
        for frame in frames:
            same = frame.layout.nb_channels == stream.channels
            yield frame if same else frame.samples / frame.sample_rate


def _next(packets: Iterator[Any]) -> Any:
    """The next packet; none at the end, or where the container breaks off."""
    try:
        return next(packets, None)
    except av.error.FFmpegError:
        return None


def _note(damage: list[Damage], start: float, seconds: float) -> None:
    """Adds a stretch that did not decode, or makes the one before longer."""
    if damage and start - damage[-1].end < _NEAR:
        damage[-1] = Damage(Harm.unreadable, damage[-1].start, round(start + seconds, 3))
    else:
        damage.append(Damage(Harm.unreadable, round(start, 3), round(start + seconds, 3)))


def _samples(frame: av.AudioFrame, channels: int) -> Samples:
    return frame.to_ndarray()[:channels].astype(np.float32, copy=False)


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


def _announced_share(path: Path) -> float:
    """By how much a WAV file should be longer than it is, as a factor: FFmpeg reads a cut one without a word.

    One written as a stream says 0 or all ones.
    """
    with path.open("rb") as file:
        head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return 1.0
    said, there = int.from_bytes(head[4:8], "little") + 8, path.stat().st_size
    return max(1.0, said / there) if 8 < said < 0xFFFFFF00 else 1.0


def _quietest(samples: Samples) -> int:
    """The sample to cut at: the middle of the quietest fifth of a second near the end."""
    tail = samples[:, -_SEEK_PAUSE * RATE :]
    frames = tail[:, : tail.shape[1] // _FRAME * _FRAME].reshape(tail.shape[0], -1, _FRAME)
    energy = np.square(frames).mean(axis=2).max(axis=0)
    smooth = np.convolve(energy, np.ones(4), mode="valid")
    return int(samples.shape[1] - tail.shape[1] + (int(smooth.argmin()) + 2) * _FRAME)
