"""What rules and model are worth together: one scale for both, fitted on lines that neither was made from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import exp, log, prod

from classifiers.taxonomy import Kind

_CERTAIN = 0.99  # nothing is surer than this
_EXCUSED = 2.0  # log-odds that an exception takes from what the model holds of a written text
_THRESHOLD = 0.5  # where rules judge alone


@dataclass(frozen=True)
class Fusion:
    """`chance` weighs the model's log-odds, `words` the rules' score, on top of `bias`; `thresholds` are by kind."""

    chance: float = 1.0
    words: float = 0.0
    bias: float = 0.0
    thresholds: Mapping[Kind, float] = field(default_factory=dict)

    def score(self, kind: Kind, words: float, chance: float | None, hard: bool = False) -> float:
        """The score of a kind in a line, by the rules' score and the model's probability (None: it was not asked).

        Words never make less of what the model holds by itself, and a hard rule that would be a finding alone is one.
        """
        if chance is None:
            return rounded(words)
        joint = _sigmoid(self.chance * _log_odds(chance) + self.words * words + self.bias) if words else chance
        stands = max(words, self.threshold(kind, True)) if hard and words >= _THRESHOLD else 0.0
        return rounded(max(joint, chance, stands))

    def threshold(self, kind: Kind, asked: bool) -> float:
        """From which score on there is a finding, below it a suggestion. `asked`: the model had a say."""
        return self.thresholds.get(kind, _THRESHOLD) if asked else _THRESHOLD


def together(worths: Iterable[float]) -> float:
    """Pieces of evidence taken as independent: the chance that not all of them mislead."""
    return 1 - prod(1 - worth for worth in worths)


def between(one: float, other: float, share: float) -> float:
    """The probability whose log-odds lie that share of the way from those of one to those of the other."""
    return _sigmoid((1 - share) * _log_odds(one) + share * _log_odds(other))


def lessened(chance: float) -> float:
    """The probability that is left where an exception stands beside what the model saw."""
    return _sigmoid(_log_odds(chance) - _EXCUSED)


def rounded(score: float) -> float:
    """The score as it is told: two places, and never quite certain."""
    return round(min(_CERTAIN, score), 2)


def _log_odds(chance: float) -> float:
    held = min(max(chance, 1e-4), 1 - 1e-4)
    return log(held / (1 - held))


def _sigmoid(odds: float) -> float:
    return 1 / (1 + exp(-odds))
