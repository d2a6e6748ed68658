"""The same call as worse recordings of it: mixed to one channel, in noise, through lossy codecs, one party faint."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import av
import numpy as np

from audit.calls.decoding import RATE, Samples, windows
from audit.transcripts.speech import find_speech

_LINE = 8_000  # samples a second on a telephone line
_SNR = 10  # dB by which speech is above the noise
_FAINT = 10 ** (-30 / 20)
_LOWEST = 50  # Hz, below which the noise grows no more
_MP3_BITS = 16_000  # a second, both channels together
_AMR_BITS = 12_200
_ALAW_BITS = 64_000

Change = Callable[[Samples], Samples]


class Variant(StrEnum):
    """A kind of recording."""

    clean = "clean"
    mono = "mono"
    noise10 = "noise10"
    mp3 = "mp3"
    amr = "amr"
    faint = "faint"


def vary(path: Path, variant: Variant, folder: Path) -> Path:
    """The recording as that variant, written into the folder; `clean` is the recording itself.

    All are as from a telephone line, 8 kHz: MP3 of 16 kb/s, WAV in A-law otherwise.
    """
    if variant is Variant.clean:
        return path
    change = _change(path, variant)
    target = folder / f"{path.stem}.{'mp3' if variant is Variant.mp3 else 'wav'}"
    coded = ("libmp3lame", _MP3_BITS) if variant is Variant.mp3 else ("pcm_alaw", _ALAW_BITS)
    with target.open("wb") as file:
        encode(file, target.suffix[1:], *coded, (change(window.samples) for window in windows(path)))
    return target


def _change(path: Path, variant: Variant) -> Change:
    if variant is Variant.noise10:
        return _noise(speech_levels(path))
    changes: dict[Variant, Change] = {
        Variant.mono: lambda samples: samples.mean(axis=0, keepdims=True),
        Variant.mp3: lambda samples: samples,
        Variant.amr: _through_amr,
        Variant.faint: lambda samples: samples * _faintness(len(samples)),
    }
    return changes[variant]


def _faintness(channels: int) -> Samples:
    """What each channel is multiplied with: the last one is the faint one."""
    return np.array([[1.0]] * (channels - 1) + [[_FAINT]], dtype=np.float32)


def speech_levels(path: Path) -> Samples:
    """The root mean square of what is spoken on each channel, as a column; 0 where nobody speaks."""
    energy: Any = 0.0
    spoken: Any = 0
    for window in windows(path):
        parts = [[channel[s.start : s.end] for s in find_speech(channel)] for channel in window.samples]
        energy += np.array([[sum(float(np.square(part).sum()) for part in some)] for some in parts])
        spoken += np.array([[sum(map(len, some))] for some in parts])
    return np.sqrt(energy / np.maximum(spoken, 1)).astype(np.float32)  # type: ignore[no-any-return]


def _noise(levels: Samples) -> Change:
    """Adds pink noise, of its own on each channel; each window has another seed, the same in every run."""
    seeds = count()
    scale = levels / 10 ** (_SNR / 20)
    return lambda samples: samples + scale * _pink(samples.shape, np.random.default_rng(next(seeds)))


def _pink(shape: tuple[int, ...], source: np.random.Generator) -> Samples:
    spectrum = np.fft.rfft(source.standard_normal(shape))
    hertz = np.fft.rfftfreq(shape[1], 1 / RATE)
    spectrum[:, hertz > _LINE / 2] = 0  # a line carries none of it
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(hertz, _LOWEST)), shape[1])
    return (noise / np.sqrt(np.square(noise).mean(axis=1, keepdims=True))).astype(np.float32)  # type: ignore[no-any-return]


def _through_amr(samples: Samples) -> Samples:
    """Each channel through a mobile phone's codec, which knows one channel only."""
    return np.stack([_coded(channel) for channel in samples])


def _coded(channel: Samples) -> Samples:
    file = BytesIO()
    encode(file, "amr", "libopencore_amrnb", _AMR_BITS, [channel[None]])
    file.seek(0)
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
    decoder: Any = av.open(file)
    with decoder as container:
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    frames += resampler.resample(None)
    decoded = np.concatenate([frame.to_ndarray()[0] for frame in frames])
    return np.pad(decoded, (0, max(0, len(channel) - len(decoded))))[: len(channel)]


def encode(file: Any, form: str, codec: str, bits: int, pieces: Iterable[Samples]) -> None:
    """Writes samples (16 kHz, by channel) in that format and codec, at a telephone line's rate."""
    with av.open(file, "w", format=form) as container:
        stream: Any = None
        for frame in map(_frame, pieces):
            if stream is None:
                stream = container.add_stream(codec, rate=_LINE, layout=frame.layout.name)
                stream.bit_rate = bits
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _frame(samples: Samples) -> av.AudioFrame:
    layout = "mono" if len(samples) == 1 else "stereo"
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples, dtype=np.float32), "fltp", layout)
    frame.sample_rate = RATE
    return frame
