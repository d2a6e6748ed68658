"""What is found."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from classifiers.folding import Span

_SHOWN = 3  # characters on either side


class Datum(StrEnum):
    """The kinds of personal data."""

    id_card = "id_card"
    phone = "phone"
    bank_card = "bank_card"
    plate = "plate"
    email = "email"
    wechat = "wechat"
    qq = "qq"
    address = "address"
    employer = "employer"
    name = "name"


class PersonalDatum(NamedTuple):
    """One datum: its place in the folded text, and its value as it would be written, without what was said between."""

    kind: Datum
    span: Span
    value: str

    @property
    def masked(self) -> str:
        """The value with its middle hidden (138*****678), for logs and reports that are not to leak it again."""
        shown = min(_SHOWN, len(self.value) // 3)
        return self.value[:shown] + "*" * (len(self.value) - 2 * shown) + self.value[len(self.value) - shown :]


def without_overlaps(data: Iterable[PersonalDatum]) -> list[PersonalDatum]:
    """From left to right; where two share characters, the one given earlier stays."""
    kept: list[PersonalDatum] = []
    for datum in data:
        if not any(datum.span.overlaps(other.span) for other in kept):
            kept.append(datum)
    return sorted(kept, key=lambda datum: datum.span)
