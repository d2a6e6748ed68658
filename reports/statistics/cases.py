"""Complaints as SQL: a row for each that a period received, with what had come of it when the counting ends."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select
from sqlmodel import Session, col

from complaints.cases.folding import OURS
from complaints.models import Complaint, Deadline
from complaints.vocabulary import CaseState, Satisfaction
from reports.statistics.codes import codes
from reports.statistics.sql import Sql, flag
from reports.statistics.window import Window


class Cases:
    """The complaints that a window received, of the types that count; with `everything` of all types."""

    def __init__(self, session: Session, window: Window, *, everything: bool = False) -> None:
        self.session = session
        self.sql = Sql(session)
        self.window = window
        self._types = None if everything else codes().counted

    def within(self) -> list[ColumnElement[bool]]:
        """The conditions that make a complaint one of these."""
        return [*self.typed(), col(Complaint.received_at) >= self.window.start, *_before(self.window.end)]

    def rows(self) -> Subquery:
        """A row each: id, its places, verdict (of a decision by then), and as 0 or 1 what became of it."""
        cutoff = self.window.cutoff
        decided = col(Complaint.decided_at) < cutoff
        withdrawn = and_(col(Complaint.state) == CaseState.withdrawn, col(Complaint.closed_at) < cutoff)
        said: Any = or_(
            col(Complaint.satisfaction_on).is_(None), col(Complaint.satisfaction_on) <= self.window.last_day
        )
        satisfaction = case((said, Complaint.satisfaction), else_=Satisfaction.unasked)
        told: list[Any] = [
            *(Complaint.id, Complaint.channel, Complaint.type, Complaint.state, Complaint.account_id),
            *(Complaint.business_channel, Complaint.business, Complaint.cause, Complaint.received_at),
            case((decided, Complaint.substantiated)).label("verdict"),
            case((decided, Complaint.compensation)).label("compensation"),
            case((decided, self.sql.days(Complaint.decided_at, Complaint.received_at))).label("days"),
            satisfaction.label("satisfaction"),
            flag(col(Complaint.channel).in_(codes().regulators)).label("regulator"),
            flag(col(Complaint.repeat_of).is_not(None)).label("repeat"),
            flag(col(Complaint.major).is_(True)).label("major"),
            flag(decided).label("decided"),
            flag(withdrawn).label("withdrawn"),
        ]
        return select(*told).where(*self.within()).subquery()

    def timed(self) -> Subquery:
        """As `rows`, and as 0 or 1 open, late (done after the time limit), lapsed (not done and past it), extended and
        clocked (there is a time limit at all).
        """
        rows, clocks = self.rows(), self.clocks()
        found: list[Any] = [func.coalesce(clocks.c[name], 0).label(name) for name in ("late", "lapsed", "extended")]
        found += [flag(clocks.c.complaint.is_not(None)).label("clocked"), flag(self.is_open(clocks)).label("open")]
        told = select(*rows.c, *found).join(Complaint, col(Complaint.id) == rows.c.id)
        return told.outerjoin(clocks, clocks.c.complaint == rows.c.id).subquery()

    def clocks(self, *, at_start: bool = False) -> Subquery:
        """Of each complaint with clocks of ours that had begun by the cutoff, or the start: whether any awaits us, and
        as above.
        """
        until = self.window.start if at_start else self.window.cutoff
        met = func.coalesce(col(Deadline.met_at) < until, False)
        late = and_(met, col(Deadline.met_at) > col(Deadline.due_at))
        lapsed = and_(~met, col(Deadline.due_at) < until, or_(~col(Deadline.paused), col(Deadline.met_at).is_not(None)))
        extended = func.json_array_length(Deadline.extensions) > 0
        told = {"awaiting": ~met, "late": late, "lapsed": lapsed, "extended": extended}
        most = [func.max(flag(condition)).label(name) for name, condition in told.items()]
        clocked: Any = select(col(Deadline.complaint_id).label("complaint"), *most)
        clocked = clocked.where(col(Deadline.kind).in_(OURS), col(Deadline.started_at) < until)
        by_complaint: Subquery = clocked.group_by(col(Deadline.complaint_id)).subquery()
        return by_complaint

    def is_open(self, clocks: Subquery, *, at_start: bool = False) -> ColumnElement[bool]:
        """Whether a complaint awaited us then: not closed by then, and by its clocks not closed only for a while since,
        as one is that was decided then and begun again later.
        """
        until = self.window.start if at_start else self.window.cutoff
        not_closed = or_(col(Complaint.closed_at).is_(None), col(Complaint.closed_at) >= until)
        return and_(not_closed, func.coalesce(clocks.c.awaiting, 1) == 1)

    def until_now(self) -> list[ColumnElement[bool]]:
        """The conditions of all complaints received by the end of the window."""
        return [*self.typed(), *_before(self.window.end)]

    def before_start(self) -> ColumnElement[bool]:
        """Whether a complaint was received before the window."""
        return col(Complaint.received_at) < self.window.start

    def typed(self) -> list[ColumnElement[bool]]:
        """The condition of the types that count."""
        return [] if self._types is None else [col(Complaint.type).in_(self._types)]


def _before(moment: datetime) -> list[ColumnElement[bool]]:
    return [col(Complaint.received_at) < moment]
