"""How right a classifier is on labelled lines: per kind, and over all."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Any

from classifiers.taxonomy import Kind

_Z = 1.96  # of a 95 % interval

Labelled = tuple[frozenset[Kind], frozenset[Kind]]
"""One line: the kinds it was labelled with, and those found in it."""


@dataclass(frozen=True)
class Score:
    """True positives, false positives and false negatives of one kind."""

    tp: int
    fp: int
    fn: int

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 0 when nothing was found."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 0.0

    @property
    def recall(self) -> float:
        """Share of what is there that was found; 0 when nothing is there."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _f1(self.tp / self._cases) if self._cases else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """A 95 % interval of F1: tp of all cases is a proportion, its Wilson interval carries over to F1 = 2p/(1+p)."""
        n = self._cases
        if not n:
            return 0.0, 1.0
        p = self.tp / n
        centre, spread = p + _Z**2 / (2 * n), _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
        low, high = ((centre + sign * spread) / (1 + _Z**2 / n) for sign in (-1, 1))
        return _f1(max(low, 0.0)), _f1(min(high, 1.0))

    @property
    def _cases(self) -> int:
        return self.tp + self.fp + self.fn

    def as_json(self) -> dict[str, Any]:
        """The counts and the figures made from them, rounded."""
        rates = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        low, high = self.interval
        return {
            **{"tp": self.tp, "fp": self.fp, "fn": self.fn},
            **{name: round(value, 4) for name, value in rates.items()},
            "f1_interval": [round(low, 4), round(high, 4)],
        }


@dataclass(frozen=True)
class Evaluation:
    """The scores of every kind that is labelled or found, and how often a harmless line is accused."""

    lines: int
    kinds: dict[Kind, Score]
    accused: int
    harmless: int

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the kinds that are labelled at all."""
        labelled = [score.f1 for score in self.kinds.values() if score.tp + score.fn]
        return sum(labelled) / len(labelled) if labelled else 0.0

    @property
    def fpr(self) -> float:
        """The share of lines without a violation label in which a violation was found."""
        return self.accused / self.harmless if self.harmless else 0.0

    def as_json(self) -> dict[str, Any]:
        """The shape of `evaluate --format json`."""
        return {
            "lines": self.lines,
            "kinds": {kind.value: score.as_json() for kind, score in self.kinds.items()},
            "macro_f1": round(self.macro_f1, 4),
            "fpr": round(self.fpr, 4),
        }


def evaluate(lines: Iterable[Labelled]) -> Evaluation:
    """Scores lines by their labels and what was found in them."""
    pairs = list(lines)
    tp = Counter(kind for wanted, found in pairs for kind in wanted & found)
    fp = Counter(kind for wanted, found in pairs for kind in found - wanted)
    fn = Counter(kind for wanted, found in pairs for kind in wanted - found)
    harmless = [found for wanted, found in pairs if not _violations(wanted)]
    kinds = {kind: Score(tp[kind], fp[kind], fn[kind]) for kind in Kind if tp[kind] + fp[kind] + fn[kind]}
    return Evaluation(len(pairs), kinds, sum(bool(_violations(found)) for found in harmless), len(harmless))


def _violations(kinds: frozenset[Kind]) -> frozenset[Kind]:
    return frozenset(kind for kind in kinds if not kind.is_signal)


def _f1(proportion: float) -> float:
    return 2 * proportion / (1 + proportion)
