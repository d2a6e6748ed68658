"""From the hits in a line to what is said of it: rule by rule, with the model's word, nothing twice."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from classifiers.context import Line
from classifiers.detection import Detection, Evidence, Law
from classifiers.folding import Span
from classifiers.fusion import Fusion, together
from classifiers.hits import MODEL, Hit
from classifiers.rules import Rule, RulePack
from classifiers.taxonomy import Speaker

_MARKS = "，。！？；：、,.!?;: "
_FAINT = 0.3  # words worth less do not decide what is quoted
_WORTH_A_LOOK = 0.4  # of the threshold: what is held less likely is not even suggested


@dataclass(frozen=True)
class Weigher:
    """Weighs the hits of a pack's rules, with the reasons in `lang` (zh or en)."""

    pack: RulePack
    fusion: Fusion
    lang: str

    def detections(self, hits: Iterable[Hit], line: Line, day: date) -> list[Detection]:
        """What is to be said of one line, findings and suggestions alike, from left to right."""
        by_rule = groupby(sorted(hits, key=lambda hit: hit.rule.id), key=lambda hit: hit.rule)
        found = [self._detection(rule, list(group), line, day) for rule, group in by_rule]
        return _without_twins([d for d in found if d.score >= _WORTH_A_LOOK * self._threshold(d)])

    def is_finding(self, detection: Detection, line: Line) -> bool:
        """Whether it counts: sure enough, and in a line whose speaker is known (a signal counts whoever gave it)."""
        told_apart = line.turn.speaker != Speaker.other or detection.kind.is_signal
        return told_apart and detection.score >= self._threshold(detection)

    def _threshold(self, detection: Detection) -> float:
        asked = any(evidence.detector == MODEL for evidence in detection.evidence)
        return self.fusion.threshold(detection.kind, asked)

    def _detection(self, rule: Rule, hits: list[Hit], line: Line, day: date) -> Detection:
        chance = line.opinion.chances.get(rule.kind)
        worded = [hit for hit in hits if hit.evidence.detector != MODEL]
        evidence = sorted({hit.evidence for hit in worded}, key=lambda e: (-e.score, e.words))
        place = _place(worded or hits, line)
        return Detection(
            kind=rule.kind,
            severity=rule.severity,
            score=self.fusion.score(rule.kind, _worth(worded), chance, rule.hard),
            start=place.start,
            end=place.end,
            quote=line.turn.text[place.start : place.end],
            rule=rule.id,
            laws=self._laws(rule, day),
            why=rule.why.en if self.lang == "en" else rule.why.zh,
            evidence=(*evidence, *_asides(rule, line, chance)),
        )

    def _laws(self, rule: Rule, day: date) -> tuple[Law, ...]:
        cited = ((self.pack.laws[c.law], c) for c in rule.laws)
        return tuple(Law(law.title, c.article, c.checked) for law, c in cited if law.in_force(day))


def _asides(rule: Rule, line: Line, chance: float | None) -> Iterator[Evidence]:
    """What else bore on the score: the model's probability, and how it is known who heard it."""
    if chance is not None:
        yield Evidence(MODEL, rule.kind, round(chance, 2), line.opinion.notes.get(rule.kind, ""))
    if line.heard_by and (rule.audience or any(detector.audience for detector in rule.detect)):
        yield Evidence("audience", str(line.turn.audience), 0.0, line.heard_by)


def _place(hits: list[Hit], line: Line) -> Span:
    """Where it stands in the original text: the best hit with the others of its sentence."""
    best = max(hits, key=lambda hit: (hit.evidence.score, hit.span.end - hit.span.start))
    sentence = line.sentence_around(best.span)
    near = [hit.span for hit in hits if sentence.start <= hit.span.start and hit.span.end <= sentence.end]
    return _without_marks(line.turn.text, line.folded.back(min(s.start for s in near), max(s.end for s in near)))


def _without_marks(text: str, place: Span) -> Span:
    """The place without punctuation at its ends, unless there is nothing else."""
    words = text[place.start : place.end]
    start = place.start + len(words) - len(words.lstrip(_MARKS))
    end = place.end - (len(words) - len(words.rstrip(_MARKS)))
    return Span(start, end) if start < end else place


def _worth(hits: list[Hit]) -> float:
    """What the rule's words are worth: each entry once, for a repeated word proves no more, and what is excused only
    where nothing else stands.
    """
    plain = [hit for hit in hits if not hit.evidence.note]
    best = {
        hit.entry or hit.evidence.words: hit.evidence.score for hit in sorted(plain, key=lambda h: h.evidence.score)
    }
    return together(best.values()) if plain else max((hit.evidence.score for hit in hits), default=0.0)


def _rank(detection: Detection) -> int:
    """0 for what words show, 1 for what the model alone saw, 2 for what only the faintest words point to."""
    words = [e.score for e in detection.evidence if e.detector not in {MODEL, "audience"}]
    return 1 if not words else 0 if max(words) >= _FAINT else 2


def _without_twins(found: list[Detection]) -> list[Detection]:
    """Of detections of one kind, the surest in the same words, with the others' evidence added; what the model alone
    saw is told where no rule has words for it, and faint words only where neither is there.
    """
    kept: list[tuple[int, Detection]] = []
    ranked = ((_rank(detection), detection) for detection in found)
    for rank, detection in sorted(ranked, key=lambda each: (each[0], -each[1].score, each[1].severity.rank)):
        n = next((n for n, (other, twin) in enumerate(kept) if _adds_nothing(rank, detection, other, twin)), None)
        if n is None:
            kept.append((rank, detection))
        elif rank != 1:
            other, twin = kept[n]
            more = tuple(e for e in detection.evidence if e not in twin.evidence)
            surer = max(twin.score, detection.score)
            kept[n] = other, replace(twin, score=surer, evidence=twin.evidence + more)
    return sorted((detection for _, detection in kept), key=lambda d: (d.start, d.severity.rank))


def _adds_nothing(rank: int, detection: Detection, other: int, twin: Detection) -> bool:
    """Whether a detection is the twin's kind and of lower rank, or in the same words (of faint words, each is told)."""
    overlap = twin.start < detection.end and detection.start < twin.end
    return twin.kind == detection.kind and (overlap or rank == 1 or other < rank)
