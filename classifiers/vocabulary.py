"""All the words of a pack, compiled once, and who owns each: one scan of a line serves every rule."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from classifiers.detectors import Detector
from classifiers.folding import Span
from classifiers.patterns import Found, Homophones, Patterns, Sounds, Terms
from classifiers.rules import CueRule, Rule, RulePack, Verification

Owners = dict[str, list[tuple[Rule, Detector]]]


class Scan(NamedTuple):
    """What one scan of a folded line found, by the three ways of matching."""

    terms: Found
    patterns: Found
    pinyin: Found


NOTHING = Scan({}, {}, {})


class Vocabulary:
    """The compiled words of a pack. Patterns are known by their expanded form.

    `others` holds, by their way, the detectors that do not go by words; `exceptions` what each rule's are called;
    `cues` those of the pack, with the exceptions that they share written out.
    """

    def __init__(self, pack: RulePack) -> None:
        self._owners: tuple[Owners, Owners, Owners] = (defaultdict(list), defaultdict(list), defaultdict(list))
        self.others: Owners = defaultdict(list)
        self.exceptions: dict[str, dict[str, str]] = {}
        self.verification = Verification(
            **{name: tuple(map(pack.expand, patterns)) for name, patterns in pack.verification}
        )
        self.cues = {name: _cue_expanded(cue, pack) for name, cue in pack.cues.items()}
        conditions = [pack.expand(pattern) for pattern in pack.shared_patterns()]
        for rule in pack.rules:
            self.exceptions[rule.id] = {pack.expand(pattern): name for name, pattern in pack.exceptions_of(rule)}
            conditions += self.exceptions[rule.id]
            for detector in (_expanded(each, pack) for each in rule.detect):
                self._own(rule, detector)
                conditions += detector.conditions()
        terms, patterns, pinyin = self._owners
        self._terms, self._sounds = Terms(terms), Sounds(pinyin)
        self._patterns = Patterns([*patterns, *conditions])
        self._homophones = Homophones(pack.homophones)

    def scan(self, folded: str) -> Scan:
        """Everything of the pack that occurs in a folded text."""
        return Scan(self._terms.find(folded), self._patterns.find(folded), self._sounds.find(folded))

    def scan_put_right(self, folded: str, before: Scan) -> Scan:
        """What occurs, beyond the scan `before`, once words misheard for others of their sound are put right."""
        right = self._homophones.put_right(folded)
        if right == folded:
            return NOTHING
        return Scan(*(_new(*pair) for pair in zip(before, self.scan(right), strict=True)))

    def owned(self, scan: Scan) -> Iterator[tuple[Rule, Detector, str, list[Span]]]:
        """What a scan found, with whom it counts for: (rule, detector, words, places)."""
        for owners, found in zip(self._owners, scan, strict=True):
            for words, spans in found.items():
                for rule, detector in owners.get(words, ()):
                    yield rule, detector, words, spans

    def _own(self, rule: Rule, detector: Detector) -> None:
        for owners, words in zip(self._owners, (detector.terms, detector.patterns, detector.pinyin), strict=True):
            for word in words:
                owners[word].append((rule, detector))
        if detector.way not in Scan._fields:
            self.others[detector.way].append((rule, detector))


def _new(before: Found, after: Found) -> Found:
    known = {words: set(spans) for words, spans in before.items()}
    fresh = ((words, [s for s in spans if s not in known.get(words, ())]) for words, spans in after.items())
    return {words: spans for words, spans in fresh if spans}


def _expanded(detector: Detector, pack: RulePack) -> Detector:
    """The detector with the pack's shared word lists written out."""
    return detector.model_copy(
        update={
            "patterns": tuple(map(pack.expand, detector.patterns)),
            "anchor": tuple(map(pack.expand, detector.anchor)),
            "after": tuple(map(pack.expand, detector.after)),
            "missing": {name: tuple(map(pack.expand, patterns)) for name, patterns in detector.missing.items()},
        }
    )


def _cue_expanded(cue: CueRule, pack: RulePack) -> CueRule:
    """The cue with the pack's shared word lists and exceptions written out."""
    unless = tuple(pack.expand(pattern) for _, pattern in pack.exceptions_of(cue))
    return cue.model_copy(update={"patterns": tuple(map(pack.expand, cue.patterns)), "unless": unless})
