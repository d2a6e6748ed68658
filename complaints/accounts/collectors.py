"""Which collectors are meant: by staff number, by name, or by a surname that may have been misheard."""

from typing import Any

from sqlmodel import Session, col, select

from audit.parties.models import Agency, Collector
from complaints.accounts.names import Fit, fit, has_surname
from complaints.accounts.told import Told
from complaints.reading.people import CollectorReading
from complaints.reading.text import plain

Row = tuple[int, str, str | None, str | None]  # id, staff number, name, agency


def collectors_meant(session: Session, told: Told) -> set[int]:
    """The ids of those whom the complaint may mean, of the agencies that it names if any of them is there."""
    columns: Any = (Collector.id, Collector.staff_no, Collector.name, Agency.name)
    rows: Any = session.execute(select(*columns).outerjoin(Agency, col(Agency.id) == col(Collector.agency_id))).all()
    named = {party.name for party in told.reading.parties}
    text = plain(told.statement.text)
    meant = [row for row in rows if row[2] and row[2] in text and row[2] not in told.own_names]
    meant += [row for each in told.reading.people.collectors for row in _meant(each, rows)]
    return {row[0] for row in meant if row[3] in named} or {row[0] for row in meant}


def _meant(reading: CollectorReading, rows: list[Row]) -> list[Row]:
    """By the first that fits anybody: staff number, name, surname, what sounds like it."""
    if reading.staff_no and (numbered := [row for row in rows if row[1].upper().endswith(reading.staff_no)]):
        return numbered
    if reading.name and (called := [row for row in rows if fit(reading.name, row[2])]):
        return called
    for how in (Fit.same, Fit.heard):
        fits = [row for row in rows if any(has_surname(surname, row[2]) is how for surname in reading.surnames)]
        if fits:
            return fits
    return []
