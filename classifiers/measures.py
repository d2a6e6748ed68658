"""How a line was spoken: silence before it, its speed, and how long it ran across the other side's words."""

from collections.abc import Sequence

from classifiers.detectors import Measure
from classifiers.turns import Turn


def measured(measure: Measure, turns: Sequence[Turn], n: int) -> float | None:
    """The measure of the nth line of a conversation, or None where its times are not known."""
    turn = turns[n]
    if turn.start is None or turn.end is None:
        return None
    if measure is Measure.speed:
        return len(turn.text) / (turn.end - turn.start) if turn.end > turn.start else None
    near = [t for t in turns[max(0, n - 3) : n + 2] if t is not turn and t.start is not None and t.end is not None]
    if measure is Measure.overlap:
        return sum(_shared(turn, other) for other in near if other.speaker != turn.speaker)
    ends = [other.end for other in near if other.end is not None and (other.start or 0) <= turn.start]
    return max(0.0, turn.start - max(ends)) if ends else None


def _shared(turn: Turn, other: Turn) -> float:
    """Seconds during which both were spoken."""
    return max(0.0, min(turn.end or 0, other.end or 0) - max(turn.start or 0, other.start or 0))
