"""A rule's or cue's own examples as its test, and the house rules that a well-made rule keeps."""

from collections.abc import Iterator
from datetime import date, timedelta

from classifiers.classify import Classifier
from classifiers.folding import fold
from classifiers.model import Model
from classifiers.rules import CueRule, Example, Examples, Rule, RulePack, turns_of
from classifiers.turns import Turn

MOST_ASKED = 5  # sentences that must match, and as many that must not
WITHOUT_TERM = 2  # of those that match, contain none of the rule's terms verbatim
WITH_TERM = 2  # of those that must not match, contain one


def failures(pack: RulePack, model: Model | None = None) -> Iterator[tuple[str, str]]:
    """(rule or cue, complaint) for every example that comes out otherwise than it says, and where there are too few.

    Each rule is tried by itself, and the model is asked only by those that go by meaning: words must hold alone.
    """
    for rule in pack.rules:
        beside = {detector.beside.rule for detector in rule.detect if detector.beside}
        alone = pack.model_copy(update={"rules": tuple(r for r in pack.rules if r is rule or r.id in beside)})
        day = _day(pack, rule)
        classifier = Classifier(alone, model if rule.by_meaning else None)
        for example in rule.examples.match:
            if not _found(classifier, rule, example, day):
                yield rule.id, f"should match, but does not: {example.text}"
        for example in rule.examples.leave:
            if _found(classifier, rule, example, day):
                yield rule.id, f"should be left alone, but matches: {example.text}"
        for complaint in _shortages(rule):
            yield rule.id, complaint
    yield from _cue_failures(pack)


def _cue_failures(pack: RulePack) -> Iterator[tuple[str, str]]:
    classifier = Classifier(pack.model_copy(update={"rules": ()}))
    for name, cue in pack.cues.items():
        for example in cue.examples.match:
            if not _heard(classifier, name, cue, example):
                yield name, f"should match, but does not: {example.text}"
        for example in cue.examples.leave:
            if _heard(classifier, name, cue, example):
                yield name, f"should be left alone, but matches: {example.text}"
        for complaint in _too_few(cue.examples):
            yield name, complaint


def _heard(classifier: Classifier, name: str, cue: CueRule, example: Example) -> bool:
    """Whether the cue is heard in the example, said by one of its own speakers where the example names none."""
    turn = Turn(id="0", text=example.text, speaker=example.speaker or cue.speaker[0], channel=example.channel)
    return any(heard.name == name for heard in classifier.cues([turn]))


def _day(pack: RulePack, rule: Rule) -> date:
    """A day on which the rule judges: today, or else its first or its last."""
    first = max(rule.since, min((pack.laws[cited.law].since for cited in rule.laws), default=date.min))
    days = (date.today(), first, rule.until - timedelta(days=1))
    return next((day for day in days if pack.in_force(rule, day)), days[0])


def _found(classifier: Classifier, rule: Rule, example: Example, day: date) -> bool:
    """Whether the rule finds anything in the example."""
    judged = classifier.judge(turns_of(example, rule), day)
    return any(detection.rule == rule.id for judgement in judged for detection in judgement.findings)


def _shortages(rule: Rule) -> Iterator[str]:
    with_term = [sum(_has_term(rule, e) for e in examples) for examples in (rule.examples.match, rule.examples.leave)]
    yield from _too_few(rule.examples)
    if len(rule.examples.match) - with_term[0] < WITHOUT_TERM:
        yield f"fewer than {WITHOUT_TERM} matching examples without any of the rule's own terms"
    if rule.own_terms() and with_term[1] < WITH_TERM:
        yield f"fewer than {WITH_TERM} examples to be left alone that contain one of the rule's terms"


def _too_few(examples: Examples) -> Iterator[str]:
    for name, sentences in (("match", examples.match), ("leave", examples.leave)):
        if len(sentences) < MOST_ASKED:
            yield f"{len(sentences)} examples under {name}, {MOST_ASKED} asked"


def _has_term(rule: Rule, example: Example) -> bool:
    text = fold(example.text).text
    return any(fold(term).text in text for term in rule.own_terms())
