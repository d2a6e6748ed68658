"""Cues: what a talk shows about the contact itself, neither a violation nor a signal, such as a refusal to be called.

They are written in `pack.yaml`, each with the speakers whose lines are read, its patterns, exceptions and examples.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from classifiers.context import Line, lines_of
from classifiers.folding import Span
from classifiers.rules import CueRule
from classifiers.turns import Turn
from classifiers.vocabulary import Vocabulary

_MARKS = "，。！？；："


class Cue(NamedTuple):
    """A cue and where it stands: `line` counts the turns from 0, `start` and `end` the characters of its text."""

    name: str
    line: int
    start: int
    end: int
    quote: str


def cues_of(turns: Sequence[Turn], vocabulary: Vocabulary) -> list[Cue]:
    """The cues of one talk in order, at most one of each name a line: the first that no exception excuses."""
    return [cue for n, line in enumerate(lines_of(list(turns), vocabulary)) for cue in _in_line(n, line, vocabulary)]


def _in_line(n: int, line: Line, vocabulary: Vocabulary) -> Iterator[Cue]:
    for name, rule in vocabulary.cues.items():
        place = _place(rule, line) if line.turn.speaker in rule.speaker else None
        if place is not None:
            start, end = line.folded.back(*_without_marks(place, line.folded.text))
            yield Cue(name, n, start, end, line.turn.text[start:end])


def _place(rule: CueRule, line: Line) -> Span | None:
    """The first stretch of the folded line that shows the cue; of two that begin together the longer."""
    excuses = [span for pattern in rule.unless for span in line.patterns(pattern)]
    # by its last character: an exception may begin with the mark that ends the sentence before
    excused = {line.sentence_around(Span(span.end - 1, span.end)).start for span in excuses}
    places = (place for pattern in rule.patterns for place in line.patterns(pattern))
    standing = (place for place in places if line.sentence_around(place).start not in excused)
    return min(standing, key=lambda place: (place.start, -place.end), default=None)


def _without_marks(place: Span, folded: str) -> Span:
    """The stretch without the punctuation by which a pattern knows where a clause begins or ends."""
    found = folded[place.start : place.end]
    bare = Span(place.end - len(found.lstrip(_MARKS)), place.start + len(found.rstrip(_MARKS)))
    return bare if bare.start < bare.end else place
