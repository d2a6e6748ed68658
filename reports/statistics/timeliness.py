"""How the time limits that fell due in a period were kept, whenever their complaints came in."""

from typing import Any, NamedTuple

from sqlalchemy import and_, func, select
from sqlmodel import col

from complaints.cases.folding import OURS
from complaints.models import Complaint, Deadline
from reports.statistics.cases import Cases
from reports.statistics.sql import how_many
from reports.statistics.totals import share


class Due(NamedTuple):
    """Time limits of ours: kept, kept late, not kept by the cutoff, and stopped so that nothing is due yet."""

    in_time: int
    late: int
    lapsed: int
    paused: int

    @property
    def all(self) -> int:
        """All that fell due."""
        return sum(self)

    @property
    def by_name(self) -> dict[str, int]:
        """Each count by what people call it."""
        return dict(zip(("按期履行", "逾期后履行", "截止时逾期未履行", "依法中止"), self, strict=True))

    def share(self, count: int) -> float | None:
        """A count's part of all; None of nothing."""
        return share(count, self.all)


def timeliness(cases: Cases) -> Due:
    """The time limits of complaints whose last moment lies in the window, before its cutoff."""
    span, due, met = cases.window, col(Deadline.due_at), col(Deadline.met_at)
    is_met = func.coalesce(met < span.cutoff, False)
    stopped = and_(met.is_(None), col(Deadline.paused).is_(True))
    counts: list[Any] = [
        how_many(and_(is_met, met <= due)),
        how_many(and_(is_met, met > due)),
        how_many(and_(~is_met, ~stopped)),
        how_many(stopped),
    ]
    wanted = select(*counts).select_from(Deadline).join(Complaint, col(Complaint.id) == col(Deadline.complaint_id))
    fell = wanted.where(*cases.typed(), col(Deadline.kind).in_(OURS), due >= span.start, due < span.cutoff)
    return Due(*cases.session.execute(fell).one())
