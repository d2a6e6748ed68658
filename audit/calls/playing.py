"""What a page plays and draws of a recording: a copy in Opus and the peaks of its wave, made once from the original."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import av
import numpy as np

from audit.calls.decoding import RATE, Samples, windows
from audit.calls.models import Recording
from audit.store import blobs

_BITS = 32_000  # a second, all channels
_PEAKS = 20  # a second and channel
_MOST_PEAKS = 20_000  # a channel


class Playable(NamedTuple):
    """The keys of the copy (Opus in WebM, channels as in the recording) and of its peaks."""

    sound: str
    peaks: str


def playable(recording: Recording) -> Playable:
    """Copy and peaks of the recording, made in one pass where they are not yet. Raises BadInput, BadWorkspace."""
    keys = Playable(f"{recording.blob}.webm", f"{recording.blob}.peaks.json")
    if not all(map(blobs.holds, keys)):
        with TemporaryDirectory() as folder, blobs.local(recording.blob) as path:
            sound, peaks = Path(folder, "sound"), Path(folder, "peaks")
            peaks.write_text(json.dumps(_encode(path, sound)))
            blobs.put_as(sound, keys.sound)
            blobs.put_as(peaks, keys.peaks)
    return keys


def _encode(path: Path, target: Path) -> dict[str, Any]:
    """Writes the copy and gives the peaks by channel (0 to 1), evenly spaced over `duration` seconds."""
    found: list[Samples] = []
    count = 0
    with av.open(str(target), "w", format="webm") as container:
        stream: Any = None
        for window in windows(path):
            stream = stream or _stream(container, len(window.samples))
            for frame in _frames(window.samples):
                container.mux(stream.encode(frame))
            found.append(_peaks(window.samples, RATE // _PEAKS))
            count += window.samples.shape[1]
        container.mux(stream.encode(None))
    peaks = np.concatenate(found, axis=1)
    peaks = _peaks(peaks, -(-peaks.shape[1] // _MOST_PEAKS))
    return {"duration": round(count / RATE, 3), "peaks": np.round(peaks.astype(float), 3).tolist()}


def _stream(container: av.container.OutputContainer, channels: int) -> Any:
    stream: Any = container.add_stream("libopus", rate=RATE, layout="mono" if channels == 1 else "stereo")
    stream.bit_rate = _BITS
    return stream


def _frames(samples: Samples) -> Iterator[av.AudioFrame]:
    layout = "mono" if len(samples) == 1 else "stereo"
    for begin in range(0, samples.shape[1], RATE):
        piece = np.ascontiguousarray(samples[:, begin : begin + RATE])
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout=layout)
        frame.sample_rate = RATE
        yield frame


def _peaks(samples: Samples, width: int) -> Samples:
    """The largest magnitude of each `width` samples: (channels, n / width), rounded up."""
    padded = np.pad(np.abs(samples), ((0, 0), (0, -samples.shape[1] % width)))
    peaks: Samples = padded.reshape(len(samples), -1, width).max(axis=2)
    return peaks
