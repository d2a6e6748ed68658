"""Everything in the lines of a conversation that a detector of the pack notices."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from classifiers.context import Line
from classifiers.detection import Evidence
from classifiers.detectors import Detector
from classifiers.folding import Span
from classifiers.fusion import lessened
from classifiers.measures import measured
from classifiers.model import Floats, Model
from classifiers.personal import Datum, SpokenLine, find_in_talk
from classifiers.rates import yearly_rates
from classifiers.rules import Rule, RulePack
from classifiers.taxonomy import Audience, Channel, Speaker
from classifiers.vocabulary import Vocabulary

_MISHEARD = {"terms": 0.5, "patterns": 0.7, "pinyin": 1.0}  # of a detector's worth where words had to be put right
_EXCUSED = 0.3  # of a hit's worth where an exception stands in its sentence
_NOT_EXCUSED = {"label", "measure", "anchor"}  # the model has read the sentence; the others do not go by words
_FAINT = 0.08  # what the model holds less likely is no hit; it still bears on what the rules' words are worth
MODEL = "model"
"""The detector named in the model's evidence."""


@dataclass(frozen=True)
class Hit:
    """A place in a line that a detector of a rule noticed. `line` counts from 0 in its conversation;
    `entry` is what the rule has for it (a term, a pattern): of one entry's hits one counts.
    """

    rule: Rule
    detector: Detector
    line: int
    span: Span
    evidence: Evidence
    entry: str = ""


class Finder:
    """Finds by every way that the pack's detectors ask for; those that need a model are silent without one."""

    def __init__(self, pack: RulePack, vocabulary: Vocabulary, model: Model | None) -> None:
        self._pack, self._vocabulary = pack, vocabulary
        self._days: dict[date, frozenset[str]] = {}
        sentences = [s for _, detector in vocabulary.others["similar"] for s in detector.similar]
        self._examples = model.embeddings(sentences) if model and sentences else {}

    def reconsidered(self, line: Line) -> Line:
        """A written line with the model less sure of a kind where an exception of the rule that asks for it stands."""
        if line.turn.channel is Channel.call:
            return line
        chances, notes = dict(line.opinion.chances), dict(line.opinion.notes)
        for rule, _ in self._vocabulary.others["label"]:
            excuses = self._vocabulary.exceptions[rule.id]
            excuse = next((excuses[pattern] for pattern in line.found.patterns if pattern in excuses), None)
            if excuse and rule.kind in chances and rule.kind not in notes:
                before, after = chances[rule.kind], lessened(chances[rule.kind])
                chances[rule.kind], notes[rule.kind] = after, f"{excuse}: {before:.2f} → {after:.2f}"
        return replace(line, opinion=replace(line.opinion, chances=chances, notes=notes))

    def hits(self, lines: list[Line], day: date) -> Iterator[Hit]:
        """The hits in the lines of one conversation, of the rules of that day, where their detectors count."""
        in_force = self._in_force(day)
        for hit in self._everywhere(lines, day):
            line = lines[hit.line]
            if hit.rule.id in in_force and concerns(hit.rule, line) and _applies(hit, lines):
                yield self._excused(hit, line)

    def _in_force(self, day: date) -> frozenset[str]:
        """The ids of the rules that judge on that day."""
        if day not in self._days:
            self._days[day] = frozenset(rule.id for rule in self._pack.rules if self._pack.in_force(rule, day))
        return self._days[day]

    def _everywhere(self, lines: list[Line], day: date) -> Iterator[Hit]:
        for n, line in enumerate(lines):
            yield from self._by_words(line, n)
            if line.opinion.chances:
                yield from self._by_meaning(line, n)
        yield from self._personal(lines)
        yield from self._rates(lines, day)
        yield from self._measures(lines)
        yield from self._omissions(lines)

    def _by_words(self, line: Line, n: int) -> Iterator[Hit]:
        for scan, misheard in ((line.found, False), (line.misheard, True)):
            for rule, detector, entry, spans in self._vocabulary.owned(scan):
                way = f"misheard {detector.way}" if misheard else detector.way
                worth = round(detector.worth * (_MISHEARD[detector.way] if misheard else 1), 2)
                for span in spans:
                    evidence = Evidence(way, line.folded.text[span.start : span.end], worth)
                    yield Hit(rule, detector, n, span, evidence, entry)

    def _by_meaning(self, line: Line, n: int) -> Iterator[Hit]:
        opinion, embedding = line.opinion, line.opinion.embedding
        for rule, detector in self._vocabulary.others["label"]:
            if detector.label and opinion.chances.get(detector.label, 0.0) >= _FAINT:
                evidence = Evidence(MODEL, detector.label, opinion.chances[detector.label])
                yield Hit(rule, detector, n, opinion.places[detector.label], evidence)
        for rule, detector in self._vocabulary.others["similar"]:
            if embedding is None:
                continue
            closeness, nearest = max((_cosine(embedding, self._examples[s]), s) for s in detector.similar)
            if closeness >= detector.near:
                yield Hit(rule, detector, n, line.whole, Evidence("similar", nearest, detector.worth))

    def _personal(self, lines: list[Line]) -> Iterator[Hit]:
        """Personal data told, but not what the other side has told before: that is read back."""
        wanted = self._vocabulary.others["personal"]
        spoken = [SpokenLine(line.folded.text, line.turn.speaker or "") for line in lines]
        names = any(Datum.name in detector.personal for _, detector in wanted)
        told = find_in_talk(spoken, names=names) if wanted else []
        known: dict[str, str | None] = {}
        for n, data in enumerate(told):
            for datum in data:
                if known.setdefault(datum.value, lines[n].turn.speaker) != lines[n].turn.speaker:
                    continue
                for rule, detector in wanted:
                    if datum.kind in detector.personal:
                        yield Hit(rule, detector, n, datum.span, Evidence("personal", datum.kind, detector.worth))

    def _rates(self, lines: list[Line], day: date) -> Iterator[Hit]:
        for rule, detector in self._vocabulary.others["rate"]:
            cap = self._pack.cap(detector.rate or "", day)
            for n, line in enumerate(lines):
                for rate, span in yearly_rates(line.folded.text):
                    if cap is not None and rate > cap:
                        yield Hit(rule, detector, n, span, Evidence("rate", f"{rate:g}% > {cap:g}%", detector.worth))

    def _measures(self, lines: list[Line]) -> Iterator[Hit]:
        turns = [line.turn for line in lines]
        for rule, detector in self._vocabulary.others["measure"]:
            for n, line in enumerate(lines):
                value = measured(detector.measure, turns, n) if detector.measure and line.folded.text else None
                if value is not None and _beyond(value, detector):
                    yield Hit(rule, detector, n, line.whole, Evidence(detector.way, f"{value:.1f}", detector.worth))

    def _omissions(self, lines: list[Line]) -> Iterator[Hit]:
        """For each rule with an anchor, the first line it stands in, if what had to be said by then was not."""
        for rule, detector in self._vocabulary.others["anchor"] if len(lines) > 1 else ():
            said = [(n, line) for n, line in enumerate(lines) if concerns(rule, line)]
            anchored = ((n, s) for n, line in said for p in detector.anchor for s in line.patterns(p))
            n, span = min(anchored, default=(-1, Span(0, 0)))
            heard = [line for m, line in said if m <= n]
            missing = [name for name, wanted in detector.missing.items() if not any(x.says(wanted) for x in heard)]
            if n >= 0 and missing:
                yield Hit(rule, detector, n, span, Evidence("missing", "、".join(missing), detector.worth))

    def _excused(self, hit: Hit, line: Line) -> Hit:
        """The hit, worth less where an exception of its rule stands in its sentence."""
        excuse = None if hit.detector.way in _NOT_EXCUSED else self._excuse(hit, line)
        if excuse is None:
            return hit
        before, after = hit.evidence.score, round(hit.evidence.score * _EXCUSED, 2)
        return replace(hit, evidence=replace(hit.evidence, score=after, note=f"{excuse}: {before:g} → {after:g}"))

    def _excuse(self, hit: Hit, line: Line) -> str | None:
        excuses = self._vocabulary.exceptions[hit.rule.id]
        sentence: Span | None = None
        for pattern, spans in (*line.found.patterns.items(), *line.misheard.patterns.items()):
            if pattern in excuses:
                sentence = sentence or line.sentence_around(hit.span)
                if any(map(sentence.overlaps, spans)):
                    return excuses[pattern]
        return None


def concerns(rule: Rule, line: Line) -> bool:
    """Whether the rule judges such a line: by who speaks, who hears and the channel."""
    turn = line.turn
    speaks = turn.speaker is None or turn.speaker == Speaker.other or turn.speaker in rule.speakers
    hears = not rule.audience or (turn.audience or Audience.debtor) in rule.audience
    return speaks and hears and (not rule.channel or turn.channel in rule.channel)


def _cosine(one: Floats, other: Floats) -> float:
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


def _applies(hit: Hit, lines: list[Line]) -> bool:
    detector, line = hit.detector, lines[hit.line]
    hears = not detector.audience or (line.turn.audience or Audience.debtor) in detector.audience
    via = not detector.channel or line.turn.channel in detector.channel
    told = not detector.after or any(line.was_said_before(p) for p in detector.after)
    return hears and via and told and (detector.lines is None or _in_range(detector.lines, lines, hit.line))


def _in_range(wanted: tuple[int, int], lines: list[Line], n: int) -> bool:
    """Whether the line's number among its speaker's lines is in the range; negative numbers count from the end."""
    own = [m for m, line in enumerate(lines) if line.turn.speaker == lines[n].turn.speaker]
    first, last = (len(own) + number + 1 if number < 0 else number for number in wanted)
    return first <= own.index(n) + 1 <= last


def _beyond(value: float, detector: Detector) -> bool:
    over = detector.above is None or value > detector.above
    return over and (detector.below is None or value < detector.below)
