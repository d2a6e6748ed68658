"""Runs a rule pack over lines: collects evidence, weighs it, and says what was found and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from math import prod

from classifiers.context import Line, audiences, lines_of
from classifiers.detection import Detection, Evidence, Law
from classifiers.folding import Span
from classifiers.rules import Detector, Rule, RulePack
from classifiers.taxonomy import Audience, Speaker
from classifiers.turns import Turn
from classifiers.vocabulary import Vocabulary

THRESHOLD = 0.5  # from here on the evidence makes a finding, below it a suggestion
_MISHEARD = {"terms": 0.5, "patterns": 0.7, "pinyin": 1.0}  # of a detector's worth where words had to be put right
_MARKS = "，。！？；：、,.!?;: "
_CERTAIN = 0.99  # no rule is surer than this


@dataclass(frozen=True)
class Judgement:
    """What was found in one line: `findings` count, `suggestions` are weak cues for a person to look at."""

    id: str
    findings: list[Detection] = field(default_factory=list)
    suggestions: list[Detection] = field(default_factory=list)


@dataclass(frozen=True)
class _Hit:
    rule: Rule
    span: Span
    evidence: Evidence


class Classifier:
    """A pack made ready to judge. `lang` is the language of the reasons (zh or en)."""

    def __init__(self, pack: RulePack, lang: str = "zh") -> None:
        self.pack = pack
        self._lang = lang
        self._vocabulary = Vocabulary(pack)

    def judge(self, turns: Sequence[Turn], day: date | None = None) -> list[Judgement]:
        """One judgement a line, in order, by the law of that day (today's without one).

        Lines of one conversation standing together are judged together.
        """
        day = day or date.today()
        judged: list[Judgement] = []
        for conversation, group in groupby(turns, key=lambda turn: turn.conversation):
            together = list(group)
            for talk in [together] if conversation is not None else [[turn] for turn in together]:
                judged += self._judge_talk(talk, day)
        return judged

    def _judge_talk(self, turns: list[Turn], day: date) -> list[Judgement]:
        lines = lines_of(turns, self._vocabulary)
        lines = audiences(lines, self._vocabulary.verification)
        omissions = list(self._omissions(lines)) if len(lines) > 1 else []
        return [self._judge_line(line, [hit for at, hit in omissions if at == n], day) for n, line in enumerate(lines)]

    def _judge_line(self, line: Line, hits: list[_Hit], day: date) -> Judgement:
        hits = [*hits, *self._hits(line)]
        by_rule = groupby(sorted(hits, key=lambda hit: hit.rule.id), key=lambda hit: hit.rule)
        found = _without_overlaps([self._detection(rule, list(group), line, day) for rule, group in by_rule])
        judgement = Judgement(line.turn.id)
        for detection in found:
            sure = detection.score >= THRESHOLD and (line.turn.speaker != Speaker.other or detection.kind.is_signal)
            (judgement.findings if sure else judgement.suggestions).append(detection)
        return judgement

    def _hits(self, line: Line) -> Iterator[_Hit]:
        for scan, misheard in ((line.found, False), (line.misheard, True)):
            for rule, detector, way, words, spans in self._vocabulary.owned(scan):
                if not (_concerns(rule, line) and _applies(detector, line)):
                    continue
                worth = round(detector.worth * (_MISHEARD[way] if misheard else 1), 2)
                for span in spans:
                    if not self._excused(rule, line, span):
                        yield _Hit(rule, span, Evidence(f"misheard {way}" if misheard else way, words, worth))

    def _excused(self, rule: Rule, line: Line, span: Span) -> bool:
        sentence = line.sentence_around(span)
        return any(
            excuse.start < sentence.end and sentence.start < excuse.end
            for pattern in self._vocabulary.exceptions[rule.id]
            for excuse in line.patterns(pattern)
        )

    def _omissions(self, lines: list[Line]) -> Iterator[tuple[int, _Hit]]:
        """For each rule with an anchor, the first line it stands in, if what had to be said by then was not."""
        for rule, detector in self._vocabulary.anchored:
            said = [(n, line) for n, line in enumerate(lines) if _concerns(rule, line)]
            for n, line in said:
                spans = [s for pattern in detector.anchor for s in line.patterns(pattern)]
                if not spans:
                    continue
                heard = [earlier for m, earlier in said if m <= n]
                missing = [name for name, wanted in detector.missing.items() if not _any_said(wanted, heard)]
                if missing:
                    yield n, _Hit(rule, min(spans), Evidence("missing", "、".join(missing), detector.worth))
                break

    def _detection(self, rule: Rule, hits: list[_Hit], line: Line, day: date) -> Detection:
        evidence = tuple(sorted({hit.evidence for hit in hits}, key=lambda e: (-e.score, e.words)))
        best = max(hits, key=lambda hit: (hit.evidence.score, hit.span.end - hit.span.start))
        sentence = line.sentence_around(best.span)
        near = [hit.span for hit in hits if sentence.start <= hit.span.start and hit.span.end <= sentence.end]
        place = _without_marks(line.turn.text, line.folded.back(min(s.start for s in near), max(s.end for s in near)))
        return Detection(
            kind=rule.kind,
            severity=rule.severity,
            score=round(min(_CERTAIN, 1 - prod(1 - worth for worth in _distinct(evidence))), 2),
            start=place.start,
            end=place.end,
            quote=line.turn.text[place.start : place.end],
            rule=rule.id,
            laws=self._laws(rule, day),
            why=rule.why.en if self._lang == "en" else rule.why.zh,
            evidence=evidence,
        )

    def _laws(self, rule: Rule, day: date) -> tuple[Law, ...]:
        cited = ((self.pack.laws[c.law], c) for c in rule.laws)
        return tuple(Law(law.title, c.article, c.checked) for law, c in cited if law.in_force(day))


def _without_marks(text: str, place: Span) -> Span:
    """The place without punctuation at its ends, unless there is nothing else."""
    words = text[place.start : place.end]
    start = place.start + len(words) - len(words.lstrip(_MARKS))
    end = place.end - (len(words) - len(words.rstrip(_MARKS)))
    return Span(start, end) if start < end else place


def _distinct(evidence: Iterable[Evidence]) -> list[float]:
    """The worth of each different wording once: a repeated word proves no more."""
    return list({item.words: item.score for item in evidence}.values())


def _concerns(rule: Rule, line: Line) -> bool:
    turn = line.turn
    speaks = turn.speaker is None or turn.speaker == Speaker.other or turn.speaker in rule.speakers
    hears = not rule.audience or (turn.audience or Audience.debtor) in rule.audience
    return speaks and hears and (not rule.channel or turn.channel in rule.channel)


def _applies(detector: Detector, line: Line) -> bool:
    turn = line.turn
    hears = not detector.audience or (turn.audience or Audience.debtor) in detector.audience
    via = not detector.channel or turn.channel in detector.channel
    return hears and via and (not detector.after or any(line.was_said_before(p) for p in detector.after))


def _any_said(patterns: Iterable[str], lines: Iterable[Line]) -> bool:
    return any(line.says(patterns) for line in lines)


def _without_overlaps(found: list[Detection]) -> list[Detection]:
    """Of detections of one kind in the same words, the surest, with the others' evidence added."""
    kept: list[Detection] = []
    for detection in sorted(found, key=lambda d: (-d.score, d.severity.rank, d.start)):
        twin = next(
            (k for k in kept if k.kind == detection.kind and k.start < detection.end and detection.start < k.end), None
        )
        if twin:
            kept[kept.index(twin)] = replace(twin, evidence=twin.evidence + detection.evidence)
        else:
            kept.append(detection)
    return sorted(kept, key=lambda d: (d.start, d.severity.rank))
