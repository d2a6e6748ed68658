"""Conditions such as `demand && (night || !agreed)` over the names of a rule's detectors."""

import ast
from collections.abc import Callable, Iterator
from functools import lru_cache

_SPELLED = {"&&": " and ", "||": " or ", "!": " not "}


@lru_cache(maxsize=4096)
def holds(expression: str) -> Callable[[frozenset[str]], bool]:
    """A test whether the expression holds for a set of names. Raises ValueError when it is none."""
    tree = _parsed(expression)
    return lambda present: _value(tree, present)


def names(expression: str) -> list[str]:
    """The names that occur in the expression. Raises ValueError when it is none."""
    return [node.id for node in ast.walk(_parsed(expression)) if isinstance(node, ast.Name)]


def _parsed(expression: str) -> ast.expr:
    spelled = expression.strip()
    for sign, word in _SPELLED.items():
        spelled = spelled.replace(sign, word)
    try:
        tree = ast.parse(spelled.strip(), mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{expression!r} is no expression of names with && || ! and brackets") from error
    if stray := next((node for node in ast.walk(tree) if not isinstance(node, _allowed())), None):
        raise ValueError(f"{expression!r}: {type(stray).__name__} has no place in it")
    return tree


def _allowed() -> tuple[type[ast.AST], ...]:
    return (ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.Name, ast.Load)


def _value(node: ast.expr, present: frozenset[str]) -> bool:
    match node:
        case ast.Name(id=name):
            return name in present
        case ast.UnaryOp(operand=operand):
            return not _value(operand, present)
        case ast.BoolOp(op=operator, values=values):
            each = _values(values, present)
            return all(each) if isinstance(operator, ast.And) else any(each)
        case _:
            return False


def _values(nodes: list[ast.expr], present: frozenset[str]) -> Iterator[bool]:
    return (_value(node, present) for node in nodes)
