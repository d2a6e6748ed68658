"""The three kinds of matching, each compiled once for a whole pack: terms, RE2 expressions and pinyin."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import re2
from ahocorasick_rs import AhoCorasick

from classifiers.folding import Span, fold
from classifiers.pinyin import blurred, syllable

_MEMORY = 1 << 29  # bytes at most for one automaton; a pack's patterns together need more than RE2's own limit
_BLUR_FROM = 3  # syllables


Found = dict[str, list[Span]]
"""What was found, by the entry that found it, with its places in the folded text."""


def _options() -> "re2.Options":
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    return options


def check_pattern(pattern: str) -> str | None:
    """What is wrong with an RE2 expression, or None. One that fits the empty text would fit everywhere."""
    try:
        if re2.compile(pattern, _options()).fullmatch(""):
            return "fits the empty text"
    except re2.error as error:
        reason = error.args[0]
        return reason.decode() if isinstance(reason, bytes) else str(reason)
    return None


class Terms:
    """Terms found verbatim in folded text, overlapping ones too, by Aho-Corasick."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = sorted(set(terms))
        self._automaton = AhoCorasick([fold(term).text for term in self._terms])

    def find(self, folded: str) -> Found:
        """Every place of every term."""
        found: Found = defaultdict(list)
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            found[self._terms[index]].append(Span(start, end))
        return found


class Patterns:
    """RE2 expressions: one pass says which of them occur, and only those are located."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = sorted(set(patterns))
        self._compiled = [re2.compile(pattern, _options()) for pattern in self._patterns]
        self._set = re2.Set.SearchSet(_options())
        for pattern in self._patterns:
            self._set.Add(pattern)
        self._set.Compile()

    def find(self, folded: str) -> Found:
        """Each expression's places, from left to right."""
        return {
            self._patterns[i]: [Span(*match.span()) for match in self._compiled[i].finditer(folded)]
            for i in self._set.Match(folded) or ()
        }


class Sounds:
    """Terms found by their toneless pinyin where something else is written."""

    def __init__(self, terms: Iterable[str]) -> None:
        known = sorted(set(terms))
        short = [term for term in known if len(fold(term).text) < _BLUR_FROM]
        long = [term for term in known if len(fold(term).text) >= _BLUR_FROM]
        self._layers = [_Layer(syllable, short), _Layer(blurred, long)]

    def find(self, folded: str) -> Found:
        """Every place that sounds like a term but is not it."""
        found: Found = defaultdict(list)
        for layer in self._layers:
            for term, written, start in layer.find(folded):
                if folded[start : start + len(written)] != written:
                    found[term].append(Span(start, start + len(written)))
        return found


class Homophones:
    """Words that a recogniser writes with other characters of the same sound, put right.

    `words` gives for each the writings of that sound that are words of their own and stay as they are.
    """

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self._words = words
        self._layer = _Layer(blurred, sorted(words))

    def put_right(self, folded: str) -> str:
        """The text, as long as it was, with each word in its own characters."""
        characters = list(folded)
        for word, written, start in self._layer.find(folded):
            found = folded[start : start + len(written)]
            if found != written and found not in self._words[word]:
                characters[start : start + len(written)] = written
        return "".join(characters)


class _Layer:
    """Terms spelled in one reading, each syllable between single spaces so that only whole ones match."""

    def __init__(self, reading: Callable[[str], str], terms: list[str]) -> None:
        self._reading = reading
        self._terms = [(term, fold(term).text) for term in terms]
        self._automaton = AhoCorasick([self._spell(written) for _, written in self._terms])

    def find(self, folded: str) -> Iterator[tuple[str, str, int]]:
        """(the term, its folded form, where its sound begins)."""
        spelled = self._spell(folded)
        for index, start, _ in self._automaton.find_matches_as_indexes(spelled, overlapping=True):
            yield *self._terms[index], spelled.count(" ", 0, start)

    def _spell(self, text: str) -> str:
        return " " + " ".join(self._reading(c) if c != " " else "_" for c in text) + " "
