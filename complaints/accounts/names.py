"""Names as they are told: whole, in part (李*想), by a surname alone, or written down by ear (罗 for 骆)."""

import re
from enum import StrEnum

from complaints.reading.sounds import sounds_like
from complaints.reading.text import plain

UNSEEN = "*＊某"  # what stands for characters that are not told


class Fit(StrEnum):
    """How a name told fits one on file."""

    same = "same"
    heard = "heard"
    partly = "partly"


def fit(told: str, name: str | None) -> Fit | None:
    """How the name told fits; None where it is another's."""
    if not name or not told:
        return None
    told, name = plain(told), plain(name)
    if told == name:
        return Fit.same
    if "*" in told:
        pattern = ".{1,2}".join(re.escape(part) for part in told.split("*"))
        return Fit.partly if re.fullmatch(pattern, name) else None
    return Fit.heard if sounds_like(told, name) else None


def has_surname(surname: str, name: str | None) -> Fit | None:
    """How the surname told fits the name."""
    begins = plain(name or "")[: len(surname)]
    if begins == surname:
        return Fit.same
    return Fit.heard if sounds_like(surname, begins) else None
