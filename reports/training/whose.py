"""Whom training is for: a collector by staff number, a team by its name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sqlmodel import Session, col, select

from audit.parties.models import Agency, Collector
from classifiers.errors import BadInput

_NEAR = 5


@dataclass(frozen=True)
class Team:
    """A team of one agency, with its members by staff number; `agency` is None where it is not on file."""

    name: str
    agency: str | None
    members: tuple[Collector, ...]

    @property
    def ids(self) -> frozenset[int]:
        """The ids of the members."""
        return frozenset(member.id or 0 for member in self.members)


def find_collector(session: Session, staff_no: str, agency: str | None = None) -> Collector:
    """The collector of that staff number, in an agency if one is named. Raises BadInput for none, naming near ones, and
    for several.
    """
    found = _in_agency(session, agency, session.exec(select(Collector).where(Collector.staff_no == staff_no)).all())
    if not found:
        numbers = session.exec(select(Collector.staff_no).distinct().order_by(col(Collector.staff_no))).all()
        raise _unknown(f"no collector {staff_no}", agency, staff_no, numbers)
    if len(found) > 1:
        raise _several(session, f"collector {staff_no}", found)
    return found[0]


def find_team(session: Session, name: str, agency: str | None = None) -> Team:
    """The team of that name, in an agency if one is named. Raises BadInput for none, naming near ones, and where
    several agencies have one.
    """
    of_team = select(Collector).where(Collector.team == name).order_by(col(Collector.staff_no), col(Collector.id))
    found = _in_agency(session, agency, session.exec(of_team).all())
    if not found:
        teams = session.exec(select(Collector.team).distinct().order_by(col(Collector.team))).all()
        raise _unknown(f"no team {name}", agency, name, [team for team in teams if team])
    if len({member.agency_id for member in found}) > 1:
        raise _several(session, f"team {name}", found)
    return Team(name, agency_of(session, found[0]), tuple(found))


def colleagues(session: Session, collector: Collector) -> frozenset[int]:
    """The ids of the collector's team, the collector among them; of nobody where no team is on file."""
    if not collector.team:
        return frozenset()
    same = (Collector.team == collector.team, Collector.agency_id == collector.agency_id)
    return frozenset(member.id or 0 for member in session.exec(select(Collector).where(*same)))


def agency_of(session: Session, collector: Collector) -> str | None:
    """The name of the collector's agency, if it is on file."""
    agency = session.get(Agency, collector.agency_id or 0)
    return agency.name if agency else None


def _in_agency(session: Session, agency: str | None, found: Sequence[Collector]) -> list[Collector]:
    return [one for one in found if agency in {None, agency_of(session, one)}]


def _unknown(what: str, agency: str | None, wanted: str, names: Collection[str]) -> BadInput:
    near = [name for name in names if wanted in name] or get_close_matches(wanted, names, cutoff=0.4) or [*names]
    where = f" in {agency}" if agency else ""
    return BadInput(f"{what}{where}", f"one of: {', '.join(near[:_NEAR])}" if near else "import collectors")


def _several(session: Session, what: str, found: Sequence[Collector]) -> BadInput:
    agencies = sorted({agency_of(session, one) or "-" for one in found})
    return BadInput(f"{what} is in several agencies ({', '.join(agencies)})", "give --agency")
