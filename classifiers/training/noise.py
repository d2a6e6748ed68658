"""What speech recognition does to a sentence: other characters of the same sound, no punctuation, fillers kept.

The characters come from the readings that pypinyin gives; only common characters (those of GB 2312's first level, the
3,755 that a recogniser writes) take another's place.
"""

import random
import re
from collections import defaultdict
from functools import cache

from classifiers.pinyin import blurred, syllable

_PUNCTUATION = re.compile("[，。！？、；：…—“”‘’]")
_FILLERS = ("呃", "嗯", "那个", "就是", "啊", "这个")
_SWAP = 0.06
_BLUR = 0.3  # of the swaps go across the pairs that a telephone line blurs


def misheard(text: str, chance: random.Random) -> str:
    """The sentence as a recogniser might have written it."""
    heard = "".join(_swapped(c, chance) for c in text)
    if chance.random() < 0.6:
        heard = _PUNCTUATION.sub("" if chance.random() < 0.6 else "，", heard)
    if chance.random() < 0.2:
        at = chance.randrange(len(heard) + 1)
        heard = heard[:at] + chance.choice(_FILLERS) + heard[at:]
    return heard


def _swapped(character: str, chance: random.Random) -> str:
    if chance.random() >= _SWAP:
        return character
    reading = blurred if chance.random() < _BLUR else syllable
    return chance.choice(_alike(reading is blurred).get(reading(character)) or [character])


@cache
def _alike(blur: bool) -> dict[str, list[str]]:
    """The common characters by their sound."""
    sounds: dict[str, list[str]] = defaultdict(list)
    for character in _common_characters():
        sounds[(blurred if blur else syllable)(character)].append(character)
    return sounds


def _common_characters() -> list[str]:
    cells = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return [c for c in (code.decode("gb2312", errors="ignore") for code in cells) if c]
