"""A rule's own examples as its test, and the house rules that a well-made rule keeps."""

from collections.abc import Iterator

from classifiers.classify import Classifier
from classifiers.folding import fold
from classifiers.rules import Example, Rule, RulePack, turns_of

MOST_ASKED = 5  # sentences that must match, and as many that must not
WITHOUT_TERM = 2  # of those that match, contain none of the rule's terms verbatim
WITH_TERM = 2  # of those that must not match, contain one


def failures(pack: RulePack) -> Iterator[tuple[str, str]]:
    """(rule, complaint) for every example that comes out otherwise than it says, and every rule short of examples."""
    classifier = Classifier(pack)
    for rule in pack.rules:
        for example in rule.examples.match:
            if not _found(classifier, rule, example):
                yield rule.id, f"should match, but does not: {example.text}"
        for example in rule.examples.leave:
            if _found(classifier, rule, example):
                yield rule.id, f"should be left alone, but matches: {example.text}"
        for complaint in _shortages(rule):
            yield rule.id, complaint


def _found(classifier: Classifier, rule: Rule, example: Example) -> bool:
    """Whether the rule finds anything in the example."""
    judged = classifier.judge(turns_of(example, rule))
    return any(detection.rule == rule.id for judgement in judged for detection in judgement.findings)


def _shortages(rule: Rule) -> Iterator[str]:
    with_term = [sum(_has_term(rule, e) for e in examples) for examples in (rule.examples.match, rule.examples.leave)]
    for name, examples in (("match", rule.examples.match), ("leave", rule.examples.leave)):
        if len(examples) < MOST_ASKED:
            yield f"{len(examples)} examples under {name}, {MOST_ASKED} asked"
    if len(rule.examples.match) - with_term[0] < WITHOUT_TERM:
        yield f"fewer than {WITHOUT_TERM} matching examples without any of the rule's own terms"
    if with_term[1] < WITH_TERM:
        yield f"fewer than {WITH_TERM} examples to be left alone that contain one of the rule's terms"


def _has_term(rule: Rule, example: Example) -> bool:
    text = fold(example.text).text
    return any(fold(term).text in text for term in rule.own_terms())
