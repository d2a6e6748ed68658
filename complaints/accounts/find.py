"""Whose complaint it is: the account that it is about, and what the one who complains is to the debtor.

Names, phones and numbers told are looked up first. Where they leave it open, the accounts that the other hints fit best
are looked at too. What speaks for and against each of them is added up; with two debtors level, none is taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, select

from audit.parties.models import Account
from complaints.accounts.collectors import collectors_meant
from complaints.accounts.evidence import Evidence, evidence
from complaints.accounts.facts import Facts, load
from complaints.accounts.known import Known, Reached, known
from complaints.accounts.profile import accounts_like
from complaints.accounts.search import accounts_named, lenders_told, messages_addressing, reached_by_number
from complaints.accounts.told import Told, told_by
from complaints.accounts.whose import Complainant, complainant, complainant_of_nobody
from complaints.accounts.words import words
from complaints.reading import Reading
from complaints.statement import Statement

_SHOWN = 10  # candidates


@dataclass(frozen=True)
class Candidate:
    """An account that the complaint may be about: points, and the reasons in words, what weighs most first."""

    account_no: str
    score: float
    reasons: list[str]

    def as_json(self) -> dict[str, Any]:
        """For `complaints link --format json`."""
        return {"account_no": self.account_no, "score": self.score, "reasons": self.reasons}


@dataclass(frozen=True)
class AccountMatch:
    """The account; None where none fits, or another debtor's as well: such are `lost_to`. Of two accounts of one debtor
    that fit alike only the debtor is told. `complainant_is` is "debtor", a relation to the debtor, or empty.
    """

    account_id: int | None = None
    account_no: str | None = None
    debtor_id: int | None = None
    candidates: list[Candidate] = field(default_factory=list)
    complainant_is: str = ""
    contact_person_id: int | None = None
    lost_to: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Scored:
    facts: Facts
    evidence: list[Evidence]

    @property
    def score(self) -> float:
        return sum(each.points for each in self.evidence)

    @property
    def order(self) -> tuple[float, int, str]:
        """The best first; of level ones that with the most contacts near receipt."""
        return -self.score, -self.facts.contacts.near, self.facts.account_no


def find_account(session: Session, statement: Statement, reading: Reading) -> AccountMatch:
    """The account that a complaint is about, by what was read out of it and what is on file."""
    told = told_by(statement, reading)
    search = _Search(session, told)
    by_name = search.by_name_and_number()
    if given := search.ranked(_given(session, statement)):
        return _of(given[0], given, [], complainant(given[0].facts, search.known))
    ranked = search.ranked(by_name)
    if not ranked or ranked[0].score < words()["sure"]:
        ranked = search.ranked({*search.by_hints(), *(each.facts.account_id for each in ranked)})
    return _match(ranked, search.known, told)


def _given(session: Session, statement: Statement) -> set[int]:
    """The account that somebody found already; nothing else is asked then."""
    number = select(Account.id).where(Account.account_no == statement.account_no)
    return {each for each in session.exec(number) if each is not None} if statement.account_no else set()


class _Search:
    """What is looked up once, and the accounts that it leads to."""

    def __init__(self, session: Session, told: Told) -> None:
        self._session, self._told = session, told
        self._collectors = collectors_meant(session, told)
        self.known = known(told, self._collectors, lenders_told(session, told), Reached({}, {}))

    def by_name_and_number(self) -> set[int]:
        """Accounts by names and numbers told; by those that contacts went to, where no register has the phone."""
        found = accounts_named(self._session, self._told)
        if not found.by_phone:
            self.known = self.known.with_reached(reached_by_number(self._session, self._told), {})
        return {*found.accounts, *self.known.reached.numbers}

    def by_hints(self) -> set[int]:
        """Accounts by all else."""
        addressed = messages_addressing(self._session, self._told)
        self.known = self.known.with_reached(self.known.reached.numbers, addressed)
        return {*addressed, *accounts_like(self._session, self._told, self._collectors)}

    def ranked(self, accounts: set[int]) -> list[_Scored]:
        """Those accounts, the best first."""
        facts = load(self._session, self._told, accounts, self._collectors)
        return sorted((_Scored(each, evidence(each, self.known)) for each in facts), key=lambda each: each.order)


def _match(ranked: list[_Scored], known: Known, told: Told) -> AccountMatch:
    candidates = [Candidate(each.facts.account_no, each.score, [e.says for e in each.evidence]) for each in ranked]
    shown = [candidate for candidate in candidates if candidate.score > 0][:_SHOWN]
    best = ranked[0] if ranked and ranked[0].score >= words()["enough"] else None
    if best is None:
        return AccountMatch(candidates=shown, complainant_is=complainant_of_nobody(told))
    if rivals := list(_rivals(best, ranked)):
        return AccountMatch(candidates=shown, complainant_is=complainant_of_nobody(told), lost_to=rivals)
    who = complainant(best.facts, known)
    return _of(best, ranked, shown, who)


def _rivals(best: _Scored, ranked: list[_Scored]) -> Iterator[str]:
    """Accounts of other debtors that fit about as well, the best one among them."""
    level = [each for each in ranked if best.score - each.score < words()["clear"]]
    if any(
        each.facts.debtor_id != best.facts.debtor_id or each.facts.debtor_id is None
        for each in level
        if each is not best
    ):
        yield from (each.facts.account_no for each in level)


def _of(best: _Scored, ranked: list[_Scored], shown: list[Candidate], who: Complainant) -> AccountMatch:
    """The best account; where another of the debtor fits as well and was contacted as often, only the debtor."""
    level = [each for each in ranked if each.order[:2] == best.order[:2]]
    facts, alone = best.facts, len(level) == 1
    return AccountMatch(
        account_id=facts.account_id if alone else None,
        account_no=facts.account_no if alone else None,
        debtor_id=facts.debtor_id,
        candidates=shown,
        complainant_is=who.is_,
        contact_person_id=who.person_id,
        lost_to=[] if alone else [each.facts.account_no for each in level],
    )
