"""Complaints on the axes of JR/T 0169-2018, one by one and one against another."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import func, select

from complaints.facts import facts
from reports.statistics.cases import Cases
from reports.statistics.codes import codes
from reports.statistics.sql import how_many
from reports.statistics.totals import is_overdue

AXES = {"business_channel": "办理渠道", "business": "业务类别", "cause": "投诉原因"}


class Placed(NamedTuple):
    """A place on an axis: how well its name was seen (None where the table has none such), and its complaints."""

    name: str
    checked: str | None
    received: int
    regulator: int
    overdue: int


@dataclass(frozen=True)
class Cross:
    """Counts by two axes; `rows` and `columns` are the places that have any, `counts` those of each row."""

    rows: list[str]
    columns: list[str]
    counts: list[list[int]]

    @property
    def totals(self) -> list[int]:
        """The sums of the columns."""
        return [sum(column) for column in zip(*self.counts, strict=True)]


class Through(NamedTuple):
    """A channel through which complaints came in, and its group."""

    group: str
    name: str
    received: int
    overdue: int


def places(cases: Cases, axis: str) -> list[Placed]:
    """All places of the table in its order, then those that it does not have."""
    timed = cases.timed()
    by = timed.c[axis]
    wanted: list[Any] = [by, func.count(), how_many(timed.c.regulator == 1), how_many(is_overdue(timed))]
    found = {name: counts for name, *counts in cases.session.execute(select(*wanted).group_by(by))}
    checked = {place.name: place.checked for place in getattr(facts(), axis)}
    names = [*checked, *sorted(set(found) - set(checked))]
    return [Placed(name, checked.get(name), *found.get(name, (0, 0, 0))) for name in names]


def cross(cases: Cases, down: str, across: str) -> Cross:
    """The counts of one axis against another."""
    rows = cases.rows()
    by = (rows.c[down], rows.c[across])
    counted = {(one, other): n for one, other, n in cases.session.execute(select(*by, func.count()).group_by(*by))}
    ones, others = (_in_order(axis, {key[n] for key in counted}) for n, axis in enumerate((down, across)))
    return Cross(ones, others, [[counted.get((one, other), 0) for other in others] for one in ones])


def combinations(cases: Cases) -> Iterator[list[Any]]:
    """Channel, business and cause with the number of complaints, for all three that occur together."""
    rows = cases.rows()
    by = [rows.c[axis] for axis in AXES]
    for row in cases.session.execute(select(*by, func.count()).group_by(*by).order_by(*by)):
        yield list(row)


def sources(cases: Cases) -> list[Through]:
    """The channels that complaints came through, in the order of their groups."""
    timed = cases.timed()
    by: Any = timed.c.channel
    found = cases.session.execute(select(by, func.count(), how_many(is_overdue(timed))).group_by(by))
    groups = [*(source.name for source in codes().sources), codes().other]
    made = [Through(*codes().channel(code), received, overdue) for code, received, overdue in found]
    return sorted(made, key=lambda one: (groups.index(one.group), -one.received, one.name))


def _in_order(axis: str, names: set[str]) -> list[str]:
    known = facts().names(axis)
    return [*(name for name in known if name in names), *sorted(names - set(known))]
