"""What the registers say and lack, as the page shows it."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from audit.imports.gaps import Gap, gaps
from audit.parties.models import Policy
from reports.chosen import MOST
from reports.masking import masked_name
from reports.names import GAPS


@dataclass(frozen=True)
class GapPart:
    """A kind of gap, how many there are, and those shown."""

    name: str
    count: int
    shown: list[str]


@dataclass(frozen=True)
class PolicyPart:
    """A written policy, and whether its review is past due."""

    policy: Policy
    overdue: bool


def gap_parts(session: Session) -> list[GapPart]:
    """The gaps of the registers as they are now."""
    return [_gap(gap) for gap in gaps(session)]


def _gap(gap: Gap) -> GapPart:
    return GapPart(GAPS[gap.kind], len(gap.which), [masked_name(name) for name in gap.which[:MOST]])


def policy_parts(session: Session, today: date) -> list[PolicyPart]:
    """The policies by number, seen from a day."""
    policies = session.exec(select(Policy).order_by(col(Policy.policy_no)))
    return [PolicyPart(policy, bool(policy.next_review and policy.next_review < today)) for policy in policies]
