"""Which contacts an incident is about: those that fit best at the time told, or else near it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from complaints.matching.contacts import CALL, Contact
from complaints.matching.fitting import Reason, Setting, off, reasons
from complaints.matching.incidents import Incident

_SURE_DAYS = timedelta(days=2)  # the longest window that may be some days off
_OFF = (1, -1, 2, -2)  # days by which people misremember
_ENOUGH = 1.0  # score below which a contact is none of the incident's
_TIED = 0.3
_FEW = 2  # contacts that may tie


@dataclass(frozen=True)
class Pick:
    """A contact that an incident is about, and why; `days_off` where the day told is another."""

    contact: Contact
    incident: Incident
    reasons: tuple[Reason, ...]
    days_off: int = 0

    @property
    def score(self) -> float:
        """All reasons together."""
        return sum(reason.score for reason in self.reasons)

    @property
    def why(self) -> str:
        """The reasons in words."""
        return "；".join(reason.words for reason in self.reasons if reason.words)


def all_picks(incidents: Sequence[Incident], contacts: Sequence[Contact], setting: Setting) -> list[Pick]:
    """The contacts of each incident; those without a time are looked for last, among what no other is about."""
    dated = {n: picks(one, contacts, setting) for n, one in enumerate(incidents) if one.window}
    chosen = _same_days_off(incidents, dated, contacts, setting)
    taken = {pick.contact.subject for those in chosen.values() for pick in those}
    free = [contact for contact in contacts if contact.subject not in taken]
    chosen |= {n: picks(one, free, setting) for n, one in enumerate(incidents) if not one.window}
    return [pick for n in range(len(incidents)) for pick in chosen[n]]


def _same_days_off(
    incidents: Sequence[Incident], chosen: dict[int, list[Pick]], contacts: Sequence[Contact], setting: Setting
) -> dict[int, list[Pick]]:
    """Who is a day off once is so for everything of that day."""
    sure = [those for those in chosen.values() if those and all(pick.days_off for pick in those)]
    off = {_day(those[0].incident): those[0].days_off for those in sure}
    return {n: _moved(incidents[n], those, contacts, setting, off) or those for n, those in chosen.items()}


def _moved(
    incident: Incident, those: list[Pick], contacts: Sequence[Contact], setting: Setting, off: dict[date | None, int]
) -> list[Pick]:
    """The contacts on the day that is meant; where one was found on the day told, that is the one, unless many are."""
    if not incident.tells_many and any(not pick.days_off for pick in those):
        return []
    days = off.get(_day(incident), 0)
    apart = (replace(incident, channels=channels) for channels in _apart(incident))
    found = [pick for one in apart for pick in _by_days(one, contacts, setting, days)]
    return [replace(pick, incident=incident) for pick in found]


def _day(incident: Incident) -> date | None:
    return incident.window.first.date() if incident.window else None


def picks(incident: Incident, contacts: Sequence[Contact], setting: Setting) -> list[Pick]:
    """The contacts of each channel that the incident tells of; where many are told, all that fit.

    Where none was at that time, those a day or two off, for people misremember; then those of any time whose content
    fits.
    """
    found = []
    for channels in _apart(incident):
        one = replace(incident, channels=channels)
        tries = (_at_time(one, contacts, setting), _days_off(one, contacts, setting), _any_time(one, contacts, setting))
        found += next(filter(None, tries), [])
    return [replace(pick, incident=incident) for pick in found]


def _apart(incident: Incident) -> list[frozenset[str]]:
    """Each channel told by itself; some message, whichever way it was sent, is one."""
    calls = incident.channels & {CALL}
    written = incident.channels - calls
    if len(written) > _FEW:
        return [each for each in (calls, written) if each]
    return [frozenset({channel}) for channel in sorted(incident.channels)] or [frozenset()]


def _at_time(incident: Incident, contacts: Sequence[Contact], setting: Setting) -> list[Pick]:
    scored = [Pick(contact, incident, tuple(reasons(incident, contact, setting))) for contact in contacts]
    fitting = [pick for pick in scored if pick.reasons and pick.score >= _ENOUGH]
    return fitting if incident.tells_many else _best(fitting)


def _days_off(incident: Incident, contacts: Sequence[Contact], setting: Setting) -> list[Pick]:
    """As if the days told were others: by hour and content, the nearest days first."""
    found = [_by_days(incident, contacts, setting, days) for days in _OFF]
    return max(found, key=lambda those: max((pick.score for pick in those), default=0.0))


def _by_days(incident: Incident, contacts: Sequence[Contact], setting: Setting, days: int) -> list[Pick]:
    window = incident.window
    if not days or window is None or window.last - window.first > _SURE_DAYS:
        return []
    moved = timedelta(days=days)
    then = replace(incident, window=replace(window, first=window.first + moved, last=window.last + moved))
    those = [
        Pick(pick.contact, incident, (off(incident, pick.contact, window, days), *pick.reasons[1:]), days)
        for pick in _at_time(then, contacts, setting)
    ]
    return [pick for pick in those if pick.score >= _ENOUGH]


def _any_time(incident: Incident, contacts: Sequence[Contact], setting: Setting) -> list[Pick]:
    if incident.tells_many:
        return []
    return _at_time(replace(incident, window=None), contacts, setting)


def _best(fitting: list[Pick]) -> list[Pick]:
    ranked = sorted(fitting, key=lambda pick: -pick.score)
    tied = [pick for pick in ranked if pick.score >= ranked[0].score - _TIED]
    return tied if len(tied) <= _FEW else ranked[:1]
