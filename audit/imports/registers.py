"""The registers: what a row holds, what makes two rows one, and the table that keeps them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlmodel import Session, SQLModel

from audit.calls.models import Call, Stage
from audit.contacts.models import Agreement, Message, Visit
from audit.imports import rows as r
from audit.imports import values
from audit.imports.references import References
from audit.parties.models import Account, Agency, Collector, ContactPerson, Debtor, Policy
from audit.store.upsert import upsert

_FROM = {  # columns of tables whose column of the file is called otherwise
    "phone_key": "phone",
    "id_key": "id_no",
    "number": "callee_phone",
    "number_key": "callee_phone",
    "line": "from_phone",
    "line_key": "from_phone",
    "sender_key": "sender",
    "agency_id": "agency",
    "recording_name": "recording",
}


class RegisterName(StrEnum):
    """The registers that can be imported."""

    agencies = "agencies"
    collectors = "collectors"
    debtors = "debtors"
    accounts = "accounts"
    contacts = "contacts"
    calls = "calls"
    messages = "messages"
    agreements = "agreements"
    visits = "visits"
    policies = "policies"


@dataclass(frozen=True)
class Register:
    """Which rows it has, what makes two of them one (`key`, in the file), and the table that keeps them."""

    row: type[r.Row]
    key: tuple[str, ...]
    model: type[SQLModel]
    table_key: tuple[str, ...]
    to_table: Callable[[Any, References], values.Values]
    fresh: Mapping[str, Any] = field(default_factory=dict)
    before: Callable[[Session, Sequence[Any], References], None] | None = None
    after: Callable[[Session, Sequence[Any], References], None] | None = None

    def write(self, session: Session, rows: Sequence[r.Row], shared: values.Values) -> None:
        """Puts the rows into their table; a column that the file does not have is left as it is."""
        references = References(session, rows)
        if self.before:
            self.before(session, rows, references)
        absent = self.row.model_fields.keys() - values.present(rows)
        put = []
        for row in rows:
            found = {**shared, **self.to_table(row, references)}
            put.append({name: value for name, value in found.items() if _FROM.get(name, name) not in absent})
        upsert(session, self.model, put, self.table_key, self.fresh)
        if self.after:
            self.after(session, rows, references)


REGISTERS = {
    RegisterName.agencies: Register(r.AgencyRow, ("agency",), Agency, ("name",), values.agency, {"lines": []}),
    RegisterName.collectors: Register(
        r.CollectorRow,
        ("agency", "collector_no"),
        Collector,
        ("staff_no", "agency_id"),
        values.collector,
        before=values.place_collectors,
    ),
    RegisterName.debtors: Register(r.DebtorRow, ("debtor_no",), Debtor, ("debtor_no",), values.debtor),
    RegisterName.accounts: Register(
        r.AccountRow,
        ("account_no", "agency", "assigned_on"),
        Account,
        ("account_no",),
        values.account,
        after=values.assign,
    ),
    RegisterName.contacts: Register(
        r.ContactRow, ("debtor_no", "name", "phone"), ContactPerson, ("debtor_id", "name", "phone_key"), values.contact
    ),
    RegisterName.calls: Register(
        r.CallRow, ("call_id",), Call, ("source", "call_id"), values.call, {"stage": Stage.waiting, "percent": 0}
    ),
    RegisterName.messages: Register(
        r.MessageRow, ("message_id",), Message, ("source", "message_id"), values.message, before=values.keep_texts
    ),
    RegisterName.agreements: Register(
        r.AgreementRow,
        ("debtor_no", "from_time", "to_time", "agreed_on"),
        Agreement,
        ("debtor_id", "start", "end", "agreed_on"),
        values.agreement,
    ),
    RegisterName.visits: Register(r.VisitRow, ("visit_id",), Visit, ("visit_id",), values.visit),
    RegisterName.policies: Register(r.PolicyRow, ("policy_no",), Policy, ("policy_no",), values.policy),
}
