"""From a complaint to its evidence: whose it is, which contacts it is about, and what they say of each allegation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from audit.calls.models import Call
from audit.contacts.models import Message, Visit
from audit.findings.models import State
from audit.ledger.models import LedgerResult, RuleId
from audit.parties.models import Account, Agency
from audit.parties.numbers import is_whole, key_of, same
from audit.store.types import local_day
from classifiers import Classifier
from complaints.accounts.find import AccountMatch, find_account
from complaints.matching.allegations import Allegation, Proposed, allegations, substantiated
from complaints.matching.contacts import CALL, MESSAGE, VISIT, Contact, Days, contacts_of
from complaints.matching.fitting import Setting, is_collector
from complaints.matching.incidents import Incident, incidents
from complaints.matching.picking import Pick, all_picks
from complaints.matching.verdicts import Rate, gap_words
from complaints.reading import Reading, read
from complaints.statement import Statement

_LOOK_BACK = timedelta(days=45)  # before the first time told, or before receipt
_FARTHEST = timedelta(days=400)


@dataclass(frozen=True)
class Proposal:
    """What is proposed to the officer, who decides."""

    statement: Statement
    reading: Reading
    account: AccountMatch
    picks: list[Pick]
    allegations: list[Allegation]

    @property
    def contacts(self) -> list[Contact]:
        """The contacts that the complaint is about, by time."""
        return sorted({pick.contact.subject: pick.contact for pick in self.picks}.values(), key=lambda one: one.at)

    @property
    def calls(self) -> list[str]:
        """Their numbers, of calls."""
        return self._numbers(CALL)

    @property
    def messages(self) -> list[str]:
        """Their numbers, of messages."""
        return self._numbers(MESSAGE)

    @property
    def substantiated(self) -> Proposed:
        """What the records bear out of it."""
        return substantiated(self.allegations)

    def _numbers(self, table: str) -> list[str]:
        return [contact.number for contact in self.contacts if contact.table == table]

    def as_json(self) -> dict[str, Any]:
        """The shape of `complaints link --format json`."""
        return {
            "id": self.statement.id,
            "account_no": self.account.account_no,
            "accounts": [candidate.as_json() for candidate in self.account.candidates],
            "substantiated": self.substantiated,
            "calls": self.calls,
            "messages": self.messages,
            "visits": self._numbers(VISIT),
            "allegations": [allegation.as_json() for allegation in self.allegations],
        }


def propose(session: Session, statement: Statement, classifier: Classifier) -> Proposal:
    """The evidence for a complaint, out of what is on file. Raises BadInput for a text that cannot be read."""
    reading = read(statement.text, statement.received_at, known_parties(session), classifier)
    account = find_account(session, statement, reading)
    told = incidents(statement.text, reading, statement.received_at)
    contacts = _contacts(session, statement, account, told)
    setting = _setting(statement, account, reading, contacts)
    chosen = all_picks(told, contacts, setting)
    gap = _gap(session, account, contacts, told)
    return Proposal(statement, reading, account, chosen, allegations(chosen, told, _rate(session, account), gap))


def known_parties(session: Session) -> list[str]:
    """The names of all lenders and agencies on file."""
    lenders = session.exec(select(Account.lender).distinct()).all()
    return sorted({name for name in (*lenders, *session.exec(select(Agency.name))) if name})


def _contacts(session: Session, statement: Statement, account: AccountMatch, told: Sequence[Incident]) -> list[Contact]:
    """Those of all accounts of the debtor, and those with the complainant's number."""
    accounts: list[int] = []
    if account.debtor_id is not None:
        owned = select(Account.id).where(Account.debtor_id == account.debtor_id)
        accounts = [each for each in session.exec(owned) if each is not None]
    elif account.account_id is not None:
        accounts = [account.account_id]
    key = key_of(statement.phone)
    received = local_day(statement.received_at)
    since = min([received, *(local_day(incident.window.first) for incident in told if incident.window)])
    since = max(since - _LOOK_BACK, received - _FARTHEST)
    if key and accounts and not is_whole(key):
        key = None  # a masked number is that of many
    found = contacts_of(session, accounts, key, Days(since, received))
    return [contact for contact in found if contact.at <= statement.received_at]


def _setting(statement: Statement, account: AccountMatch, reading: Reading, contacts: Sequence[Contact]) -> Setting:
    """Somebody else than the debtor speaks of contacts with themselves if there were any, or else for the debtor."""
    key = key_of(statement.phone)
    known = [one for one in reading.people.collectors if any(is_collector(one, contact) for contact in contacts)]
    alone = known[0] if len({(one.surnames, one.staff_no) for one in known}) == 1 else None
    reached = any(same(contact.key, key) for contact in contacts)
    by_debtor = account.complainant_is in ("debtor", "") or not reached
    return Setting(statement.received_at, key, by_debtor, alone)


def _rate(session: Session, account: AccountMatch) -> Rate:
    rated = session.get(Account, account.account_id) if account.account_id is not None else None
    if rated is None or rated.interest_rate is None:
        return Rate(None, None)
    of_account = select(LedgerResult).where(LedgerResult.account_id == rated.id, LedgerResult.rule == RuleId.rate)
    of_account = of_account.where(LedgerResult.standing)
    over_cap = session.exec(of_account.where(LedgerResult.state != State.rejected)).first()
    return Rate(float(rated.interest_rate), over_cap)


def _gap(session: Session, account: AccountMatch, contacts: Sequence[Contact], told: Sequence[Incident]) -> str:
    """Why there may be no contact for what is told."""
    if account.debtor_id is None and account.account_id is None and not contacts:
        return gap_words("nobody")
    windows = [incident.window for incident in told if incident.window]
    firsts = [session.exec(select(func.min(col(model.day)))).one() for model in (Call, Message, Visit)]
    earliest: date | None = min(filter(None, firsts), default=None)
    if windows and earliest and all(local_day(window.last) < earliest for window in windows):
        return gap_words("before", first=earliest.isoformat())
    first, last = (min(w.first for w in windows), max(w.last for w in windows)) if windows else (None, None)
    when = f"{first:%m-%d} 至 {last:%m-%d} " if windows else ""
    channels = sorted({channel for incident in told for channel in incident.channels}) or [""]
    return gap_words("none", when=when, channels=channels)
