"""What recognisers hear in the same recordings with the same weights, each in a process of its own: ours, and others.

The others get what somebody with stereo recordings would give them: each channel by itself, already decoded. Their
options are their own defaults; only the language is told. Everything runs on the processor.
"""

import os
import re
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from enum import StrEnum
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from audit.calls.decoding import RATE, Samples, probe, windows
from audit.settings import settings
from audit.transcripts.weights import locate
from classifiers.taxonomy import Speaker

PARTIES = ("collector", "other")
_BEAM = 5  # everybody's default on the command line
_BATCH = 8


class Way(StrEnum):
    """Who listens. openai-whisper has the defaults of its command line: five beams, five candidates, falling back."""

    openai = "openai-whisper"
    sequential = "faster-whisper"
    batched = "faster-whisper, batches"
    batched_int8 = "faster-whisper, batches, int8"
    whisperx = "WhisperX, int8"
    ours = "shengjian"


class Piece(NamedTuple):
    """Something heard: who said it, from when to when (seconds), and what: our words, or the others' phrases."""

    party: str
    start: float
    end: float
    text: str


class Heard(NamedTuple):
    """One recording: its length and how long listening took (seconds), what was heard, whether the parties are apart.

    For the others decoding is not counted, for ours it is.
    """

    length: float
    took: float
    parted: bool
    pieces: list[Piece]


class Session(NamedTuple):
    """One way over all recordings: seconds to load, the peak of memory in MiB, and why it failed, if it did."""

    load: float = 0.0
    peak: int = 0
    heard: Sequence[Heard] = ()
    failed: str = ""

    @property
    def took(self) -> float:
        """Seconds of listening."""
        return sum(one.took for one in self.heard)


Listener = Callable[[Path], Heard]
_Phrases = Callable[[Samples], Iterable[tuple[float, float, str]]]


def listen(way: Way, model: str, recordings: Sequence[Path]) -> Session:
    """What that way (but WhisperX) hears, in a fresh process. Raises Refused as `transcribe` does."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        try:
            return process.submit(_session, way, model, recordings).result()
        except BrokenProcessPool:
            return Session(failed="ended by the system, perhaps for want of memory")


def peak_memory() -> int:
    """The most memory that this process has held, in MiB, as Linux tells it; 0 elsewhere."""
    status = Path("/proc/self/status")
    told = re.search(r"VmHWM:\s+(\d+) kB", status.read_text() if status.exists() else "")
    return int(told[1]) // 1024 if told else 0


def channels(path: Path) -> tuple[bool, Samples]:
    """Whether the parties are apart, and the channels that are worth listening to, one for all if they are not."""
    parted = probe(path).layout.parted
    samples = np.concatenate([window.samples for window in windows(path)], axis=1)
    return parted, samples if parted else samples[:1]


def parties(parted: bool) -> Sequence[str]:
    """Who is on each channel; one that holds both is the other party's, as for our transcripts."""
    if not parted:
        return PARTIES[1:]
    return PARTIES[::-1] if settings().collector_channel == "right" else PARTIES


def _session(way: Way, model: str, recordings: Sequence[Path]) -> Session:
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    begun = time.perf_counter()
    listener = _LOADERS[way](model)
    load = time.perf_counter() - begun
    heard = [listener(path) for path in recordings]
    return Session(load, peak_memory(), heard)


def _ours(model: str) -> Listener:
    from audit.transcripts.listen import make_engine, transcribe  # noqa: PLC0415 - not in the memory of others

    engine = make_engine(model=model)

    def hear(path: Path) -> Heard:
        begun = time.perf_counter()
        found = transcribe(path, engine)
        took = time.perf_counter() - begun
        pieces = [Piece(party_of(spoken.speaker), *word[:3]) for spoken in found.segments for word in spoken.words]
        return Heard(found.probe.seconds, took, found.probe.layout.parted, pieces)

    return hear


def party_of(speaker: Speaker) -> str:
    """The side of the line that somebody is on."""
    return PARTIES[speaker != Speaker.collector]


def _by_channel(phrases: _Phrases) -> Listener:
    def hear(path: Path) -> Heard:
        parted, samples = channels(path)
        begun = time.perf_counter()
        pieces = [
            Piece(party, *phrase)
            for party, channel in zip(parties(parted), samples, strict=True)
            for phrase in phrases(channel)
        ]
        return Heard(samples.shape[1] / RATE, time.perf_counter() - begun, parted, pieces)

    return hear


def _openai(model: str) -> Listener:
    import torch  # noqa: PLC0415
    import whisper  # noqa: PLC0415

    from audit.transcripts.openai_whisper import _load  # noqa: PLC0415

    if settings().threads:
        torch.set_num_threads(settings().threads)
    loaded = _load(locate(model))
    return _by_channel(
        lambda channel: [
            (part["start"], part["end"], part["text"])
            for part in whisper.transcribe(loaded, channel, language="zh", beam_size=_BEAM, best_of=5, fp16=False)[
                "segments"
            ]
        ]
    )


def _faster(model: str, compute: str, **options: Any) -> Listener:
    from faster_whisper import BatchedInferencePipeline, WhisperModel  # noqa: PLC0415

    loaded: Any = WhisperModel(locate(model), device="cpu", compute_type=compute, cpu_threads=settings().threads)
    pipeline = BatchedInferencePipeline(loaded) if options else loaded
    return _by_channel(
        lambda channel: [
            (part.start, part.end, part.text)
            for part in pipeline.transcribe(channel, language="zh", beam_size=_BEAM, **options)[0]
        ]
    )


_LOADERS: dict[Way, Callable[[str], Listener]] = {
    Way.ours: _ours,
    Way.openai: _openai,
    Way.sequential: lambda model: _faster(model, "default"),
    Way.batched: lambda model: _faster(model, "default", batch_size=_BATCH),
    Way.batched_int8: lambda model: _faster(model, "int8", batch_size=_BATCH),
}
