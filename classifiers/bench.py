"""How fast lines are judged, beside what one would otherwise write: `re` in turn, and a plain transformers pipeline.

Everything runs on one thread over the pack's own examples, the best of some rounds. Machines are noisy: read the
ratios rather than the rates.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from classifiers.classify import Classifier
from classifiers.detectors import Detector
from classifiers.folding import fold
from classifiers.model import SHIPPED, Model
from classifiers.rules import RulePack
from classifiers.turns import Turn

_ROUNDS = 3
_TERMS = 2000


class Timing(NamedTuple):
    """One way of judging: its lines a second, and how many times as fast as the peer named (1 for the peer itself)."""

    way: str
    rate: float
    ratio: float


def bench_rules(pack: RulePack) -> Iterator[Timing]:
    """Times each way on the same lines, a peer right after what it is the peer of."""
    texts = [e.text for rule in pack.rules for e in (*rule.examples.match, *rule.examples.leave)]
    terms = _terms(texts)
    yield from _beside(
        f"{_TERMS} terms", Classifier(_of_terms(pack, terms)), f"{_TERMS} terms, each by `in`", _each_in(terms), texts
    )
    yield from _beside(
        f"the pack of {len(pack.rules)} rules", Classifier(pack), "its patterns in turn by `re`", _in_turn(pack), texts
    )
    some = texts[::3]
    model = Model(threads=1)
    yield from _beside("rules and model", Classifier(pack, model), "transformers pipeline", _pipeline(model), some)


def _beside(
    way: str, classifier: Classifier, peer: str, plain: Callable[[Sequence[str]], object], texts: list[str]
) -> Iterator[Timing]:
    turns = [Turn(id=str(n), text=text, speaker=None) for n, text in enumerate(texts)]
    ours = _seconds(lambda: classifier.judge(turns))
    theirs = _seconds(lambda: plain(texts))
    yield Timing(way, len(texts) / ours, theirs / ours)
    yield Timing(f"  {peer}", len(texts) / theirs, 1.0)


def _seconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def _terms(texts: list[str]) -> list[str]:
    """Stretches of four to six characters of one line in ten: about as many lines have a hit as in a bad call."""
    cut = (text[n : n + 4 + n % 3] for text in texts[::10] for n in range(len(text) - 6))
    plain = (term for term in cut if fold(term).text == term)
    return list(islice(dict.fromkeys(plain), _TERMS))


def _of_terms(pack: RulePack, terms: list[str]) -> RulePack:
    rule = pack.rules[0].model_copy(update={"detect": (Detector(terms=tuple(terms)),), "unless": ()})
    return pack.model_copy(update={"rules": (rule,), "homophones": {}})


def _each_in(terms: list[str]) -> Callable[[Sequence[str]], object]:
    return lambda texts: [[term for term in terms if term in text] for text in texts]


def _in_turn(pack: RulePack) -> Callable[[Sequence[str]], object]:
    """Every term by `in` and every pattern by `re.search`, nothing judged."""
    terms = [fold(term).text for rule in pack.rules for term in rule.own_terms()]
    patterns = [
        re.compile(pack.expand(pattern))
        for rule in pack.rules
        for detector in rule.detect
        for pattern in (*detector.patterns, *detector.anchor)
    ]
    return lambda texts: [
        sum(term in text for term in terms) + sum(bool(p.search(text)) for p in patterns)
        for text in (fold(text).text for text in texts)
    ]


def _pipeline(model: Model) -> Callable[[Sequence[str]], object]:
    """A text-classification pipeline as one would write it, on a network of the same shape with random weights."""
    import torch  # noqa: PLC0415 - takes seconds to load
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast, pipeline  # noqa: PLC0415

    torch.set_num_threads(1)
    shape: dict[str, Any] = {**model.card["shape"], "num_labels": len(model.card["labels"])}
    network = BertForSequenceClassification(BertConfig(**shape))
    files: dict[str, Any] = {"tokenizer_file": str(SHIPPED / "tokenizer.json"), "pad_token": "<pad>"}
    tokenizer = PreTrainedTokenizerFast(**files)  # type: ignore[no-untyped-call]
    judge = pipeline("text-classification", model=network, tokenizer=tokenizer, device="cpu")
    return lambda texts: judge(list(texts), truncation=True, max_length=128)
