"""Joint complaints: how many may speak for all, and when one is a major complaint."""

from functools import cache
from pathlib import Path

from pydantic import Field
from sqlmodel import Session

from audit.store.types import local_day
from classifiers.detectors import Part
from classifiers.errors import BadInput
from classifiers.rules import Dated
from complaints.calendar import read_yaml
from complaints.cases.events import By, record
from complaints.cases.states import said
from complaints.models import Complaint, ComplaintEvent
from complaints.vocabulary import EventKind

SHIPPED = Path(__file__).with_name("groups.yaml")


class GroupRule(Dated):
    """The numbers as they hold for what is received in those days."""

    most_representatives: int = Field(ge=1)
    major_people: int = Field(ge=1)
    laws: tuple[dict[str, str], ...]
    source: str


class _Groups(Part):
    versions: tuple[GroupRule, ...]


def rule_of(case: Complaint) -> GroupRule:
    """The rule in force when the complaint was received. Raises BadInput where none was."""
    day = local_day(case.received_at)
    held = [version for version in _groups().versions if version.in_force(day)]
    if not held:
        raise BadInput(f"joint complaints: no rule is in force on {day}", f"add one to {SHIPPED.name}")
    return max(held, key=lambda version: version.since)


def put_in_group(
    session: Session, case: Complaint, by: By, label: str, *, representatives: int | None, people: int | None
) -> ComplaintEvent:
    """Puts a case among those of a label; `people` came in person. Raises BadInput for too many representatives."""
    rule = rule_of(case)
    if min(representatives or 1, people or 1) < 1:
        raise BadInput(f"{case.number}: fewer than one person", "give 1 or more")
    if representatives and representatives > rule.most_representatives:
        raise BadInput(
            f"{case.number}: {representatives} representatives",
            f"at most {rule.most_representatives} may speak for a joint complaint",
        )
    case.group_label = said(case, "the group's label", label)
    case.representatives, case.people = representatives, people
    case.major = bool(people and people >= rule.major_people)
    body = {"label": case.group_label, "representatives": representatives, "people": people, "major": case.major}
    return record(session, case, EventKind.grouped, by, body)


@cache
def _groups() -> _Groups:
    return read_yaml(SHIPPED, _Groups)
