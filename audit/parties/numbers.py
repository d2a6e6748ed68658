"""Phone numbers, identity numbers and messenger accounts, whole or masked: compared as far as they can be seen.

Registers hold numbers masked (`138****1001`) or whole, and often both. A number is kept encrypted; beside it stands its
key: the keyed hash of what the usual mask leaves to be seen and, for a whole number, that of the whole behind it.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from audit.store.secrets import keyed_hash

_MASK = re.compile(r"[*＊•●×]+|(?<=\d)x{3,}")
_COUNTRY = re.compile(r"^(?:\+86|0086|86(?=1\d{10}$))")
_BETWEEN = re.compile(r"(?<=[\d+)*）])[\s()（）\-—–]+|^[(（]")  # how people group digits
_FIRST, _LAST = 3, 4  # characters that the usual mask leaves
_PART = 16  # characters of a key that stand for the visible part
BEHIND = "g"  # sorts behind every hexadecimal digit: whole numbers' keys lie between a masked one's and that with it


class Number(NamedTuple):
    """A number in one writing: without grouping and country code, each mask as one star."""

    text: str

    @property
    def masked(self) -> bool:
        """Whether some of it is hidden."""
        return "*" in self.text

    @property
    def visible(self) -> str:
        """What the usual mask shows: the first three and last four characters; of an address two and its domain."""
        first, last = self.text.split("*")[0], self.text.split("*")[-1]
        if "@" in last:
            return f"{first.split('@')[0][:2]}*{last[last.index('@') :]}"
        return f"{first[:_FIRST]}*{last[-_LAST:]}"


@lru_cache(maxsize=1 << 16)
def parse(text: str) -> Number:
    """The number as it is compared."""
    plain = _MASK.sub("*", unicodedata.normalize("NFKC", text).casefold().strip())
    return Number(_COUNTRY.sub("", _BETWEEN.sub("", plain)))


def key_of(text: str | None) -> str | None:
    """The key of a number, kept beside it; None for none."""
    if not text:
        return None
    number = parse(text)
    return keyed_hash(number.visible) + ("" if number.masked else keyed_hash(number.text))


def same(one: str | None, other: str | None) -> bool:
    """Whether two keys may be of one number: equal, or equal as far as the masked one of them can be seen."""
    if not one or not other:
        return False
    return one.startswith(other) or other.startswith(one)


def visible_part(key: str) -> str:
    """The part of a key that masked and whole writings of a number share."""
    return key[:_PART]


def is_whole(key: str) -> bool:
    """Whether it is the key of a number that was not masked."""
    return len(key) > _PART


def shown(text: str | None) -> str:
    """A number as people may see it: masked in the middle."""
    return "" if not text else parse(text).visible.replace("*", "****")
