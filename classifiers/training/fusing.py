"""How much rules and model count beside each other, and from where on a kind is found: chosen on held-out lines."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from classifiers.classify import Classifier
from classifiers.fusion import Fusion
from classifiers.rules import RulePack
from classifiers.taxonomy import Kind
from classifiers.training.calibration import Floats, logistic
from classifiers.training.samples import KINDS
from classifiers.turns import LabelledTurn

_RECALL = {Kind.self_harm: 2.0}  # how much more a missed line costs than one too many: a life
_GRID = np.arange(0.2, 0.81, 0.02)
_MOST_ACCUSED = 0.035  # of the lines without a violation
_NARROW = 0.12  # how far a kind's own threshold may lie from the common one: its lines are few


def fit_fusion(chances: Floats, truth: Floats, held: Sequence[LabelledTurn], pack: RulePack) -> dict[str, Any]:
    """The card's `fusion`, from the calibrated probabilities and labels (lines x kinds) of the held-out lines."""
    words = rule_scores(held, pack)
    chance, weight, bias = _joint(chances, words, truth)
    fusion = Fusion(chance, weight, bias)
    scores = np.array(
        [[fusion.score(*each) for each in zip(KINDS, *row, strict=True)] for row in zip(words, chances, strict=True)]
    )
    common = _common(scores, truth)
    thresholds = {
        kind.value: round(_own(scores[:, n], truth[:, n], common, _RECALL.get(kind, 1.0)), 2)
        for n, kind in enumerate(KINDS)
    }
    return {"chance": round(chance, 3), "words": round(weight, 3), "bias": round(bias, 3), "thresholds": thresholds}


def rule_scores(turns: Sequence[LabelledTurn], pack: RulePack) -> Floats:
    """What the rules alone hold of each line and kind, from 0 to 1."""
    scores = np.zeros((len(turns), len(KINDS)))
    for row, judgement in enumerate(Classifier(pack).judge(turns)):
        for found in (*judgement.findings, *judgement.suggestions):
            if found.kind in KINDS:
                column = KINDS.index(found.kind)
                scores[row, column] = max(scores[row, column], found.score)
    return scores


def _joint(chances: Floats, words: Floats, truth: Floats) -> tuple[float, float, float]:
    """The weights of the model's log-odds, of the rules' score and of neither, where the rules say anything."""
    said = words > 0
    held = np.clip(chances[said], 1e-4, 1 - 1e-4)
    inputs = np.stack([np.log(held / (1 - held)), words[said], np.ones_like(held)], axis=1)
    chance, weight, bias = logistic(inputs, truth[said], np.array([1.0, 0.0, 0.0]), prior=0.2)
    return float(chance), float(weight), float(bias)


def _common(scores: Floats, truth: Floats) -> float:
    """The threshold for all kinds with the best mean F1 that accuses few enough harmless lines."""
    violations = np.array([not kind.is_signal for kind in KINDS])
    harmless = ~truth[:, violations].any(axis=1).astype(bool)
    allowed = [t for t in _GRID if (scores[harmless][:, violations] >= t).any(axis=1).mean() <= _MOST_ACCUSED]
    candidates = allowed or [float(_GRID[-1])]
    return float(max(candidates, key=lambda t: np.mean([_f(scores[:, n], truth[:, n], t) for n in range(len(KINDS))])))


def _own(scores: Floats, truth: Floats, common: float, recall: float) -> float:
    """A kind's own threshold near the common one: the middle of those with the best F score."""
    near = [float(t) for t in _GRID if common - _NARROW * recall <= t <= common + _NARROW]
    best = max(_f(scores, truth, t, recall) for t in near)
    return float(np.median([t for t in near if _f(scores, truth, t, recall) >= best - 1e-9]))


def _f(scores: Floats, truth: Floats, threshold: float, recall: float = 1.0) -> float:
    """F score in which recall weighs so many times as much as precision (van Rijsbergen 1979)."""
    found = scores >= threshold
    right = float((found * truth).sum())
    return (1 + recall**2) * right / max(1.0, float(found.sum() + recall**2 * truth.sum()))
