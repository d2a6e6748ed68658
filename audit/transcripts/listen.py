"""From a recording to utterances on one clock: windows, channels, speech, clips, words, parties."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

from audit.calls.decoding import RATE, Probe, Samples, Window, probe, windows
from audit.settings import EngineName, settings
from audit.transcripts.denoising import cleaned
from audit.transcripts.engine import Engine, Word
from audit.transcripts.inventions import is_broken, without_circles
from audit.transcripts.parties import Hints, Parties, by_channel, by_voice
from audit.transcripts.quality import Loudness, Quality
from audit.transcripts.sounds import without_tones
from audit.transcripts.speakers.embedding import Voice, embed
from audit.transcripts.speech import Clip, Stretch, clips_of, find_speech
from audit.transcripts.utterances import Said, Spoken, utterances

LANGUAGE = "zh"
_NOBODY = Hints()


@dataclass
class Transcription:
    """Everything heard in one recording."""

    probe: Probe
    engine: Engine
    segments: list[Spoken]
    quality: Quality


@dataclass
class Hearing:
    """What is heard on the channels before it is known who speaks: how loud, which words, and how voices sound."""

    loudness: list[Loudness]
    said: list[Said] = field(default_factory=list)
    voices: list[Voice] = field(default_factory=list)

    def told(self, probed: Probe, engine: Engine, hints: Hints) -> Transcription:
        """The same by party."""
        if probed.layout.parted:
            segments, parties = by_channel(self.said, [each.seconds for each in self.loudness], hints)
        else:
            segments, parties = by_voice(self.said, self.voices, hints)
        return Transcription(probed, engine, segments, _assess(probed, self, parties, segments))


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
    path: Path,
    engine: Engine,
    hints: Hints = _NOBODY,
    progress: Callable[[float], None] | None = None,
) -> Transcription:
    """What is said in a recording. `progress` gets the share done (0 to 1). Raises BadInput for what cannot be read."""
    probed = probe(path)
    heard = Hearing(_channels(probed))
    for window in windows(path):
        _listen(window, heard, engine)
        if progress:
            progress(min(1.0, (window.start + window.samples.shape[1] / RATE) / probed.seconds))
    return heard.told(probed, engine, hints)


def part_again(path: Path, said: Sequence[Said], engine: Engine, hints: Hints) -> Transcription:
    """What was said in a recording given to other parties: nothing is recognised again. Raises BadInput."""
    probed = probe(path)
    heard = Hearing(_channels(probed), [*said])
    for window in windows(path):
        for _ in _speech(window, heard):
            pass
    return heard.told(probed, engine, hints)


def _channels(probed: Probe) -> list[Loudness]:
    """A measure for each channel that is listened to: copies of one another are listened to once."""
    return [Loudness() for _ in range(2 if probed.layout.parted else 1)]


def _speech(window: Window, heard: Hearing) -> Iterator[tuple[int, Samples, list[Stretch]]]:
    """The speech on each channel, which is measured, and whose voices are kept where all share a channel."""
    for channel, (samples, loudness) in enumerate(zip(window.samples, heard.loudness, strict=False)):
        stretches = without_tones(samples, find_speech(samples))
        loudness.add(samples, stretches)
        if len(heard.loudness) == 1:
            heard.voices += embed(samples, stretches, window.start)
        yield channel, samples, stretches


def _listen(window: Window, heard: Hearing, engine: Engine) -> None:
    """Adds what is heard in a window. The clips of all channels go to the engine together."""
    channels: list[int] = []
    clips: list[Clip] = []
    raw: list[Clip] = []
    for channel, samples, stretches in _speech(window, heard):
        clips += clips_of(cleaned(samples, stretches), stretches)
        raw += clips_of(samples, stretches)
        channels += [channel] * (len(clips) - len(channels))
    for channel, clip, words in zip(channels, clips, _recognised(clips, raw, engine), strict=True):
        heard.said += utterances(channel, clip, words, window.start)


def _recognised(clips: Sequence[Clip], raw: Sequence[Clip], engine: Engine) -> list[tuple[Word, ...]]:
    """The words in each clip. One that came out broken is heard again as it was recorded."""
    heard = list(engine.hear([clip.samples for clip in clips]))
    broken = [n for n, words in enumerate(heard) if is_broken(words, clips[n].seconds)]
    for n, words in zip(broken, engine.hear([raw[n].samples for n in broken]), strict=True):
        heard[n] = max(heard[n], words, key=lambda some: len(without_circles(some)))
    return heard


def _assess(probed: Probe, heard: Hearing, parties: Parties, segments: list[Spoken]) -> Quality:
    sure = [segment.confidence for segment in segments for _ in segment.words]
    channels = [loudness.as_json() for loudness in heard.loudness]
    named = {str(parties.speakers[n]): each for n, each in enumerate(channels)} if probed.layout.parted else {}
    speech = {str(who): round(seconds, 1) for who, seconds in parties.speech.items()}
    confidence = round(fmean(sure), 2) if sure else 0.0
    quality = Quality(speech, confidence, parties.as_json(), named or {"all": channels[0]}, probed.damage)
    quality.reasons += parties.doubts if segments else ()
    quality.judge_by(heard=bool(segments))
    return quality
