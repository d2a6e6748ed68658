"""What was done for complainants."""

from sqlalchemy import func, select, true
from sqlmodel import col

from complaints.models import Complaint
from complaints.vocabulary import Remedy
from reports.statistics.cases import Cases


def remedies(cases: Cases) -> dict[Remedy, int]:
    """How many decided complaints had each remedy."""
    rows, each = cases.rows(), cases.sql.each(Complaint.remedies)
    told = select(each.c.value, func.count()).select_from(Complaint).join(each, true())
    told = told.join(rows, rows.c.id == col(Complaint.id)).where(rows.c.decided == 1)
    found = {value: count for value, count in cases.session.execute(told.group_by(each.c.value))}  # noqa: C416
    return {remedy: found.get(remedy, 0) for remedy in Remedy}
