"""The second engine: openai-whisper, on its own checkpoints or on ours converted. Slower; a way out."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import torch
import whisper
from whisper.audio import HOP_LENGTH
from whisper.timing import find_alignment
from whisper.tokenizer import get_tokenizer

from audit.calls.decoding import Samples
from audit.transcripts.checkpoint import convert
from audit.transcripts.engine import Word
from audit.transcripts.prompt import named, prompt
from audit.transcripts.weights import fingerprint, loaded, locate, name_of


class OpenAIWhisper:
    """openai-whisper in full precision; it is fed arrays, for its own loader calls a program that need not be there."""

    name = "whisper"

    def __init__(self, model: str, *, beam_size: int, threads: int) -> None:
        place = locate(model)
        self.model = name_of(model)
        self.options = f"weights {fingerprint(place)}, beam {beam_size}, fp32, denoised{named()}"
        self._beam_size = beam_size
        if threads:
            torch.set_num_threads(threads)
        self._model = _load(place)
        self._tokenizer = get_tokenizer(
            self._model.is_multilingual, num_languages=self._model.num_languages, language="zh"
        )

    def hear(self, clips: Sequence[Samples]) -> Iterator[tuple[Word, ...]]:
        """See Engine."""
        for clip in clips:
            mel = whisper.log_mel_spectrogram(whisper.pad_or_trim(clip), n_mels=self._model.dims.n_mels)
            options = whisper.DecodingOptions(
                language="zh", beam_size=self._beam_size, prompt=prompt(), without_timestamps=True, fp16=False
            )
            result = whisper.decode(self._model, mel, options)
            timings = find_alignment(self._model, self._tokenizer, result.tokens, mel, len(clip) // HOP_LENGTH)
            yield tuple(Word(float(w.start), float(w.end), w.word, float(w.probability)) for w in timings if w.word)


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
