"""From a row of a file to the row of a table, register by register; and what must be seen to before and after."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from audit.contacts.models import Message
from audit.imports import rows as r
from audit.imports.references import References
from audit.parties.models import Assignment
from audit.parties.numbers import key_of
from audit.store.types import local_day
from audit.store.upsert import upsert
from classifiers.errors import BadInput

Values = dict[str, Any]


def present(rows: Sequence[r.Row]) -> set[str]:
    """The columns that the rows came with."""
    return set().union(*(row.model_fields_set for row in rows))


def agency(row: r.AgencyRow, _: References) -> Values:
    """An agency with its official lines."""
    return {
        "name": row.agency,
        "lines": list(row.lines),
        "listed_on": row.listed_on,
        "contact": row.contact,
        "listed": True,
    }


def collector(row: r.CollectorRow, refer: References) -> Values:
    """A collector in an agency."""
    values = row.model_dump(include={"name", "team", "hired_on", "certified_until", "phone"})
    ours = {"staff_no": row.collector_no, "agency_id": refer.agency(row.agency), "listed": True}
    return {**values, **ours, "phone_key": key_of(row.phone)}


def place_collectors(_: Session, rows: Sequence[r.CollectorRow], refer: References) -> None:
    """A collector who was only named so far, without an agency, is the one that the register lists."""
    for row in rows:
        refer.place(row.collector_no, refer.agency(row.agency))


def debtor(row: r.DebtorRow, _: References) -> Values:
    """A debtor, with keys to find the numbers by."""
    return {**row.model_dump(), "phone_key": key_of(row.phone), "id_key": key_of(row.id_no), "listed": True}


def account(row: r.AccountRow, refer: References) -> Values:
    """What is owed; assignments are rows of their own."""
    values = row.model_dump(exclude={"debtor_no", "agency", "assigned_on", "assigned_until"})
    return {**values, "debtor_id": refer.debtor(row.debtor_no), "listed": True}


def assign(session: Session, rows: Sequence[r.AccountRow], refer: References) -> None:
    """Which agency has each account from when to when."""
    ends = "assigned_until" in present(rows)
    assigned = [
        {
            "account_id": refer.account(row.account_no),
            "agency_id": refer.agency(row.agency),
            "assigned_on": row.assigned_on,
            **({"until": row.assigned_until} if ends else {}),
        }
        for row in rows
        if row.agency
    ]
    upsert(session, Assignment, assigned, ("account_id", "agency_id", "assigned_on"))


def contact(row: r.ContactRow, refer: References) -> Values:
    """A person around a debtor."""
    values = row.model_dump(exclude={"debtor_no", "name"})
    ours = {"debtor_id": refer.debtor(row.debtor_no), "name": row.name or "", "phone_key": key_of(row.phone) or ""}
    return {**values, **ours}


def call(row: r.CallRow, refer: References) -> Values:
    """A call record; what its row names becomes an entry."""
    agency = refer.agency(row.agency)
    return {
        "call_id": row.call_id,
        "recording_name": row.recording,
        "collector_id": refer.collector(row.collector_no, agency),
        "account_id": refer.account(row.account_no),
        "agency_id": agency,
        "number": row.callee_phone,
        "number_key": key_of(row.callee_phone),
        "line": row.from_phone,
        "line_key": key_of(row.from_phone),
        "relation": row.callee_relation,
        "direction": row.direction,
        "started_at": row.started_at,
        "day": local_day(row.started_at),
        "talk_seconds": row.duration_s,
        "disposition": row.disposition,
        "collector_channel": row.collector_channel,
    }


def message(row: r.MessageRow, refer: References) -> Values:
    """A message, on its local day."""
    return {
        "message_id": row.message_id,
        "collector_id": refer.collector(row.collector_no),
        "account_id": refer.account(row.account_no),
        "number": row.to_phone,
        "number_key": key_of(row.to_phone),
        "relation": row.to_relation,
        "channel": row.channel,
        "sent_at": row.sent_at,
        "day": local_day(row.sent_at),
        "text": row.text,
        "sender": row.sender,
        "sender_key": key_of(row.sender),
    }


def keep_texts(session: Session, rows: Sequence[r.MessageRow], _: References) -> None:
    """Raises BadInput when a message is on file with another text: what was sent does not change."""
    texts = {row.message_id: row.text for row in rows}
    for number, text in session.exec(
        select(Message.message_id, Message.text).where(col(Message.message_id).in_(texts))
    ):
        if texts[number] != text:
            raise BadInput(f"message {number} is on file with another text", "give the new text a number of its own")


def agreement(row: r.AgreementRow, refer: References) -> Values:
    """Hours agreed with a debtor."""
    hours = {"start": row.from_time, "end": row.to_time, "agreed_on": row.agreed_on}
    return {"debtor_id": refer.debtor(row.debtor_no), **hours, "evidence": row.evidence}


def visit(row: r.VisitRow, refer: References) -> Values:
    """A visit with the ids of who went."""
    values = row.model_dump(exclude={"collector_nos", "account_no"})
    went = [refer.collector(number) for number in row.collector_nos]
    return {**values, "collectors": went, "account_id": refer.account(row.account_no), "day": local_day(row.at)}


def policy(row: r.PolicyRow, _: References) -> Values:
    """A written policy."""
    return row.model_dump()
