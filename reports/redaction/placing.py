"""Where in a recording the hidden words are spoken. What cannot be placed is covered with its whole utterance."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from audit.calls.decoding import RATE, windows
from audit.calls.models import Layout
from audit.transcripts.models import Segment, Transcript
from audit.transcripts.speech import find_speech
from classifiers.errors import BadInput
from classifiers.taxonomy import Speaker
from reports.redaction.finding import Mark
from reports.redaction.sound import Beep

GUARD = 0.25  # seconds covered before and after the words
WIDE = 0.6  # the same after a proof that failed
_LONGEST_WORD = 1.6  # seconds; longer ones are not timed well
_SURE = 0.5  # confidence below which times and words are doubted
_UNHEARD = 0.4  # seconds of speech without words from which on it is covered


class NotRedacted(BadInput):
    """No redacted copy can be given; `reason` says why in Chinese, for documents."""

    def __init__(self, message: str, remedy: str, reason: str) -> None:
        super().__init__(message, remedy)
        self.reason = reason


def check_judgeable(name: str, layout: Layout, transcript: Transcript | None) -> Transcript:
    """The transcript to redact by. Raises NotRedacted where there is none, or it is not to be trusted."""
    if transcript is None:
        raise NotRedacted(f"{name}: not transcribed, no redacted copy", "run shengjian audit first", "尚未识别文字")
    if transcript.quality.get("not_judgeable", True) or not layout.parted:
        remedy = "listen to it and give no copy away"
        raise NotRedacted(f"{name}: cannot be judged, no redacted copy", remedy, "录音无法判定，识别文字不可靠")
    return transcript


def beeps_for(
    segments: Sequence[Segment], hidden: Sequence[Sequence[Mark]], options: str, guard: float = GUARD
) -> list[Beep]:
    """What to cover for the marks of each utterance; `options` are those of the transcript, with the channel."""
    return [
        Beep(max(start - guard, 0.0), end + guard, channel_of(segment.speaker, options))
        for segment, marks in zip(segments, hidden, strict=True)
        for start, end in _spoken(segment, marks)
    ]


def channel_of(speaker: Speaker, options: str) -> int | None:
    """The channel of a voice; None where that is not known."""
    if speaker not in {Speaker.collector, Speaker.debtor, Speaker.third_party}:
        return None
    left = options.rpartition(" ")[2] == "left"
    return 0 if (speaker is Speaker.collector) == left else 1


def unheard(path: Path, segments: Sequence[Segment]) -> list[Beep]:
    """Stretches in which somebody speaks and nothing was understood: what is said there cannot be known."""
    found: list[Beep] = []
    for window in windows(path):
        for channel, samples in enumerate(window.samples):
            for stretch in find_speech(samples):
                start, end = (window.start + at / RATE for at in stretch)
                found += (Beep(*gap, channel) for gap in _gaps(start, end, segments))
    return found


def _spoken(segment: Segment, marks: Sequence[Mark]) -> Iterator[tuple[float, float]]:
    """Seconds from and to, for each mark; the whole utterance once where the words' times are in doubt."""
    if marks and (segment.confidence < _SURE or not _is_timed(segment)):
        yield segment.start_ms / 1000, segment.end_ms / 1000
        return
    for mark in marks:
        start, end = segment.at_ms(mark.start), segment.until_ms(mark.end - 1)
        doubtful = end <= start or any(word[1] - word[0] > _LONGEST_WORD * 1000 for word in segment.words)
        yield (segment.start_ms / 1000, segment.end_ms / 1000) if doubtful else (start / 1000, end / 1000)


def _is_timed(segment: Segment) -> bool:
    """Whether the words cover the text and follow one another."""
    starts = [word[0] for word in segment.words]
    return sum(word[2] for word in segment.words) == len(segment.text) and starts == sorted(starts)


def _gaps(start: float, end: float, segments: Sequence[Segment]) -> Iterator[tuple[float, float]]:
    """The parts of a stretch that no utterance of anybody covers."""
    at = start
    for first, last in sorted((s.start_ms / 1000 - GUARD, s.end_ms / 1000 + GUARD) for s in segments):
        if first - at >= _UNHEARD and at < end:
            yield at, min(first, end)
        at = max(at, last)
    if end - at >= _UNHEARD:
        yield at, end
