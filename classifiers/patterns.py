"""The three kinds of matching, each compiled once for a whole pack: terms, RE2 expressions and pinyin."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

import re2
from ahocorasick_rs import AhoCorasick

from classifiers.atoms import groups_of
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
    """RE2 expressions. Only those are tried whose literal parts occur; the few without any are tried together."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._compiled = {pattern: re2.compile(pattern.encode(), _options()) for pattern in sorted(set(patterns))}
        groups = {pattern: groups_of(pattern) for pattern in self._compiled}
        self._bare = _Set([pattern for pattern, needed in groups.items() if not needed])
        self._atoms = sorted({atom for needed in groups.values() for group in needed for atom in group})
        number = {atom: n for n, atom in enumerate(self._atoms)}
        self._asking: dict[int, list[tuple[str, list[frozenset[int]]]]] = defaultdict(list)
        for pattern, (first, *others) in ((p, needed) for p, needed in groups.items() if needed):
            rest = [frozenset(number[atom] for atom in group) for group in others]
            for atom in first:
                self._asking[number[atom]].append((pattern, rest))
        self._automaton = AhoCorasick(self._atoms)

    def find(self, folded: str) -> Found:
        """Each expression's places, from left to right."""
        present = {hit[0] for hit in self._automaton.find_matches_as_indexes(folded, overlapping=True)}
        candidates = {
            pattern
            for atom in present & self._asking.keys()
            for pattern, rest in self._asking[atom]
            if not any(map(present.isdisjoint, rest))
        }
        candidates.update(self._bare.found(folded))
        data = folded.encode()  # once for all: the library would do it again for each expression
        places = {p: list(_spans(data, self._compiled[p].finditer(data))) for p in candidates}
        return {pattern: spans for pattern, spans in places.items() if spans}


def _spans(data: bytes, matches: "Iterable[re2._Match]") -> Iterator[Span]:
    """The places in characters of matches in the bytes of UTF-8, counted on from one to the next."""
    read = characters = 0
    for match in matches:
        start, end = match.span()
        characters += len(data[read:start].decode())
        yield Span(characters, characters := characters + len(data[start:end].decode()))
        read = end


class _Set:
    """Expressions of which one pass says which occur."""

    def __init__(self, patterns: list[str]) -> None:
        self._patterns = patterns
        self._set = re2.Set.SearchSet(_options())
        for pattern in patterns:
            self._set.Add(pattern)
        self._set.Compile()

    def found(self, text: str) -> Iterator[str]:
        """Those that occur."""
        return (self._patterns[n] for n in (self._set.Match(text) or ()) if self._patterns)


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
        matches = list(self._layer.find(folded))
        if not matches:
            return folded
        characters = list(folded)
        for word, written, start in matches:
            found = folded[start : start + len(written)]
            if found != written and found not in self._words[word]:
                characters[start : start + len(written)] = written
        return "".join(characters)


_start = itemgetter(1)


class _Layer:
    """Terms spelled in one reading, each syllable between single spaces so that only whole ones match."""

    def __init__(self, reading: Callable[[str], str], terms: list[str]) -> None:
        self._spelling = _Spelling(reading)
        self._terms = [(term, fold(term).text) for term in terms]
        self._automaton = AhoCorasick([self._spell(written) for _, written in self._terms])

    def find(self, folded: str) -> Iterator[tuple[str, str, int]]:
        """(the term, its folded form, where its sound begins)."""
        if not self._terms:
            return
        spelled = self._spell(folded)
        read = characters = 0
        for index, start, _ in sorted(self._automaton.find_matches_as_indexes(spelled, overlapping=True), key=_start):
            characters += spelled.count(" ", read, start)
            read = start
            yield *self._terms[index], characters

    def _spell(self, text: str) -> str:
        return text.translate(self._spelling) + " "


class _Spelling(dict[int, str]):
    """Each character's reading after a space, worked out at its first use."""

    def __init__(self, reading: Callable[[str], str]) -> None:
        super().__init__({ord(" "): " _"})
        self._reading = reading

    def __missing__(self, code: int) -> str:
        self[code] = " " + self._reading(chr(code))
        return self[code]
