"""What the one who complains is to the debtor: the debtor, a person around, or somebody else who was contacted."""

from typing import NamedTuple

from audit.parties.models import SELF
from complaints.accounts.facts import Facts, Person
from complaints.accounts.keys import closest
from complaints.accounts.known import Known
from complaints.accounts.names import Fit, fit
from complaints.accounts.relation import is_own, is_stranger, relation_told
from complaints.accounts.told import Told

DEBTOR = "debtor"
UNKNOWN = "unknown"


class Complainant(NamedTuple):
    """What the complainant is to the debtor (empty where nothing tells it), and who among the persons on file."""

    is_: str
    person_id: int | None = None


def complainant(facts: Facts, known: Known) -> Complainant:
    """The complainant of an account: by name, by number, by what the text tells, by whom the contacts were with."""
    is_debtors, person = closest(known.phones, facts.phone_key), _person(facts, known)
    relation = relation_told(known.told, facts.name or "")
    if any(fit(name, facts.name) is Fit.same for name in known.told.own_names):
        return Complainant(DEBTOR)
    if person and not (is_debtors and not relation):
        return Complainant(person.relation, person.id)
    if relation:
        return Complainant(relation)
    return Complainant(DEBTOR if is_debtors else _otherwise(facts, known))


def _person(facts: Facts, known: Known) -> Person | None:
    """The person around the debtor whose name or phone it is; a name tells more."""

    def rank(person: Person) -> int:
        named = any(fit(name, person.name) is Fit.same for name in known.told.own_names)
        return 2 * named + bool(closest(known.phones, person.phone_key))

    best = max(facts.persons, key=rank, default=None)
    return best if best and rank(best) else None


def _otherwise(facts: Facts, known: Known) -> str:
    """By whom the contacts with the number were with, or by what is told."""
    if reached := known.reached.numbers.get(facts.account_id):
        return DEBTOR if reached[1] == SELF else reached[1] or UNKNOWN
    if is_stranger(known.told) or facts.account_id in known.reached.addressed:
        return UNKNOWN
    return DEBTOR if is_own(known.told) and not known.told.has_full_name else ""


def complainant_of_nobody(told: Told) -> str:
    """What the text alone tells, where no account is found."""
    if relation := relation_told(told, ""):
        return relation
    return UNKNOWN if is_stranger(told) else DEBTOR if is_own(told) else ""
