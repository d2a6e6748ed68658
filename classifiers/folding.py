"""One form for matching: full width, case, traditional script, stray spaces and numerals are made alike.

The folded text remembers where each of its characters came from, so that a hit is quoted as it was written.
"""

import re
import unicodedata
from typing import NamedTuple

from opencc import OpenCC

from classifiers.numbers import NUMERALS, find_numbers

_to_simplified = OpenCC("t2s").convert
_PADDING = frozenset(" \t\r\n\u3000\u200b*_·•~^|/\\-")  # put between characters to slip past filters
_PUNCTUATION = str.maketrans(",?!;:()", "，？！；：（）")  # patterns are written with Chinese punctuation
_MOVES = re.compile(f"[{re.escape(''.join(_PADDING))}]|[{NUMERALS}]{{2}}")  # what makes places shift
_WORDY = re.compile(r"[a-z0-9]")


class Span(NamedTuple):
    """A half-open stretch of a text."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


class Folded(NamedTuple):
    """The folded text, and for each of its characters the stretch of the original that it stands for.

    `origin` is None where each stands for the one in its place.
    """

    text: str
    origin: tuple[Span, ...] | None = None

    def back(self, start: int, end: int) -> Span:
        """The stretch of the original under text[start:end] (which must not be empty)."""
        if self.origin is None:
            return Span(start, end)
        return Span(self.origin[start].start, self.origin[end - 1].end)


def simplified(text: str) -> str:
    """The text in simplified characters, as long as the original."""
    converted = _to_simplified(text)
    return converted if len(converted) == len(text) else "".join(map(_to_simplified, text))


def fold(text: str) -> Folded:
    """The form in which terms and patterns are compared (see the module)."""
    plain = text.translate(_FOLDED)
    if len(plain) == len(text) and not _MOVES.search(plain):
        return Folded(plain)
    return _fold_with_origin(text)


def _fold_with_origin(text: str) -> Folded:
    pieces = [(folded, i) for i, c in enumerate(text) for folded in _FOLDED[ord(c)]]
    kept = [(c, Span(i, i + 1)) for n, (c, i) in enumerate(pieces) if c not in _PADDING or _between_words(pieces, n)]
    plain = "".join(c for c, _ in kept)
    out: list[tuple[str, Span]] = []
    at = 0
    for number in find_numbers(plain):
        out += kept[at : number.start]
        whole = Span(kept[number.start][1].start, kept[number.end - 1][1].end)
        out += [(digit, whole) for digit in number.value]
        at = number.end
    out += kept[at:]
    return Folded("".join(c for c, _ in out), tuple(span for _, span in out))


class _FoldedCharacters(dict[int, str]):
    """Each character's folded form, worked out at its first use."""

    def __missing__(self, code: int) -> str:
        folded: str = _to_simplified(unicodedata.normalize("NFKC", chr(code)).lower())
        self[code] = folded.translate(_PUNCTUATION)
        return self[code]


_FOLDED = _FoldedCharacters()


def _between_words(pieces: list[tuple[str, int]], n: int) -> bool:
    """Latin words and numbers keep the one mark between them: "reg f" is not "regf"."""
    if not 0 < n < len(pieces) - 1:
        return False
    return bool(_WORDY.match(pieces[n - 1][0]) and _WORDY.match(pieces[n + 1][0]))
