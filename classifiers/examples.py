"""A rule's own examples as its test, and the house rules that a well-made rule keeps."""

from collections.abc import Iterator
from datetime import date, timedelta

from classifiers.classify import Classifier
from classifiers.folding import fold
from classifiers.model import Model
from classifiers.rules import Example, Rule, RulePack, turns_of

MOST_ASKED = 5  # sentences that must match, and as many that must not
WITHOUT_TERM = 2  # of those that match, contain none of the rule's terms verbatim
WITH_TERM = 2  # of those that must not match, contain one


def failures(pack: RulePack, model: Model | None = None) -> Iterator[tuple[str, str]]:
    """(rule, complaint) for every example that comes out otherwise than it says, and every rule short of examples.

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
    for name, examples in (("match", rule.examples.match), ("leave", rule.examples.leave)):
        if len(examples) < MOST_ASKED:
            yield f"{len(examples)} examples under {name}, {MOST_ASKED} asked"
    if len(rule.examples.match) - with_term[0] < WITHOUT_TERM:
        yield f"fewer than {WITHOUT_TERM} matching examples without any of the rule's own terms"
    if rule.own_terms() and with_term[1] < WITH_TERM:
        yield f"fewer than {WITH_TERM} examples to be left alone that contain one of the rule's terms"


def _has_term(rule: Rule, example: Example) -> bool:
    text = fold(example.text).text
    return any(fold(term).text in text for term in rule.own_terms())
