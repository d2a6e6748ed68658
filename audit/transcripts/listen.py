"""From a recording to utterances on one clock: windows, channels, speech, clips, words, turns."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

from audit.calls.decoding import RATE, Probe, Window, probe, windows
from audit.calls.models import Layout
from audit.settings import EngineName, settings
from audit.transcripts.engine import PROMPT, Engine, Heard, Word
from audit.transcripts.speech import Clip, clips_of, find_speech
from classifiers.folding import simplified
from classifiers.numbers import Number, find_numbers
from classifiers.taxonomy import Speaker

LANGUAGE = "zh"
_MARKS = dict(zip(",?!:;", "，？！：；", strict=True))
_ASCII_MARK = re.compile(r"(?<!\d)[,?!:;]|[,?!:;](?!\d)")  # but not the comma of 12,368
_PAUSE = 0.7  # seconds between two words that part two utterances
_ECHO = 4  # characters from which a text that stands in the prompt is taken for its echo
_LEAST_SPEECH = 1.0  # seconds of the collector's speech below which there is nothing to judge
_LEAST_CONFIDENCE = 0.35  # mean over the words below which the text is not to be trusted


@dataclass(frozen=True)
class Spoken:
    """An utterance: when, by whom, its words in simplified characters, and how sure the recogniser is (0 to 1)."""

    speaker: Speaker
    words: tuple[Word, ...]
    confidence: float

    @property
    def start(self) -> float:
        """Seconds into the recording."""
        return self.words[0].start

    @property
    def end(self) -> float:
        """Seconds into the recording."""
        return self.words[-1].end

    @property
    def text(self) -> str:
        """What is said, with Chinese punctuation."""
        text = "".join(word.text for word in self.words)
        return _ASCII_MARK.sub(lambda mark: _MARKS[mark.group()], text)

    @property
    def numbers(self) -> list[Number]:
        """The numerals in the text as digits, each with its place in the text."""
        return find_numbers(self.text)


@dataclass
class Quality:
    """What a transcript is worth: the measures, and the reasons why nothing can be judged by it, if any."""

    speech: dict[str, float] = field(default_factory=dict)
    confidence: float = 0.0
    reasons: list[str] = field(default_factory=list)

    @property
    def not_judgeable(self) -> bool:
        """Whether a person must listen instead."""
        return bool(self.reasons)

    def as_json(self) -> dict[str, Any]:
        """The shape of the interface's contract."""
        return {
            "not_judgeable": self.not_judgeable,
            "reasons": self.reasons,
            "speech_seconds": self.speech,
            "confidence": self.confidence,
        }


@dataclass
class Transcription:
    """Everything heard in one recording."""

    probe: Probe
    engine: Engine
    segments: list[Spoken]
    quality: Quality


def make_engine(name: str | None = None, model: str | None = None) -> Engine:
    """The engine of the settings, or the one named, with its model loaded. Raises MissingModel."""
    model, chosen = model or settings().model, name or settings().engine
    options = {"beam_size": settings().beam_size, "threads": settings().threads}
    if chosen == EngineName.whisper:
        from audit.transcripts.openai_whisper import OpenAIWhisper  # noqa: PLC0415 - two seconds to import

        return OpenAIWhisper(model, **options)
    from audit.transcripts.faster_whisper import FasterWhisper  # noqa: PLC0415

    return FasterWhisper(model, **options)


def transcribe(
    path: Path, engine: Engine, probed: Probe | None = None, progress: Callable[[float], None] | None = None
) -> Transcription:
    """What is said in a recording. `progress` gets the share done (0 to 1). Raises BadInput for what cannot be read."""
    probed = probed or probe(path)
    segments: list[Spoken] = []
    speech = dict.fromkeys(_voices(probed.layout), 0.0)
    for window in windows(path):
        for speaker, seconds, spoken in _listen(window, probed.layout, engine):
            speech[speaker] += seconds
            segments += spoken
        if progress:
            progress(min(1.0, (window.start + window.samples.shape[1] / RATE) / probed.seconds))
    segments.sort(key=lambda segment: (segment.start, segment.speaker))
    return Transcription(probed, engine, segments, _assess(probed.layout, speech, segments))


def _voices(layout: Layout) -> list[Speaker]:
    """Who speaks on each channel that is listened to; one unparted channel may hold anybody."""
    if not layout.parted:
        return [Speaker.other]
    parties = [Speaker.collector, Speaker.debtor]
    return parties if settings().collector_channel == "left" else parties[::-1]


def _listen(window: Window, layout: Layout, engine: Engine) -> Iterator[tuple[Speaker, float, list[Spoken]]]:
    """For each voice: who, seconds of speech, utterances. The clips of all channels go to the engine together."""
    found = []
    for speaker, samples in zip(_voices(layout), window.samples, strict=False):
        stretches = find_speech(samples)
        found.append((speaker, sum(s.end - s.start for s in stretches) / RATE, clips_of(samples, stretches)))
    heard = engine.hear([clip.samples for _, _, clips in found for clip in clips])
    for speaker, seconds, clips in found:
        spoken = [u for clip in clips for u in _utterances(clip, next(heard), speaker, window.start)]
        yield speaker, round(seconds, 2), spoken


def _utterances(clip: Clip, heard: Heard, speaker: Speaker, offset: float) -> Iterator[Spoken]:
    """The words of a clip, put on the recording's clock and parted at pauses; echoes of the prompt are dropped."""
    words = [_place(word, clip, offset) for word in heard.words]
    words = [word for word in words if word.text]
    begin = 0
    for n in range(1, len(words) + 1):
        if n == len(words) or words[n].start - words[n - 1].end > _PAUSE:
            spoken = Spoken(speaker, tuple(words[begin:n]), round(heard.confidence, 2))
            if not _is_echo(spoken.text):
                yield spoken
            begin = n


def _place(word: Word, clip: Clip, offset: float) -> Word:
    start, end = clip.place(word.start, word.end)
    return Word(round(offset + start, 2), round(offset + end, 2), simplified(word.text.strip()))


def _is_echo(text: str) -> bool:
    return len(text) >= _ECHO and text.strip("。，、") in PROMPT


def _assess(layout: Layout, speech: dict[Speaker, float], segments: list[Spoken]) -> Quality:
    sure = [segment.confidence for segment in segments for _ in segment.words]
    quality = Quality({str(who): round(s, 1) for who, s in speech.items()}, round(fmean(sure), 2) if sure else 0.0)
    if not segments:
        quality.reasons.append("no_speech")
    elif not layout.parted:
        quality.reasons.append("speakers_not_separated")
    elif speech[Speaker.collector] < _LEAST_SPEECH:
        quality.reasons.append("collector_not_heard")
    if segments and quality.confidence < _LEAST_CONFIDENCE:
        quality.reasons.append("low_confidence")
    return quality
