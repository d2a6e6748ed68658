"""Who speaks when: voices of a whole call put together by speaker, and words parted by whose they are."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby, pairwise

import numpy as np

from audit.transcripts.engine import Word
from audit.transcripts.speakers.clustering import Labels, centres_of, grouped, silhouette
from audit.transcripts.speakers.embedding import Vectors, Voice

_CHANGE = 0.05  # what a change of speaker costs, in cosine, without a pause
_CHANGE_AT_PAUSE = 0.015  # and with one
_FEWEST = 5  # vectors (about 2 seconds) that say anything about how many speak
_APART = 0.45  # silhouette from which two groups are two speakers
_RESTLESS = 0.41  # changes, of those that chance would make, up to which groups less apart are two speakers
_ALIKE = 0.90  # cosine between two groups' directions from which a third speaker is not believed
_PASSING_SECONDS, _PASSING_SHARE = 4.0, 0.05  # what a party speaks at least; below is an echo, a television
_INTERJECTED = 0.6  # seconds: a shorter word within another's sentence is his
_PAUSE = 0.3  # seconds without a word around what somebody else puts in


@dataclass(frozen=True)
class Diarization:
    """Which speaker is heard at which times of a call. Speaker 0 speaks most; empty where nobody does.

    `at` are the times in seconds, ascending, and `labels` who is heard there; `seconds` how long each speaks in all.
    """

    at: tuple[float, ...]
    labels: tuple[int, ...]
    seconds: tuple[float, ...]

    @property
    def passing(self) -> frozenset[int]:
        """Speakers heard too shortly for a party to the call (an echo, a television): to be put down as `other`."""
        least = max(_PASSING_SECONDS, _PASSING_SHARE * sum(self.seconds))
        return frozenset(n for n, seconds in enumerate(self.seconds) if n and seconds < least)

    @property
    def parties(self) -> int:
        """How many speak for long enough to be parties: one says that nothing could be parted."""
        return len(self.seconds) - len(self.passing)

    @property
    def changes(self) -> list[tuple[float, int]]:
        """The times in seconds from which another speaker is heard, the first one too, with who that is."""
        begin = [(self.at[0], self.labels[0])] if self.at else []
        both = zip(pairwise(self.at), pairwise(self.labels), strict=True)
        return begin + [((one + other) / 2, new) for (one, other), (old, new) in both if old != new]

    def speaker_at(self, start: float, end: float) -> int:
        """Who speaks between two times in seconds: whoever is heard nearest to their middle."""
        if not self.at:
            return 0
        middle = (start + end) / 2
        n = bisect_left(self.at, middle, 1, len(self.at) - 1) if len(self.at) > 1 else 0
        return self.labels[n if n == 0 or self.at[n] - middle < middle - self.at[n - 1] else n - 1]


def cluster(voices: Sequence[Voice], speakers: int | None = None) -> Diarization:
    """Who speaks when, from the voices of a whole call in order of time.

    Without `speakers` it is told by the voices whether one, two or three speak; else so many are looked for.
    """
    if not voices:
        return Diarization((), (), ())
    vectors, cost = np.stack([voice.vector for voice in voices]), _cost(voices)
    labels = grouped(vectors, min(speakers, len(voices)), cost) if speakers else _told_apart(vectors, cost)
    return _by_length(voices, labels)


def parting(words: Sequence[Word], diarization: Diarization) -> list[tuple[int, tuple[Word, ...]]]:
    """The words in runs of one speaker: (who, what). A stray word amid a sentence goes with the sentence."""
    who = [diarization.speaker_at(word.start, word.end) for word in words]
    for n in range(1, len(words) - 1):
        if who[n - 1] == who[n + 1] != who[n] and _within(*words[n - 1 : n + 2]):
            who[n] = who[n - 1]
    runs = groupby(zip(who, words, strict=True), key=lambda pair: pair[0])
    return [(speaker, tuple(word for _, word in run)) for speaker, run in runs]


def _within(before: Word, word: Word, after: Word) -> bool:
    close = word.start - before.end < _PAUSE and after.start - word.end < _PAUSE
    return close and word.end - word.start < _INTERJECTED


def _cost(voices: Sequence[Voice]) -> Vectors:
    pauses = [one.end <= other.start for one, other in pairwise(voices)]
    return np.array([0.0, *(_CHANGE_AT_PAUSE if pause else _CHANGE for pause in pauses)], dtype=np.float32)


def _told_apart(vectors: Vectors, cost: Vectors) -> Labels:
    """The labels of as many speakers as there are, of three at most."""
    free = np.zeros_like(cost)  # changes are counted as they come, unsmoothed
    for speakers in (3, 2):
        if len(vectors) >= speakers * _FEWEST and _are_different(vectors, grouped(vectors, speakers, free), speakers):
            return grouped(vectors, speakers, cost)
    return np.zeros(len(vectors), dtype=np.intp)


def _are_different(vectors: Vectors, labels: Labels, speakers: int) -> bool:
    """Whether each two groups are two speakers; a third one must sound clearly unlike both."""
    present = np.unique(labels)
    if len(present) < speakers:
        return False
    centres = centres_of(vectors, labels)
    if speakers > 2 and max(float(one @ other) for one, other in combinations(centres, 2)) > _ALIKE:
        return False
    pairs = (np.isin(labels, pair) for pair in combinations(present, 2))
    return all(silhouette(vectors[of], labels[of]) >= _APART or _restless(labels[of]) <= _RESTLESS for of in pairs)


def _restless(labels: Labels) -> float:
    """How often the group changes, to how often it would by chance: one voice alone changes with each sound."""
    shares = np.unique(labels, return_counts=True)[1] / len(labels)
    return float((labels[1:] != labels[:-1]).mean() / max(1 - np.square(shares).sum(), 1e-9))


def _by_length(voices: Sequence[Voice], labels: Labels) -> Diarization:
    """The labels renumbered, from who speaks most."""
    lasting = dict.fromkeys(labels.tolist(), 0.0)
    for label, seconds in zip(labels.tolist(), _own_seconds(voices), strict=True):
        lasting[label] += seconds
    order = sorted(lasting, key=lambda label: -lasting[label])
    return Diarization(
        tuple((voice.start + voice.end) / 2 for voice in voices),
        tuple(order.index(label) for label in labels.tolist()),
        tuple(round(lasting[label], 2) for label in order),
    )


def _own_seconds(voices: Sequence[Voice]) -> Iterator[float]:
    """How much of the speech each voice stands for alone: to the next one of its stretch, the last one to its end."""
    for one, other in pairwise(voices):
        yield other.start - one.start if other.start < one.end else one.end - one.start
    yield voices[-1].end - voices[-1].start
