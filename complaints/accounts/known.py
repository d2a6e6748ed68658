"""What every account is held against: what the complaint tells, made ready to be compared."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from complaints.accounts.keys import Key, Level, identities, phones, pieces
from complaints.accounts.told import Told


class Reached(NamedTuple):
    """What contacts tell, by account: how far its contacts went to the number told, and as whose; a name in texts."""

    numbers: Mapping[int, tuple[Level, str | None]]
    addressed: Mapping[int, str]


class Known(NamedTuple):
    """What all accounts are held against."""

    told: Told
    phones: list[Key]
    identities: list[Key]
    pieces: Mapping[str, str]
    collectors: Collection[int]
    lenders: frozenset[str]
    agencies: frozenset[str]
    reached: Reached

    def with_reached(self, numbers: Mapping[int, tuple[Level, str | None]], addressed: Mapping[int, str]) -> "Known":
        """The same with what contacts tell."""
        return self._replace(reached=Reached(numbers, addressed))


def known(told: Told, collectors: Collection[int], lenders: frozenset[str], reached: Reached) -> Known:
    """What is told, ready to be compared; a party named that lends nothing is an agency."""
    parties = frozenset(party.name for party in told.reading.parties)
    agencies = parties - lenders
    return Known(told, phones(told), identities(told), pieces(told), collectors, parties & lenders, agencies, reached)
