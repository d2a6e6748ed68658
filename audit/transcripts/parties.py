"""Who said what: each channel, or each voice on a channel that all share, is given to a party to the call."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from audit.calls.models import Side
from audit.settings import settings
from audit.transcripts.sounds import is_announcement
from audit.transcripts.speakers.embedding import Voice
from audit.transcripts.speakers.roles import SURE, decide
from audit.transcripts.speakers.turns import cluster, parting
from audit.transcripts.utterances import Said, Spoken, text_of
from classifiers.taxonomy import Speaker

_PARTIES = (Speaker.collector, Speaker.debtor)
_OUTWEIGHS = 0.9  # confidence from which what is said counts for more than which channel it is said on


class Hints(NamedTuple):
    """What a call's record says of its recording: the collector's channel, and how many speak on a shared one."""

    collector_channel: Side | None = None
    speakers: int | None = None

    def __str__(self) -> str:
        """As a transcript's options name it."""
        return f"collector {self.channel}, {self.speakers or 'any'} speakers"

    @property
    def channel(self) -> str:
        """`left`, `right` or `auto`."""
        return self.collector_channel or settings().collector_channel


class Parties(NamedTuple):
    """The party of each source and its seconds of speech; by what the collector was told, and how sure (0 to 1).

    `doubts` are reasons why nothing can be judged by it, `notes` what a reviewer should know.
    """

    speakers: Mapping[int, Speaker]
    seconds: Mapping[int, float]
    by: Literal["record", "setting", "speech"]
    confidence: float
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def speech(self) -> dict[Speaker, float]:
        """Seconds of speech by party."""
        summed = dict.fromkeys(self.speakers.values(), 0.0)
        for source, who in self.speakers.items():
            summed[who] += self.seconds[source]
        return summed

    def as_json(self) -> dict[str, Any]:
        """By what the collector was told, how sure that is, and which source it is (channel 0 is the left one)."""
        collector = next((source for source, who in self.speakers.items() if who == Speaker.collector), None)
        return {"by": self.by, "confidence": self.confidence, "collector": collector, "notes": [*self.notes]}


def by_channel(said: Sequence[Said], seconds: Sequence[float], hints: Hints) -> tuple[list[Spoken], Parties]:
    """The utterances and parties of a call with each on a channel; `said` has the channel, 0 being the left one."""
    likely, sure = _collector(said, [0, 1])
    told = {"left": 0, "right": 1}.get(hints.channel)
    collector = told if told is not None else likely if sure >= _OUTWEIGHS else 0
    swapped = collector != likely and sure >= _OUTWEIGHS
    parties = Parties(
        speakers={channel: _PARTIES[channel != collector] for channel in range(2)},
        seconds=dict(enumerate(seconds)),
        by="speech" if told is None else "record" if hints.collector_channel else "setting",
        confidence=sure if collector == likely else round(1 - sure, 2),
        doubts=("channels_swapped",) * swapped,
    )
    return _given(said, parties), parties


def by_voice(said: Sequence[Said], voices: Sequence[Voice], hints: Hints) -> tuple[list[Spoken], Parties]:
    """The utterances and parties of a call with all on one channel, told apart by how they sound and what they say."""
    heard = cluster(voices, hints.speakers)
    parted = [Said(*run) for one in said for run in parting(one.words, heard)]
    real = [voice for voice in range(len(heard.seconds)) if voice not in heard.passing]
    collector, sure = _collector(parted, real) if len(real) > 1 else (0, 0.0)
    speakers = dict.fromkeys(range(len(heard.seconds)), Speaker.other)
    if sure >= SURE:
        other = next(voice for voice in real if voice != collector)  # of several, the one who speaks most
        speakers |= {collector: Speaker.collector, other: Speaker.debtor}
    doubt = "speakers_not_separated" if len(real) < 2 else "collector_unknown" if sure < SURE else None
    parties = Parties(
        speakers=speakers,
        seconds=dict(enumerate(heard.seconds)),
        by="speech",
        confidence=sure,
        doubts=(doubt,) if doubt else (),
        notes=("third_voice",) * (len(real) > 2) + ("passing_voice",) * bool(heard.passing),
    )
    return _given(parted, parties), parties


def _collector(said: Sequence[Said], sources: Sequence[int]) -> tuple[int, float]:
    """Which source is the collector by what is said, and how sure that is (0.5 to 1)."""
    texts = {source: [text_of(one.words) for one in said if one.source == source] for source in sources}
    texts = {source: each for source, each in texts.items() if each}
    if not texts:
        return sources[0], 0.5
    first = min((one for one in said if one.source in texts), key=lambda one: one.words[0].start)
    roles = decide(texts, first.source)
    if roles.confidence >= 0.5:  # a single source may well be the other party
        return roles.collector, roles.confidence
    return next(source for source in sources if source != roles.collector), round(1 - roles.confidence, 2)


def _party(one: Said, parties: Parties) -> Speaker:
    return Speaker.ivr if is_announcement(text_of(one.words)) else parties.speakers[one.source]


def _given(said: Sequence[Said], parties: Parties) -> list[Spoken]:
    spoken = [Spoken(_party(one, parties), one.words) for one in said]
    return sorted(spoken, key=lambda one: (one.start, one.speaker))
