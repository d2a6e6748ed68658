"""What speaks for an account and what against it: each piece with its points and in words."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from audit.store.types import local_day
from complaints.accounts.facts import Facts, Person
from complaints.accounts.keys import closest, is_account
from complaints.accounts.known import Known
from complaints.accounts.names import Fit, fit, has_surname
from complaints.accounts.profile import amount_range, overdue_range, told_amounts
from complaints.accounts.relation import is_stranger, relation_told
from complaints.accounts.told import Told
from complaints.accounts.words import points, words
from complaints.reading.numbers import AmountReading, amounts

_SEXES = {"男": "男", "女": "女", "male": "男", "female": "女", "M": "男", "F": "女"}
_ROUND = 2  # digits of a sum that many others share
_SHORT = 2  # characters of a name that may stand in a text by chance


class Evidence(NamedTuple):
    """A piece of evidence: its name in `accounts.yaml`, its points, and what it says."""

    name: str
    points: float
    says: str


def evidence(facts: Facts, known: Known) -> list[Evidence]:
    """All that speaks for or against the account, what weighs most first."""
    parts = (_numbers, _phones, _names, _surnames, _terms, _amounts, _place, _contacts)
    return sorted((each for part in parts for each in part(facts, known)), key=lambda each: -each.points)


def _of(evidence: str, /, **told: object) -> Evidence:
    return Evidence(evidence, points(evidence), words()["evidence"][evidence]["says"].format(**told))


def _numbers(facts: Facts, known: Known) -> Iterator[Evidence]:
    fits = [_of(how, number=p) for p, name in known.pieces.items() if (how := is_account(p, name, facts.account_no))]
    yield from sorted(fits, key=lambda each: -each.points)[:1]
    if found := closest(known.identities, facts.id_key):
        yield _of(f"id_{found[0]}")


def _phones(facts: Facts, known: Known) -> Iterator[Evidence]:
    """The best of: the debtor's, a person's around, one that was contacted."""
    found = []
    if own := closest(known.phones, facts.phone_key):
        found.append(_of(f"phone_{own[0]}", whose=own[1].whose))
    for person in facts.persons:
        if theirs := closest(known.phones, person.phone_key):
            found.append(_of(f"person_{theirs[0]}", whose=theirs[1].whose, person=shown(person)))
    if not found and (level := known.reached.numbers.get(facts.account_id)):
        found.append(_of(f"reached_{level[0]}", whose="来电号码"))
    yield from sorted(found, key=lambda each: -each.points)[:1]


def shown(person: Person) -> str:
    """The person's name and relation for people."""
    relation = words()["relation_names"].get(person.relation, person.relation)
    return f"{person.name}（{relation}）" if person.name else relation


def _names(facts: Facts, known: Known) -> Iterator[Evidence]:
    """Who is told to be the debtor, who complains, and whom the messages address."""
    yield from _debtor_named(facts, known.told)
    yield from _own_name(facts, known.told)
    if name := known.reached.addressed.get(facts.account_id):
        yield _of("addressed", name=name)


def _debtor_named(facts: Facts, told: Told) -> Iterator[Evidence]:
    fits = {fit(name, facts.name) for name in told.debtor_names}
    if Fit.same in fits:
        yield _of("debtor_named", name=facts.name)
    elif Fit.heard in fits:
        yield _of(_named("name_heard", facts), name=facts.name)
    elif told.names_debtor and facts.name and facts.name not in told.pieces:
        yield _of("other_debtor", name="、".join(told.debtor_names))
    elif facts.name in told.pieces and facts.name not in told.own_names:
        yield _of(_named("name_in_text", facts), name=facts.name)


def _own_name(facts: Facts, told: Told) -> Iterator[Evidence]:
    """The complainant's, as the debtor's or that of a person around; or somebody's who speaks for nobody else."""
    fits = {fit(name, facts.name) for name in told.own_names}
    person = next((p for p in facts.persons for name in told.own_names if fit(name, p.name) is Fit.same), None)
    if Fit.same in fits:
        yield _of("own_name")
    elif person:
        yield _of("person_named", person=shown(person))
    elif Fit.heard in fits:
        yield _of(_named("name_heard", facts), name=facts.name)
    elif Fit.partly in fits:
        yield _of("name_partly")
    elif told.has_full_name and facts.name and not told.debtor_names and not relation_told(told, facts.name):
        yield _of("other_name")


def _named(evidence: str, facts: Facts) -> str:
    """That evidence, or the weaker one for a name so short that it may fit by chance."""
    return f"short_{evidence}" if len(facts.name or "") <= _SHORT else evidence


def _surnames(facts: Facts, known: Known) -> Iterator[Evidence]:
    """Only where whoever is called by surname may be the debtor."""
    told = known.told
    named = any(fit(name, facts.name) for name in (*told.own_names, *told.debtor_names))
    around = any(closest(known.phones, person.phone_key) for person in facts.persons)
    if not facts.name or named or around or is_stranger(told) or relation_told(told, facts.name):
        return
    if told.surnames:
        fits = {has_surname(surname, facts.name) for surname in told.surnames}
        if Fit.same in fits:
            yield _of("surname")
        else:
            yield _of("surname_heard" if Fit.heard in fits else "other_surname")
    sex = _SEXES.get(facts.gender or "")
    if told.gender and sex:
        yield _of("gender" if sex == told.gender else "other_gender")


def _terms(facts: Facts, known: Known) -> Iterator[Evidence]:
    """Lender, agency, product, how long overdue."""
    if known.lenders and facts.lender:
        fits = facts.lender in known.lenders
        yield _of("lender" if fits else "other_lender", lender=facts.lender if fits else "、".join(known.lenders))
    if known.agencies and facts.agencies:
        had = known.agencies & facts.agencies
        yield _of("agency" if had else "other_agency", agency="、".join(sorted(had or known.agencies)))
    if facts.product and facts.product in known.told.statement.text:
        yield _of("product", product=facts.product)
    if known.told.overdue and facts.overdue_since:
        days = (local_day(known.told.statement.received_at) - facts.overdue_since).days
        least, most = overdue_range(known.told.overdue)
        if least <= days <= most:
            yield _of("overdue", days=days)
    relation = relation_told(known.told, facts.name or "")
    if relation and any(person.relation == relation for person in facts.persons):
        yield _of("relation", relation=words()["relation_names"].get(relation, relation))


def _amounts(facts: Facts, known: Known) -> Iterator[Evidence]:
    """What is told to be owed against the principal, or against what messages say."""
    told = told_amounts(known.told)
    found = filter(None, (_closeness(each, float(facts.principal or 0)) for each in told))
    if best := max(found, key=points, default=""):
        yield _of(best, principal=f"{facts.principal:,.0f}")
    elif told and facts.contacts.texts:
        named = [amount for text in facts.contacts.texts for amount in amounts(text)]
        if any(one.low <= each.high and each.low <= one.high for each in told for one in named):
            yield _of("amount_told")


def _closeness(told: AmountReading, principal: float) -> str:
    """The evidence that an amount told gives for a principal; empty for none."""
    least, most = amount_range(told)
    if not least <= principal <= most:
        return ""
    if told.low == told.high == principal and told.low % 10 ** (len(str(int(told.low))) - _ROUND):
        return "same_principal"
    rounded = words()["amount"]["rounded"]
    return "principal" if told.low * (1 - rounded) <= principal <= told.high * (1 + rounded) else "near_principal"


def _place(facts: Facts, known: Known) -> Iterator[Evidence]:
    for own, kind in known.told.places:
        pattern = re.compile(f"{own}.*?{kind}")
        if at := pattern.search(facts.address or "") or pattern.search(facts.employer or ""):
            yield _of("place", place=at.group())
            return


def _contacts(facts: Facts, known: Known) -> Iterator[Evidence]:
    """Contacts in the time told, by whom and how, and what was found in them."""
    its, names = facts.contacts, words()["channel_names"]
    if known.collectors and its.by_collector:
        yield _of("by_collector", count=its.by_collector)
    elif known.collectors:
        yield _of("collector" if its.ever_by_collector else "other_collector")
    if its.in_window and known.told.timed:
        yield _of("in_window", count=its.in_window)
    if used := its.channels & known.told.channels:
        yield _of("channel", channel="、".join(names[channel] for channel in sorted(used)))
    if its.kinds:
        yield _of("kind", kinds="、".join(kind.names.zh for kind in sorted(its.kinds)))
