"""Nobody handles a complaint about themselves or their team."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlmodel import Session, col, func, literal, or_, select

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.findings.models import Finding, Run
from audit.parties.models import Collector
from classifiers.errors import BadInput
from complaints.models import Complaint, EvidenceLink
from complaints.reading.people import people
from complaints.vocabulary import LinkState

_TELLING = {Collector.name: 2, Collector.staff_no: 4}  # characters from which a text does not hold it by chance


class Named(NamedTuple):
    """Who is complained of: collectors on file, and staff numbers and names as told, in lower case."""

    collectors: list[Collector]
    told: set[str]


def refuse_conflict(session: Session, case: Complaint, person: str) -> None:
    """Raises BadInput where the person, by staff number or name, is complained of or is of a team complained of."""
    if why := conflict(session, case, person):
        raise BadInput(f"{case.number}: {person} {why}", "give the case to somebody else")


def conflict(session: Session, case: Complaint, person: str) -> str:
    """Why the person may not handle the case; empty where nothing stands against it."""
    wanted, against = person.strip().casefold(), complained_of(session, case)
    own = _on_file(session, {wanted})
    if wanted in against.told or {one.id for one in own} & {one.id for one in against.collectors}:
        return "is complained of"
    teams = {(one.agency_id, one.team) for one in against.collectors if one.team}
    if wanted in {team.casefold() for _, team in teams if team} or {(one.agency_id, one.team) for one in own} & teams:
        return "is of a team that is complained of"
    return ""


def complained_of(session: Session, case: Complaint) -> Named:
    """Whose contacts stand as evidence, and who is named in the complaint, at intake or by the officer."""
    told = {name.casefold() for name in (*case.collectors, *case.corrections.get("collectors", ()))}
    for one in people(case.text).collectors:
        told |= {each.casefold() for each in (one.staff_no, one.name) if each}
    linked = set(_linked(session, case))
    written = [literal(case.text).contains(name) & (func.length(name) >= n) for name, n in _TELLING.items()]
    known = session.exec(select(Collector).where(or_(col(Collector.id).in_(linked), *written)))
    return Named([*known, *_on_file(session, told)], told)


def _on_file(session: Session, told: set[str]) -> list[Collector]:
    """The collectors of those staff numbers or names, in lower case."""
    named = or_(func.lower(Collector.staff_no).in_(told), func.lower(Collector.name).in_(told))
    return [*session.exec(select(Collector).where(named))] if told else []


def _linked(session: Session, case: Complaint) -> Iterable[int]:
    """The ids of the collectors of the calls and messages linked, themselves or by a finding in them."""
    stands = (EvidenceLink.complaint_id == case.id) & (EvidenceLink.state != LinkState.dropped)
    for model, link, run in (
        (Call, EvidenceLink.call_id, Run.call_id),
        (Message, EvidenceLink.message_id, Run.message_id),
    ):
        collector = col(model.collector_id)
        own = select(collector).join(EvidenceLink, col(link) == model.id).where(stands)
        found = (
            select(collector)
            .join(Run, col(run) == model.id)
            .join(Finding, col(Finding.run_id) == Run.id)
            .join(EvidenceLink, col(EvidenceLink.finding_id) == Finding.id)
            .where(stands)
        )
        for chosen in (own, found):
            yield from (one for one in session.exec(chosen) if one is not None)
