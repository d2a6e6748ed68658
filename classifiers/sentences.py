"""A written text is read whole and sentence by sentence: of several wrongs in one message the loudest hides the others.

A kind's probability lies (in log-odds) between the whole text's and that of its surest sentence, and its place is the
one in that sentence. What is spoken, and a text of one sentence, is read once.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import itemgetter

from classifiers.folding import Span
from classifiers.fusion import between
from classifiers.model import Model, Opinion
from classifiers.reading import Said
from classifiers.taxonomy import Channel, Kind

_END = re.compile(r"[。！？；\n]+")
_LEAST = 12  # characters: a shorter sentence is read with the next one
_SENTENCE = 0.75  # what the surest sentence counts for, beside the whole text

Part = tuple[Span, Opinion]


def opinions(model: Model, lines: Sequence[Said]) -> Iterator[Opinion]:
    """The model's opinion of each line, in order. One text's sentences are held at a time; calls are read as ever."""
    united: dict[Said, Opinion] = {}
    for line, whole in zip(lines, model.opinions(lines), strict=True):
        if line not in united:
            spans = _sentences(line)
            parts = model.opinions(list(_parts(line, spans)))
            united[line] = _united(whole, list(zip(spans, parts, strict=True)))
        yield united[line]


def _sentences(line: Said) -> list[Span]:
    """Where the sentences of a written line stand; none if there is only one."""
    if line.channel is Channel.call:
        return []
    ends = [0]
    for mark in _END.finditer(line.text):
        if mark.end() - ends[-1] >= _LEAST:
            ends.append(mark.end())
    if len(line.text) - ends[-1] < _LEAST and len(ends) > 1:
        ends.pop()
    return [Span(*place) for place in pairwise([*ends, len(line.text)])] if len(ends) > 1 else []


def _parts(line: Said, spans: Sequence[Span]) -> Iterator[Said]:
    """Each sentence as if it were a line, the one before it as what was said before."""
    before = line.before
    for span in spans:
        text = line.text[span.start : span.end]
        yield line._replace(text=text, before=before)
        before = (text,)


def _united(whole: Opinion, parts: Sequence[Part]) -> Opinion:
    """What the whole text and its sentences together come to."""
    if not parts:
        return whole
    united = Opinion(embedding=whole.embedding)
    for kind, chance in whole.chances.items():
        surest, place = max((_held(part, kind) for part in parts), key=itemgetter(0))
        united.chances[kind] = between(chance, surest, _SENTENCE)
        united.places[kind] = place or whole.places[kind]
    return united


def _held(part: Part, kind: Kind) -> tuple[float, Span | None]:
    """The probability of a kind in a sentence, and its place in the whole text."""
    span, opinion = part
    place = opinion.places.get(kind)
    moved = Span(span.start + place.start, span.start + place.end) if place else None
    return opinion.chances.get(kind, 0.0), moved
