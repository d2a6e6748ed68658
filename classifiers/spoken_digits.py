"""Numbers as they are said: in pieces, with pauses and fillers between, or as repeats (三个八).

Folding has turned 幺三八 into 138 already; what is left here are pieces, single numerals and what stands between them.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_NUMERALS = "零〇洞一幺二两三四五六七拐八九勾"
_VALUES = str.maketrans(_NUMERALS, "0001122345677899")
DIGIT = f"[0-9{_NUMERALS}]"  # of a pattern: one digit, written or said
_FEWEST = 7  # digits or counts in the shortest way to say a whole number: 1 3 8 四个八 四个零
_LONGEST = 19  # digits of the longest number that matters, a bank card's
_SPLIT = 3  # digits from which on a piece is likely one that a number is written or said in: 138 0012 3456
_PAUSE = 4  # fillers and marks at most between two pieces

_ENOUGH = re.compile(f"(?:{DIGIT}[^0-9{_NUMERALS}]{{0,8}}+){{{_FEWEST}}}")
_TOKEN = re.compile(
    rf"""
    (?P<gap> (?:最?后面?|末尾?|中间|前面?)[0-9一二两三四五六七八九]位数?   # 后四位, between the pieces of one number
           | [\ ，、。\-—~呃嗯啊哦额哎是再杠] | 那个 | 然后 | 接着 | 后面 | 中间)
  | (?P<count>[2-9二两三四五六七八九])个(?P<same>{DIGIT})
  | (?P<zero>(?<=[0-9])o+(?=[0-9]))
  | (?P<check>(?:x|叉|艾克斯)(?![a-z]))                             # an identity number may end so
  | (?P<written>(?:(?<![0-9])|(?<=个[0-9]))(?:[0-9]+?(?=[2-9]个{DIGIT})
                           |[0-9]++(?![元块亿%天年月期笔]|万(?!一)|个(?!{DIGIT}))))   # 5000元 is no digits
  | (?P<said>[{_NUMERALS}]{{1,2}}(?![百千万亿元块天年月日号期笔点遍次下定些样共直起般会切个]))   # nor are 一定, 三天
    """,
    re.VERBOSE,
)


class Piece(NamedTuple):
    """Digits said in one go, or the pieces of a number joined, at folded[start:end]."""

    digits: str
    start: int
    end: int


def may_hold_number(folded: str) -> bool:
    """Whether the text holds digits enough for a number of a person, found in a microsecond."""
    return _ENOUGH.search(folded) is not None


def runs(folded: str) -> Iterator[list[Piece]]:
    """The stretches of pieces with nothing but pauses and fillers between them."""
    run: list[Piece] = []
    end = gaps = 0
    for token in _TOKEN.finditer(folded):
        gaps = gaps + 1 if token["gap"] and token.start() == end else 0
        if run and (token.start() != end or gaps > _PAUSE):
            yield run
            run = []
        end = token.end()
        if not token["gap"]:
            _add(run, token)
    if run:
        yield run


def readings(run: Sequence[Piece]) -> list[Piece]:
    """The numbers that a run may hold: its pieces, then pieces joined, longest first.

    Short pieces are joined only into the whole run, give or take a word like 一 on either side: any eleven of thirty
    digits said singly would make a phone number.
    """
    n = len(run)
    whole = {(a, b) for a in (0, 1) for b in (n - 1, n) if b - a > 1}
    written = {
        (a, b) for a in range(n) for b in range(a + 2, min(n, a + _LONGEST // _SPLIT) + 1) if _is_split(run[a:b])
    }
    joined = [_join(run[a:b]) for a, b in sorted(whole | written)]
    return [*run, *sorted(joined, key=lambda piece: -len(piece.digits))]


def _is_split(pieces: Sequence[Piece]) -> bool:
    return all(len(piece.digits) >= _SPLIT for piece in pieces)


def _join(pieces: Sequence[Piece]) -> Piece:
    return Piece("".join(piece.digits for piece in pieces), pieces[0].start, pieces[-1].end)


def _add(run: list[Piece], token: re.Match[str]) -> None:
    """Puts the token's digits behind the run; a repeat, an o or an x goes on with the piece it touches."""
    piece = Piece(_digits(token), *token.span())
    goes_on = token["count"] or token["zero"] or token["check"]
    if goes_on and run and run[-1].end == piece.start:
        run[-1] = _join([run[-1], piece])
    elif run or not token["check"]:
        run.append(piece)


def _digits(token: re.Match[str]) -> str:
    if token["count"]:
        return token["same"].translate(_VALUES) * int(token["count"].translate(_VALUES))
    if token["zero"]:
        return "0" * len(token["zero"])
    return "X" if token["check"] else token.group().translate(_VALUES)
