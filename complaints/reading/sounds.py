"""What is written as it was heard: compared by its syllables."""

import re
from functools import lru_cache

from classifiers.folding import fold
from classifiers.pinyin import blurred

_WORDY = re.compile("[\u4e00-\u9fffa-z0-9]")


def wordy(text: str) -> list[str]:
    """The characters of a text that are read aloud, numerals written alike (四万二 and 42000 are)."""
    return _WORDY.findall(fold(text).text)


@lru_cache(maxsize=4096)
def sounds(text: str) -> tuple[str, ...]:
    """The syllables of a text without tones, those that telephone and dialect blur made one."""
    return tuple(map(blurred, wordy(text)))


def sounds_like(one: str, other: str) -> bool:
    """Whether two names read alike (骆 and 罗)."""
    return bool(one) and sounds(one) == sounds(other)
