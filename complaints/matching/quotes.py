"""How much of what a complaint repeats was said or written in a contact: by sound, for people write what they hear."""

from functools import lru_cache

from rapidfuzz import fuzz

from complaints.reading.sounds import sounds, wordy

_ALIKE = 82.0  # of 100: two of ten syllables may differ, as recognition and memory do
_SHORT = 4  # syllables below which a quotation proves nothing
_GRAM = 3


def is_quoted(quote: str, text: str) -> bool:
    """Whether the text holds what sounds like the quotation."""
    said, held = sounds(quote), sounds(text)
    if len(said) < _SHORT or len(held) < len(said) * 2 // 3:
        return False
    return fuzz.partial_ratio(said, held) >= _ALIKE


def shared(told: str, text: str) -> int:
    """How many stretches of three characters both have, numerals written alike (四万二 and 42000 are)."""
    return len(_grams(told) & _grams(text))


@lru_cache(maxsize=4096)
def _grams(text: str) -> frozenset[str]:
    plain = "".join(wordy(text))
    return frozenset(plain[n : n + _GRAM] for n in range(len(plain) - _GRAM + 1))
