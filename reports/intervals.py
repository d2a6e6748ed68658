"""How sure a measure is: intervals of shares (Wilson 1927) and of rates (Byar's approximation to Poisson limits)."""

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple


class Interval(NamedTuple):
    """Where the true value lies with the confidence asked for."""

    low: float
    high: float


def wilson(count: float, base: int, confidence: float) -> Interval:
    """Of a share: `count` of `base`, which must be above 0."""
    z, share = _z(confidence), count / base
    middle = share + z * z / (2 * base)
    reach = z * sqrt(share * (1 - share) / base + z * z / (4 * base * base))
    scale = 1 + z * z / base
    return Interval(max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale))


def poisson(count: float, base: int, confidence: float) -> Interval:
    """Of a rate: `count` events in a base above 0, in events for one of the base."""
    z, more = _z(confidence), count + 1
    low = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3 if count else 0.0
    high = more * (1 - 1 / (9 * more) + z / (3 * sqrt(more))) ** 3
    return Interval(max(0.0, low) / base, high / base)


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)
