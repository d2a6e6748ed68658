"""The figures of a period, by collector, team, agency, lender and stage: one source for every format of a report."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlmodel import Session, select

from audit.parties.models import Agency, Collector
from reports.cells import Cell, Cells
from reports.counts import Counts, Tally
from reports.dimensions import Dimension, Stage
from reports.names import NOT_LISTED, STAGES
from reports.period import Period


@dataclass(frozen=True)
class Group:
    """The counts of one agency, team, collector, lender or stage; `agency` names that of a team or collector."""

    name: str
    agency: str | None
    counts: Counts


@dataclass(frozen=True)
class Figures:
    """The counts of a period (None: of all days), and by each dimension those with the most violations first; stages
    in their order.
    """

    period: Period | None
    total: Counts
    by: Mapping[Dimension, tuple[Group, ...]]


class _Key(NamedTuple):
    """What makes a group: its name, its agency's, and an id where others may have the same name."""

    name: str
    agency: str | None = None
    id: int | None = None


def figures(session: Session, period: Period | None = None) -> Figures:
    """The figures of a period, or of all days; contacts without a day are of no period."""
    parties = _Parties(session)
    total = Tally()
    groups: dict[Dimension, dict[_Key, Tally]] = {dimension: defaultdict(Tally) for dimension in Dimension}
    for cell, tally in _tallies(Cells(session, period)).items():
        total.add(tally)
        for dimension, key in parties.keys(cell):
            groups[dimension][key].add(tally)
    return Figures(period, total.counts(), {dimension: _sorted(dimension, some) for dimension, some in groups.items()})


def _tallies(cells: Cells) -> dict[Cell, Tally]:
    tallies: dict[Cell, Tally] = defaultdict(Tally)
    for counted in (cells.calls(), cells.messages()):
        for cell, sums in counted:
            tallies[cell].sums.update(sums)
    for cell, by, count in cells.call_violations():
        tallies[cell].violations[by] += count
    for cell, by, count in cells.message_violations():
        tallies[cell].message_violations[by] += count
    for cell, visit in cells.visits():
        tallies[cell].visits.add(visit)
    for cell, finding in cells.ledger():
        tallies[cell].ledger.add(finding)
    return tallies


def _sorted(dimension: Dimension, groups: Mapping[_Key, Tally]) -> tuple[Group, ...]:
    counted = [Group(key.name, key.agency, tally.counts()) for key, tally in groups.items()]
    if dimension is Dimension.stage:
        order = list(STAGES.values())
        return tuple(sorted(counted, key=lambda group: order.index(group.name)))
    return tuple(sorted(counted, key=_worst_first))


def _worst_first(group: Group) -> tuple[float, int, int, str]:
    counts = group.counts
    return -(counts.per_thousand() or 0), -counts.ledger, -counts.contacts, group.name


class _Parties:
    """The names behind the ids of cells."""

    def __init__(self, session: Session) -> None:
        self._agencies = {agency.id: agency.name for agency in session.exec(select(Agency))}
        self._collectors = {collector.id: collector for collector in session.exec(select(Collector))}

    def keys(self, cell: Cell) -> Iterator[tuple[Dimension, _Key]]:
        """The groups that a cell belongs to."""
        collector = self._collectors.get(cell.collector)
        agency = self._agencies.get(cell.agency, NOT_LISTED)
        own = self._agencies.get(collector.agency_id if collector else cell.agency, NOT_LISTED)
        team = collector.team if collector else None
        yield Dimension.agency, _Key(agency)
        yield Dimension.team, _Key(team or NOT_LISTED, own)
        yield Dimension.collector, _Key(_called(collector), own, cell.collector)
        yield Dimension.lender, _Key(cell.lender or NOT_LISTED)
        yield Dimension.stage, _Key(STAGES[Stage(cell.stage)])


def _called(collector: Collector | None) -> str:
    if collector is None:
        return NOT_LISTED
    return f"{collector.staff_no} {collector.name}" if collector.name else collector.staff_no
