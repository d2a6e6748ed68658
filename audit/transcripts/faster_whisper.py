"""The default engine: Whisper on CTranslate2, in batches."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

import ctranslate2
import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel

from audit.calls.decoding import RATE, Samples
from audit.transcripts.engine import Word
from audit.transcripts.prompt import named, prompt
from audit.transcripts.weights import fingerprint, loaded, locate, name_of


class _Way(NamedTuple):
    """How a device computes, and how many clips it takes at once."""

    compute: str
    batch: int


_WAYS = {"cpu": _Way("int8", 8), "cuda": _Way("float16", 32)}


class FasterWhisper:
    """faster-whisper: in 8 bits on processors, in half precision on a GPU where there is one."""

    name = "faster-whisper"

    def __init__(self, model: str, *, beam_size: int, threads: int) -> None:
        place = locate(model)
        self.model = name_of(model)
        device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        self._way = _WAYS[device]
        self.options = f"weights {fingerprint(place)}, beam {beam_size}, {self._way.compute}, denoised{named()}"
        self._beam_size = beam_size
        self._pipeline = BatchedInferencePipeline(_load(place, device, threads))

    def hear(self, clips: Sequence[Samples]) -> Iterator[tuple[Word, ...]]:
        """See Engine. The clips are laid end to end, since the pipeline takes one array and the places to cut it."""
        if not clips:
            return
        edges = [at / RATE for at in accumulate((len(clip) for clip in clips), initial=0)]
        segments, _ = self._pipeline.transcribe(
            np.concatenate(clips),
            language="zh",
            beam_size=self._beam_size,
            batch_size=self._way.batch,
            clip_timestamps=[{"start": start, "end": end} for start, end in pairwise(edges)],
            word_timestamps=True,
            initial_prompt=prompt(),
        )
        frames = [int(edge * self._pipeline.model.frames_per_second) for edge in edges]
        by_clip = groupby(segments, key=lambda segment: bisect_right(frames, segment.seek) - 1)
        heard = {clip: list(parts) for clip, parts in by_clip}
        for n, start in enumerate(edges[:-1]):
            parts = heard.get(n, [])
            words = (word for part in parts for word in part.words or ())
            yield tuple(Word(w.start - start, w.end - start, w.word, w.probability) for w in words)


@lru_cache(maxsize=2)
def _load(place: str, device: str, threads: int) -> WhisperModel:
    """One copy of a model a process."""
    compute = _WAYS[device].compute
    return loaded(lambda: WhisperModel(place, device=device, compute_type=compute, cpu_threads=threads), place)
