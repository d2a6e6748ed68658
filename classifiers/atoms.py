"""What a text must contain for an expression to match it, so that most expressions need not be tried on most texts.

As in Russ Cox, "Regular Expression Matching with a Trigram Index" (2012): each expression asks for some groups of
literal strings, and matches only where at least one string of every group occurs.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import product
from re import _parser as parser  # type: ignore[attr-defined]  # the only parser of expressions in the library
from typing import Any, NamedTuple

Group = frozenset[str]

_MOST = 64  # strings in a group
_LONGEST_CLASS = 24  # characters of a class that are still written out
_OTHERWISE = re.compile(r"\[\[:|\(\?[a-zA-Z]*i")  # what RE2 reads otherwise, or matches in either case
_EMPTY: Group = frozenset({""})


class _Needs(NamedTuple):
    """`exact` are all the texts that a part matches, if they are few; `groups` is what a match must contain."""

    exact: Group | None
    groups: tuple[Group, ...] = ()

    def whole(self) -> tuple[Group, ...]:
        """The groups, the exact texts among them."""
        return (*self.groups, self.exact) if self.exact and "" not in self.exact else self.groups


def groups_of(pattern: str) -> list[Group]:
    """The groups of an expression, the most telling first; none where nothing can be said."""
    if _OTHERWISE.search(pattern):
        return []
    try:
        needs = _sequence(parser.parse(pattern))
    except re.error:
        return []  # RE2 knows a few things more
    return sorted(set(needs.whole()), key=lambda group: (-min(map(len, group)), len(group), sorted(group)))


def _sequence(nodes: Iterable[tuple[Any, Any]]) -> _Needs:
    """Parts one after the other: their exact texts are joined as long as they stay few."""
    groups: list[Group] = []
    current, exact = _EMPTY, True
    for needs in map(_node, nodes):
        groups += needs.groups
        joined = _joined(current, needs.exact)
        if joined is None:
            exact = False
            groups += [current] if "" not in current else []
            current = needs.exact or _EMPTY
        else:
            current = joined
    if exact:
        return _Needs(current, tuple(groups))
    return _Needs(None, (*groups, current) if "" not in current else tuple(groups))


def _joined(before: Group, after: Group | None) -> Group | None:
    if after is None or len(before) * len(after) > _MOST:
        return None
    return frozenset(a + b for a, b in product(before, after))


def _node(node: tuple[Any, Any]) -> _Needs:
    kind, value = str(node[0]), node[1]
    if kind == "SUBPATTERN":
        return _sequence(value[-1])
    if kind == "BRANCH":
        return _branches([_sequence(branch) for branch in value[1]])
    if kind in {"MAX_REPEAT", "MIN_REPEAT"}:
        return _repeated(value[0], value[1], _sequence(value[2]))
    return _Needs(_exact(kind, value))


def _exact(kind: str, value: Any) -> Group | None:
    if kind == "LITERAL":
        return frozenset({chr(value)})
    if kind == "IN":
        return _characters(value)
    return _EMPTY if kind == "AT" else None


def _characters(members: Sequence[tuple[Any, Any]]) -> Group | None:
    literal = all(str(kind) == "LITERAL" for kind, _ in members)
    return frozenset(chr(code) for _, code in members) if literal and len(members) <= _LONGEST_CLASS else None


def _branches(branches: list[_Needs]) -> _Needs:
    exact = [branch.exact for branch in branches]
    if all(texts is not None for texts in exact) and sum(len(texts or ()) for texts in exact) <= _MOST:
        return _Needs(frozenset().union(*(texts or () for texts in exact)))
    best = [max(branch.whole(), key=lambda group: min(map(len, group)), default=None) for branch in branches]
    chosen = [group for group in best if group is not None]
    return _Needs(None, (frozenset().union(*chosen),) if len(chosen) == len(branches) else ())


def _repeated(least: int, most: int, inside: _Needs) -> _Needs:
    if least == 0:
        return _Needs(inside.exact | _EMPTY if inside.exact is not None and most == 1 else None)
    return inside if most == 1 else _Needs(None, inside.whole())
