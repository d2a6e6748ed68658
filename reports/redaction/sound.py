"""A copy of a recording in which stretches are covered by a tone: same length, same channels, same sample rate."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from av.audio.resampler import AudioResampler

from audit.calls.decoding import RATE, Samples, windows
from classifiers.errors import BadInput

_TONE = 1000.0  # hertz
_LEVEL = 0.15  # of full scale
_MP3_BITS = 32_000  # a second
_ONE_FILE = {"protocol_whitelist": "file"}


class Beep(NamedTuple):
    """A stretch in seconds to be covered. The tone lies on `channel` (None: on all); the others are silent meanwhile,
    since a telephone line carries each voice faintly into the other channel.
    """

    start: float
    end: float
    channel: int | None = None


def beeped(source: Path, target: Path, beeps: Sequence[Beep]) -> None:
    """Writes the covered copy as FLAC. Memory does not grow with the recording. Raises BadInput for no recording."""
    try:
        with av.open(f"file:{source}", metadata_errors="ignore", options=_ONE_FILE) as given:
            stream = given.streams.audio[0]
            layout, rate = stream.layout.name, stream.rate
            with av.open(str(target), "w", format="flac") as container:
                coded = container.add_stream("flac", rate=rate, layout=layout)
                for samples in _covered(given, beeps):
                    frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout=layout)
                    frame.sample_rate = rate
                    container.mux(coded.encode(frame))
                container.mux(coded.encode(None))
    except av.error.FFmpegError as error:
        raise BadInput(f"{source}: cannot be copied ({error.strerror})", "export the recording again") from error


def to_mp3(source: Path, target: Path) -> None:
    """Writes a copy for listening, which every browser plays. Memory does not grow with the recording."""
    with av.open(str(target), "w", format="mp3") as container:
        stream = None
        for window in windows(source):
            layout = "mono" if window.samples.shape[0] == 1 else "stereo"
            stream = stream or _mp3_stream(container, layout)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(window.samples), format="fltp", layout=layout)
            frame.sample_rate = RATE
            container.mux(stream.encode(frame))
        if stream:
            container.mux(stream.encode(None))


def cover(samples: Samples, start: float, rate: int, beeps: Sequence[Beep]) -> None:
    """Covers what of the stretches lies in samples (by channel), of which the first stands at `start` seconds."""
    count = samples.shape[1]
    offset = round(start * rate)
    for beep in beeps:
        first, last = (min(max(round(at * rate) - offset, 0), count) for at in (beep.start, beep.end))
        samples[:, first:last] = 0
        where = slice(None) if beep.channel is None else beep.channel
        samples[where, first:last] = _tone(offset + first, last - first, rate)


def _tone(first: int, count: int, rate: int) -> Samples:
    """The tone goes on from frame to frame without a click."""
    return (_LEVEL * np.sin(2 * np.pi * _TONE * np.arange(first, first + count) / rate)).astype(np.float32)


def _covered(given: av.container.InputContainer, beeps: Sequence[Beep]) -> Iterator[Samples]:
    stream = given.streams.audio[0]
    planar = AudioResampler(format="fltp", layout=stream.layout.name, rate=stream.rate)
    done = 0
    for decoded in (*given.decode(stream), None):
        for frame in planar.resample(decoded):
            samples = frame.to_ndarray().astype(np.float32)
            cover(samples, done / stream.rate, stream.rate, beeps)
            done += samples.shape[1]
            yield samples


def _mp3_stream(container: av.container.OutputContainer, layout: str) -> av.AudioStream:
    stream = container.add_stream("mp3", rate=RATE, layout=layout)
    stream.bit_rate = _MP3_BITS
    return stream
