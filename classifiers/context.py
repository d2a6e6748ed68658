"""A line in its setting: what was said before, in which sentence a hit stands, who hears it and how that is known."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from classifiers.folding import Folded, Span, fold
from classifiers.model import Opinion
from classifiers.reading import Said
from classifiers.taxonomy import Channel
from classifiers.turns import Turn
from classifiers.vocabulary import NOTHING, Scan, Vocabulary

_SENTENCE_END = re.compile(r"[。！？；\n]")
_LOOK_BACK = 2  # lines


@dataclass(eq=False)
class Line:
    """A turn, folded and scanned, with what may have been misheard in it and the scans of the lines before.

    `heard_by` says how it is known who hears it; `opinion` is the model's, if there is one.
    """

    turn: Turn
    folded: Folded
    found: Scan
    misheard: Scan
    before: tuple[Scan, ...]
    said: Said
    heard_by: str = ""
    opinion: Opinion = field(default=Opinion())

    def patterns(self, pattern: str) -> list[Span]:
        """The places of an (expanded) pattern of the pack in this line, misheard ones too."""
        return [*self.found.patterns.get(pattern, ()), *self.misheard.patterns.get(pattern, ())]

    def says(self, patterns: Iterable[str]) -> bool:
        """Whether one of the (expanded) patterns occurs in this line."""
        return any(self.patterns(pattern) for pattern in patterns)

    def was_said_before(self, pattern: str) -> bool:
        """Whether the pattern occurs in one of the lines just before."""
        return any(pattern in scan.patterns for scan in self.before)

    @cached_property
    def whole(self) -> Span:
        """All of the folded text."""
        return Span(0, len(self.folded.text))

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [match.end() for match in _SENTENCE_END.finditer(self.folded.text)]

    def sentence_around(self, span: Span) -> Span:
        """The sentence of the folded text in which the span begins."""
        ends = self._sentence_ends
        n = bisect_right(ends, span.start)
        start, end = ends[n - 1] if n else 0, ends[n] if n < len(ends) else len(self.folded.text)
        return Span(start, max(span.end, end))


def lines_of(turns: list[Turn], vocabulary: Vocabulary) -> list[Line]:
    """The turns of one conversation, each scanned once, knowing the two lines before it."""
    lines: list[Line] = []
    for turn in turns:
        folded = fold(turn.text)
        given = [fold(text).text for text in turn.context[-_LOOK_BACK:]]
        recent = lines[-_LOOK_BACK:]
        before = (*map(vocabulary.scan, given), *(scan for line in recent for scan in (line.found, line.misheard)))
        found = vocabulary.scan(folded.text)
        misheard = vocabulary.scan_put_right(folded.text, found) if turn.channel is Channel.call else NOTHING
        words = tuple(given) or tuple(line.folded.text for line in recent)
        said = Said(folded.text, turn.speaker, turn.audience, turn.channel, words)
        lines.append(Line(turn, folded, found, misheard, before, said))
    return lines
