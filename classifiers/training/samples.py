"""Labelled lines for the model: read, varied as speech recognition would, and put into batches."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from classifiers.folding import fold
from classifiers.reading import CONTEXT, Said
from classifiers.taxonomy import Channel, Kind
from classifiers.training.noise import misheard
from classifiers.turns import LabelledTurn

KINDS = tuple(kind for kind in Kind if kind not in {Kind.identity_omission, Kind.procedure})
OFFENSIVE = "offensive"
LABELS = (*KINDS, OFFENSIVE)
"""What the model tells: the kinds that stand in single lines, and offence as public data sets label it."""

_UNKNOWN_SPEAKER, _UNKNOWN_AUDIENCE, _NO_CONTEXT, _AS_HEARD = 0.12, 0.25, 0.15, 0.4


@dataclass(frozen=True)
class Sample:
    """A line, its labels, and which labels were judged at all (a public data set knows only of its own)."""

    said: Said
    labels: frozenset[str]
    known: frozenset[str] = frozenset(KINDS)

    @property
    def length(self) -> int:
        """About how much there is to read, in characters."""
        return len(self.said.text) + sum(min(len(text), CONTEXT) for text in self.said.before)

    @staticmethod
    def of(turn: LabelledTurn) -> "Sample":
        """The sample for a labelled line."""
        before = tuple(fold(text).text for text in turn.context[-2:])
        return Sample(Said(turn.text, turn.speaker, turn.audience, turn.channel, before), frozenset(turn.labels))

    def varied(self, chance: random.Random) -> "Sample":
        """The sample with a part of its setting unknown, and with what recognition does to speech."""
        said = self.said
        heard = said.channel is Channel.call and chance.random() < _AS_HEARD
        varied = Said(
            fold(misheard(said.text, chance) if heard else said.text).text or said.text,
            None if chance.random() < _UNKNOWN_SPEAKER else said.speaker,
            None if chance.random() < _UNKNOWN_AUDIENCE else said.audience,
            said.channel,
            () if chance.random() < _NO_CONTEXT else said.before,
        )
        return replace(self, said=varied)


def batches(samples: Sequence[Sample], size: int, chance: random.Random) -> Iterator[list[Sample]]:
    """The samples in random order, lines of about one length together so that little is padded."""
    order = sorted(samples, key=lambda sample: sample.length * chance.uniform(0.9, 1.1))
    groups = [list(order[n : n + size]) for n in range(0, len(order), size)]
    chance.shuffle(groups)
    yield from groups
