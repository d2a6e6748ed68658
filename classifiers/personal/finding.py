"""One line: everything personal in it."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from classifiers.personal import accounts, numbers, places
from classifiers.personal.datum import PersonalDatum, without_overlaps
from classifiers.personal.names import find_names


class _Recogniser(NamedTuple):
    """`may_hold` takes a microsecond at most, and `find` is asked only where it says yes: most lines hold nothing."""

    may_hold: Callable[[str], bool]
    find: Callable[[str], Iterator[PersonalDatum]]


_RECOGNISERS = (  # surest first: what overlaps something surer is dropped, as the digits of an e-mail address are
    _Recogniser(accounts.may_hold_email, accounts.emails),
    _Recogniser(accounts.may_hold_wechat, accounts.wechats),
    _Recogniser(accounts.may_hold_plate, accounts.plates),
    _Recogniser(numbers.may_hold, numbers.find),
    _Recogniser(places.may_hold_address, places.addresses),
    _Recogniser(places.may_hold_employer, places.employers),
)


def find(folded_text: str, *, names: bool = False) -> list[PersonalDatum]:
    """The personal data in a folded text, from left to right; names of people only if asked for (a millisecond more).

    Masked numbers (138****1234) are none: what is left of them is too short.
    """
    found = [datum for ask in _RECOGNISERS if ask.may_hold(folded_text) for datum in ask.find(folded_text)]
    if names:
        found += find_names(folded_text)
    return without_overlaps(found) if found else found
