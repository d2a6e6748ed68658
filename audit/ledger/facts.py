"""What the registers say that single contacts are held against: loaded once for a look at the ledger."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import Session, col, exists, func, select

from audit.calls.models import Call
from audit.contacts.models import Agreement, StopRequest
from audit.findings.models import Run
from audit.parties.models import Account, Agency, Assignment, Collector, ContactPerson
from audit.parties.numbers import key_of, visible_part


@dataclass(frozen=True)
class Stop:
    """Somebody is not to be contacted: whose number, since when, and how that is known."""

    key: str
    since: datetime
    heard_in: str | None


def in_hours(clock: time, start: time, end: time) -> bool:
    """Whether a time of day falls in hours that may run over midnight; `end` is not part of them."""
    return start <= clock < end if start < end else clock >= start or clock < end


class Lines:
    """The official lines of an agency, found as far as they can be seen."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._visible: set[str] = set()

    def add(self, key: str) -> None:
        """One more line."""
        self._keys.add(key)
        self._visible.add(visible_part(key))

    def __contains__(self, key: str) -> bool:
        part = visible_part(key)
        return key in self._keys or part in self._keys or (key == part and part in self._visible)


class Facts:
    """Agreements and stops by debtor, assignments that ended, official lines, training records, what talks showed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.first_day: date | None = session.exec(select(func.min(Call.day))).one()
        collectors = session.exec(select(Collector)).all()
        self.collectors = {collector.id: collector for collector in collectors}
        self.agency_of = {collector.id: collector.agency_id for collector in collectors}
        self.lines = self._lines()
        self.agreements: dict[int, list[Agreement]] = defaultdict(list)
        for agreement in session.exec(select(Agreement)):
            self.agreements[agreement.debtor_id].append(agreement)
        self.stops: dict[int, list[Stop]] = defaultdict(list)
        for debtor, stop in self._stops():
            self.stops[debtor].append(stop)
        self._terms = self._assigned()
        assigned = exists().where(col(Assignment.account_id) == Account.id)
        self.never_assigned = set(session.exec(select(Account.id).where(~assigned)))

    def cues(self, call: int | None) -> Mapping[str, int] | None:
        """What the judgement that stands of a call's recording counted in the talk; None where there is none."""
        standing = select(Run.cues).join(Call, col(Call.run_id) == Run.id)
        return self._session.exec(standing.where(Call.id == call)).first()

    def agreed(self, debtor: int | None, local: datetime) -> bool:
        """Whether the debtor agreed to be contacted at that local time."""
        clock, day = local.time(), local.date()
        return any(
            made.agreed_on <= day and in_hours(clock, made.start, made.end)
            for made in self.agreements.get(debtor or 0, ())
        )

    def _lines(self) -> dict[int | None, Lines]:
        lines: dict[int | None, Lines] = defaultdict(Lines)
        for collector in self.collectors.values():
            if collector.phone_key:
                lines[collector.agency_id].add(collector.phone_key)
        for agency in self._session.exec(select(Agency)):
            for line in agency.lines:
                lines[agency.id].add(key_of(line) or "")
        return dict(lines)

    def _stops(self) -> Iterator[tuple[int, Stop]]:
        asked = select(ContactPerson).where(col(ContactPerson.stop_since).is_not(None), ContactPerson.phone_key != "")
        for person in self._session.exec(asked):
            if person.stop_since:
                yield person.debtor_id, Stop(person.phone_key, person.stop_since, None)
        heard = select(StopRequest, Account.id, Account.debtor_id, Call.call_id).join(
            Account, col(Account.id) == StopRequest.account_id
        )
        for stop, account, debtor, call_id in self._session.exec(heard.join(Call, col(Call.id) == StopRequest.call_id)):
            yield debtor or -(account or 0), Stop(stop.number_key, stop.since, call_id)

    def last_day(self, account: int, agency: int, day: date) -> date | None:
        """The last day of the agency's term with the account that was the newest on a day, if that term ends."""
        begun = [last for first, last in self._terms.get((account, agency), ()) if first <= day]
        return begun[-1] if begun else None

    def _assigned(self) -> dict[tuple[int, int], list[tuple[date, date | None]]]:
        """An agency's terms with an account: the first day, and the last, told or that on which another got it."""
        given: dict[int, list[Assignment]] = defaultdict(list)
        several = select(Assignment.account_id).group_by(col(Assignment.account_id)).having(func.count() > 1)
        ended = select(Assignment).where(col(Assignment.until).is_not(None) | col(Assignment.account_id).in_(several))
        for assignment in self._session.exec(ended.order_by(col(Assignment.assigned_on))):
            given[assignment.account_id].append(assignment)
        terms: dict[tuple[int, int], list[tuple[date, date | None]]] = defaultdict(list)
        for account, assignments in given.items():
            for n, assignment in enumerate(assignments):
                agency = assignment.agency_id
                moved = [other.assigned_on for other in assignments[n + 1 :] if other.agency_id != agency]
                last = min((day for day in (assignment.until, *moved) if day), default=None)
                terms[account, agency].append((assignment.assigned_on, last))
        return dict(terms)
