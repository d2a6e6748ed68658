"""What rows refer to by name. A name that no register has filled yet becomes an entry that is not listed: a gap."""

from collections import defaultdict
from collections.abc import Sequence

from sqlmodel import Session, SQLModel, col, delete, select, update

from audit.calls.models import Call
from audit.contacts.models import Message, Visit
from audit.imports.rows import Row
from audit.parties.models import Account, Agency, Collector, Debtor
from audit.store.upsert import ids, upsert


class References:
    """The ids that a batch of rows refers to; entries are made for names that are not on file."""

    def __init__(self, session: Session, rows: Sequence[Row]) -> None:
        self._session = session
        self._agencies = _made(session, Agency, "name", _named(rows, "agency"), {"lines": []})
        self._debtors = _made(session, Debtor, "debtor_no", _named(rows, "debtor_no"))
        self._accounts = _made(session, Account, "account_no", _named(rows, "account_no"))
        self._collectors: dict[str, dict[int | None, int]] = defaultdict(dict)
        self._listed: dict[str, list[int]] = defaultdict(list)
        for collector_id, staff_no, agency, listed in session.exec(
            select(Collector.id, Collector.staff_no, Collector.agency_id, Collector.listed)
        ):
            self._collectors[staff_no][agency] = collector_id or 0
            self._listed[staff_no] += [collector_id or 0] if listed else []

    def agency(self, name: str | None) -> int | None:
        """The agency of that name."""
        return self._agencies[name] if name else None

    def debtor(self, number: str | None) -> int | None:
        """The debtor of that number."""
        return self._debtors[number] if number else None

    def account(self, number: str | None) -> int | None:
        """The account of that number."""
        return self._accounts[number] if number else None

    def collector(self, staff_no: str | None, agency: int | None = None) -> int | None:
        """The collector of that number in that agency; where no agency is told, the only one of that number listed."""
        if not staff_no:
            return None
        known = self._collectors[staff_no]
        if agency is None and len(self._listed[staff_no]) == 1:
            return self._listed[staff_no][0]
        if agency in known:
            return known[agency]
        made = Collector(staff_no=staff_no, agency_id=agency)
        self._session.add(made)
        self._session.flush()
        known[agency] = made.id or 0
        return made.id

    def place(self, staff_no: str, agency: int | None) -> None:
        """A collector who was only named so far, without an agency, is the one of that agency."""
        known = self._collectors[staff_no]
        if (unplaced := known.pop(None, None)) is None:
            return
        placed = known.setdefault(agency, unplaced)
        if placed == unplaced:
            self._session.execute(update(Collector).where(col(Collector.id) == placed).values(agency_id=agency))
        else:
            self._join(unplaced, placed)

    def _join(self, one: int, other: int) -> None:
        """Two entries turn out to be one collector: what the first did, the other did."""
        for model in (Call, Message):
            theirs = update(model).where(col(model.collector_id) == one)
            self._session.execute(theirs.values(collector_id=other))
        for visit in self._session.exec(select(Visit)):
            if one in visit.collectors:
                visit.collectors = [other if went == one else went for went in visit.collectors]
        self._session.flush()
        self._session.execute(delete(Collector).where(col(Collector.id) == one))


def _named(rows: Sequence[Row], column: str) -> set[str]:
    return {name for row in rows if (name := getattr(row, column, None))}


def _made(
    session: Session, model: type[SQLModel], column: str, names: set[str], fresh: dict[str, object] | None = None
) -> dict[str, int]:
    """The ids of all those names, after entries were made for the missing ones."""
    found = ids(session, model, column, names)
    if missing := sorted(names - found.keys()):
        upsert(session, model, [{column: name} for name in missing], [column], {"listed": False, **(fresh or {})})
        found |= ids(session, model, column, missing)
    return found
