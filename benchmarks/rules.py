"""How fast lines are judged, beside what one would write first: every term and pattern tried in turn with `re`.

    python benchmarks/rules.py

Both run over the pack's own examples; machines are noisy, so read the ratio and not the rates.
"""

import re
import time
from collections.abc import Callable

from classifiers import Classifier, Turn, load_pack
from classifiers.folding import fold
from classifiers.rules import RulePack

ROUNDS = 3


def in_turn(pack: RulePack) -> Callable[[str], int]:
    """Every term by `in`, every pattern by `re.search`, one after the other."""
    terms = [fold(term).text for rule in pack.rules for term in rule.own_terms()]
    patterns = [
        re.compile(pack.expand(pattern))
        for rule in pack.rules
        for d in rule.detect
        for pattern in d.patterns + d.anchor
    ]
    return lambda text: sum(term in text for term in terms) + sum(bool(p.search(text)) for p in patterns)


def seconds(work: Callable[[], object]) -> float:
    """The best of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> None:
    pack = load_pack()
    texts = [e.text for rule in pack.rules for e in (*rule.examples.match, *rule.examples.leave)]
    turns = [Turn(id=str(n), text=text, speaker=None) for n, text in enumerate(texts)]
    classifier, plain = Classifier(pack), in_turn(pack)
    ours = seconds(lambda: classifier.judge(turns))
    theirs = seconds(lambda: [plain(fold(text).text) for text in texts])
    print(f"{len(texts)} lines, {len(pack.rules)} rules")
    print(f"judged with evidence, exceptions and a second look: {len(texts) / ours:8.0f} lines/s")
    print(f"searched in turn with re, nothing judged:           {len(texts) / theirs:8.0f} lines/s")
    print(f"ratio: {theirs / ours:.1f}")


if __name__ == "__main__":
    main()
