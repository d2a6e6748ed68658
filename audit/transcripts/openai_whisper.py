"""The second engine: openai-whisper, on its own checkpoints or on ours converted. Slower; a way out."""

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import torch
import whisper

from audit.calls.decoding import Samples
from audit.transcripts.checkpoint import convert
from audit.transcripts.engine import PROMPT, Heard, Word
from audit.transcripts.weights import loaded, locate, name_of


class OpenAIWhisper:
    """openai-whisper in full precision; it is fed arrays, for its own loader calls a program that need not be there."""

    name = "whisper"

    def __init__(self, model: str, *, beam_size: int, threads: int) -> None:
        place = locate(model)
        self.model = name_of(model)
        self.options = f"beam {beam_size}, fp32"
        self._beam_size = beam_size
        if threads:
            torch.set_num_threads(threads)
        self._model = _load(place)

    def hear(self, clips: Sequence[Samples]) -> Iterator[Heard]:
        """See Engine."""
        for clip in clips:
            result = self._model.transcribe(
                clip,
                language="zh",
                beam_size=self._beam_size,
                temperature=0.0,
                fp16=False,
                word_timestamps=True,
                condition_on_previous_text=False,
                initial_prompt=PROMPT,
            )
            segments = result["segments"]
            words = [Word(w["start"], w["end"], w["word"]) for part in segments for w in part["words"]]
            sure = [math.exp(part["avg_logprob"]) for part in segments]
            yield Heard(tuple(words), sum(sure) / len(sure) if sure else 0.0)


@lru_cache(maxsize=1)
def _load(place: str) -> whisper.Whisper:
    """A checkpoint, one of Whisper's names, or a folder in CTranslate2's format, converted once and kept beside it."""
    folder = Path(place)
    if not folder.is_dir():
        return loaded(lambda: whisper.load_model(place, device="cpu"), place)
    checkpoint = folder / "whisper.pt"
    if not checkpoint.is_file():
        unfinished = folder / "whisper.pt.part"
        torch.save(convert(folder / "model.bin"), unfinished)
        unfinished.replace(checkpoint)
    model = loaded(lambda: whisper.load_model(str(checkpoint), device="cpu"), place)
    heads = whisper._ALIGNMENT_HEADS.get(folder.name)  # which heads tell word times is not part of the weights
    if heads is not None:
        model.set_alignment_heads(heads)
    return model
