"""One look over all contacts from a day on: each rule is asked once a contact, or once a scope that it counts."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from sqlmodel import Session

from audit.ledger.contacts import Contact, contacts
from audit.ledger.counting import over_count
from audit.ledger.facts import Facts
from audit.ledger.hits import Answer, Hit
from audit.ledger.limits import Limits, ThirdPersons, rule_pack
from audit.ledger.models import LedgerVerdict, RuleId
from audit.ledger.rates import over_cap
from audit.ledger.single import CHECKS
from audit.ledger.third_persons import not_lost
from audit.ledger.visits import wrong_visits
from audit.store.types import local_day, now

_COUNTED = (RuleId.connected_per_day, RuleId.attempts_per_number)


class Day:
    """The limits of a day, and how many of its contacts each rule looked at and could not judge for want of data."""

    def __init__(self, asked: Limits, day: date) -> None:
        at = {rule: limit for rule, found in asked.rules() if (limit := found.at(day))}
        self.checks = [(rule, check, at[rule]) for rule, check in CHECKS.items() if rule in at]
        self.third: ThirdPersons | None = at.get(RuleId.third_person)
        self.counted = [(rule, at[rule].per == "number") for rule in _COUNTED if rule in at]
        self.checked: Counter[RuleId] = Counter()
        self.no_data: Counter[RuleId] = Counter()


class Look:
    """One look; `days` tells by local day what was looked at."""

    def __init__(self, session: Session, asked: Limits, since: date) -> None:
        self._session = session
        self._asked = asked
        self._since = since
        self._facts = Facts(session)
        self.days: dict[date, Day] = {}

    def hits(self) -> Iterator[Hit]:
        """All that breaks a limit or may; contacts that a rule judges together are one hit."""
        merged: dict[tuple[RuleId, str, date, LedgerVerdict], Hit] = {}
        others: list[tuple[Contact, ThirdPersons]] = []
        for contact in contacts(self._session, self._since, self._facts):
            day = self.days.get(contact.day) or self.days.setdefault(contact.day, Day(self._asked, contact.day))
            for hit in self._broken(contact, day):
                whole = merged.setdefault((hit.rule, hit.scope, hit.day, hit.verdict), hit)
                if whole is not hit:
                    whole.contacts += hit.contacts
                    whole.counted = len(whole.contacts)
            self._count(contact, day)
            if day.third and _to_other(contact, day.third, day):
                others.append((contact, day.third))
        yield from merged.values()
        yield from not_lost(self._session, others, self._facts)
        yield from self._of_several()

    def _broken(self, contact: Contact, day: Day) -> Iterator[Hit]:
        """What one contact breaks by itself."""
        for rule, check, limit in day.checks:
            answer = check(contact, limit, self._facts)
            if answer is Answer.not_concerned:
                continue
            (day.no_data if answer is Answer.no_data else day.checked)[rule] += 1
            if not isinstance(answer, Answer):
                yield from answer if isinstance(answer, list) else [answer]

    def _count(self, contact: Contact, day: Day) -> None:
        """Notes whether the rules that count calls know whom to count this one for."""
        if contact.way == "call" and contact.outbound:
            for rule, by_number in day.counted:
                known = contact.number_key if by_number else contact.debtor
                (day.checked if known else day.no_data)[rule] += 1

    def _of_several(self) -> Iterator[Hit]:
        """What is counted over several contacts, and what is a fact of an account."""
        for rule in _COUNTED:
            if counted := self._asked.rule(rule):
                yield from over_count(self._session, rule, counted, self._since)
        if self._asked.visit:
            yield from wrong_visits(self._session, self._asked.visit, self._since)
        if self._asked.rate:
            yield from over_cap(self._session, self._asked.rate, rule_pack(), local_day(now()))


def _to_other(contact: Contact, limit: ThirdPersons, day: Day) -> bool:
    """Whether a third person was contacted; the register must say who was."""
    if not contact.outbound or contact.way == "visit":
        return False
    known = contact.relation is not None and contact.debtor is not None
    (day.checked if known else day.no_data)[RuleId.third_person] += 1
    return known and contact.relation not in limit.like_debtor
