"""Which hits stand once the whole conversation is known: near another rule's hit, often enough, and together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from classifiers.expressions import holds
from classifiers.hits import Hit


def standing(hits: Sequence[Hit]) -> list[Hit]:
    """The hits of one conversation whose detectors' and rules' conditions hold."""
    of_rule: dict[str, set[int]] = defaultdict(set)
    for hit in hits:
        of_rule[hit.rule.id].add(hit.line)
    left = [hit for hit in hits if _is_beside(hit, of_rule)]
    of_detector: dict[int, set[int]] = defaultdict(set)
    for hit in left:
        of_detector[id(hit.detector)].add(hit.line)
    left = [hit for hit in left if _is_repeated(hit, of_detector[id(hit.detector)])]
    names: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    for hit in left:
        names[_place(hit)].add(hit.detector.name or "")
    return [hit for hit in left if not hit.rule.when or holds(hit.rule.when)(frozenset(names[_place(hit)]))]


def _is_beside(hit: Hit, of_rule: Mapping[str, set[int]]) -> bool:
    beside = hit.detector.beside
    if beside is None:
        return True
    lines = sorted(of_rule.get(beside.rule, ()))
    if len(lines) < beside.hit:
        return False
    away = hit.line - lines[beside.hit - 1]
    side = {"before": away < 0, "around": True, "after": away > 0}[beside.where]
    return side and abs(away) <= beside.lines


def _is_repeated(hit: Hit, lines: set[int]) -> bool:
    """Whether the detector has hit in as many lines as it asks for, this one the last of them."""
    times, within = hit.detector.times, hit.detector.within
    return times == 1 or sum(hit.line - n in lines for n in range(within)) >= times


def _place(hit: Hit) -> tuple[str, int | None]:
    """Where the names of a rule's detectors are joined: in the line, or in the whole conversation."""
    return hit.rule.id, None if hit.rule.over == "conversation" else hit.line
