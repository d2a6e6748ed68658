"""Toneless pinyin, in which recognition errors and evasive spellings of a term sound alike (滚旦 = 滚蛋).

Terms of three or more syllables are also matched across the pairs that telephone speech and dialect blur
(zh/z, ch/c, sh/s, -ng/-n, l/n); shorter ones would then match far too much.
"""

import re
from functools import lru_cache

from pypinyin import lazy_pinyin

_BLURRED = ((re.compile("^([zcs])h"), r"\1"), (re.compile("ng$"), "n"), (re.compile("^l"), "n"))


@lru_cache(maxsize=1 << 15)
def syllable(character: str) -> str:
    """The usual reading of one character, without its tone; anything not Chinese stays as it is."""
    return lazy_pinyin(character)[0]


@lru_cache(maxsize=1 << 15)
def blurred(character: str) -> str:
    """The reading with the confusable initials and finals made one."""
    sound = syllable(character)
    for pattern, replacement in _BLURRED:
        sound = pattern.sub(replacement, sound)
    return sound
