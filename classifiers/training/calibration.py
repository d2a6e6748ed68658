"""From logits to probabilities that can be believed, fitted on lines that were not trained on (Platt 1999)."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def platt(logits: Floats, truth: Floats) -> tuple[float, float]:
    """The slope and offset that turn one label's logits into probabilities; near (1, 0) where the lines are few."""
    slope, offset = logistic(np.stack([logits, np.ones_like(logits)], axis=1), truth, np.array([1.0, 0.0]), prior=2.0)
    return float(slope), float(offset)


def logistic(inputs: Floats, truth: Floats, start: Floats, prior: float, rounds: int = 100) -> Floats:
    """The weights (one a column of the inputs) of a logistic regression held near `start` by a
    Gaussian prior, fitted by half Newton steps.
    """
    weights = start.copy()
    for _ in range(rounds):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        gradient = inputs.T @ (chance - truth) + prior * (weights - start)
        curve = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + prior * np.eye(len(start))
        weights = weights - 0.5 * np.linalg.solve(curve, gradient)
    return weights


def expected_error(chances: Floats, truth: Floats, bins: int = 10) -> list[tuple[float, float, int]]:
    """The calibration plot's points: per bin of probability its mean, the share that is true, and how many."""
    place = np.minimum((chances * bins).astype(int), bins - 1)
    return [
        (float(chances[place == n].mean()), float(truth[place == n].mean()), int((place == n).sum()))
        for n in range(bins)
        if (place == n).any()
    ]
