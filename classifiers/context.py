"""A line in its setting: what was said just before, in which sentence a hit stands, and who hears it by now."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from classifiers.folding import Folded, Span, fold
from classifiers.rules import Verification
from classifiers.taxonomy import Audience, Channel, Speaker
from classifiers.turns import Turn
from classifiers.vocabulary import NOTHING, Scan, Vocabulary

_SENTENCE_END = re.compile(r"[。！？；\n]")
_LOOK_BACK = 2  # lines
_IDENTIFY_WITHIN = 2  # lines between the question who it is and the answer


@dataclass(frozen=True)
class Line:
    """A turn, folded and scanned, with what may have been misheard in it and the scans of the lines before."""

    turn: Turn
    folded: Folded
    found: Scan
    misheard: Scan
    before: tuple[Scan, ...]

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
        given = [vocabulary.scan(fold(text).text) for text in turn.context]
        said = [scan for line in lines[-_LOOK_BACK:] for scan in (line.found, line.misheard)]
        before = (*given[-_LOOK_BACK:], *said)
        found = vocabulary.scan(folded.text)
        misheard = vocabulary.scan_put_right(folded.text, found) if turn.channel is Channel.call else NOTHING
        lines.append(Line(turn, folded, found, misheard, before))
    return lines


def audiences(lines: list[Line], verification: Verification) -> list[Line]:
    """The lines with `unverified` turned into `debtor` from the moment the other side is known to be the debtor."""
    known = _verified_from(lines, verification)
    return [_to_debtor(line) if n >= known else line for n, line in enumerate(lines)]


def _to_debtor(line: Line) -> Line:
    if line.turn.audience != Audience.unverified:
        return line
    return replace(line, turn=line.turn.model_copy(update={"audience": Audience.debtor}))


def _verified_from(lines: list[Line], verification: Verification) -> int:
    """The line from which on it is known: the collector asked (`ask`) and one of the next two lines of the other side
    confirms (`confirm`), or the collector says that what was asked agrees (`agree`). Beyond the last line if never.
    """
    asked = None
    for n, line in enumerate(lines):
        if line.turn.speaker == Speaker.collector:
            if line.says(verification.agree):
                return n
            asked = n if line.says(verification.ask) else asked
        elif asked is not None and n - asked <= _IDENTIFY_WITHIN and line.says(verification.confirm):
            return n
    return len(lines)
