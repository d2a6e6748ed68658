"""Early warnings: what was heard or read of the other side that a complaint or worse may follow. They are not stored: a
warning is there as long as nobody has decided on its finding.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field
from sqlmodel import Session

from audit.findings.listing import Asked, Listed, listed
from audit.findings.models import State
from audit.store.types import LOCAL, local_day
from classifiers.detectors import Part
from classifiers.rules import Bilingual
from classifiers.taxonomy import Kind
from complaints.calendar import read_yaml

SHIPPED = Path(__file__).with_name("warnings.yaml")


class Alarm(Part):
    """How urgent a kind of signal is (1 before 2), what is to be done, and whether suggestions open a warning too."""

    urgency: int = Field(ge=1)
    suggested: bool = False
    act: Bilingual


class Alarms(Part):
    """The kinds of signal that open a warning."""

    warnings: dict[Kind, Alarm]


@dataclass(frozen=True)
class Warning:
    """One signal that waits for a person: `finding` is what to decide on, `at` the second in the recording, `age_days`
    the local days since.
    """

    finding: str
    kind: Kind
    urgency: int
    state: State
    debtor_no: str
    account_no: str
    call: str
    message: str
    time: datetime | None
    at: float | None
    quote: str
    age_days: int | None
    act: dict[str, str]

    def as_json(self, lang: str = "zh") -> dict[str, Any]:
        """The shape of `complaints warnings --format json`; the time is local."""
        time = self.time.astimezone(LOCAL).isoformat(timespec="seconds") if self.time else None
        return {**vars(self), "time": time, "act": self.act[lang]}


@lru_cache(maxsize=1)
def shipped_alarms() -> Alarms:
    """The kinds that come with the product. Raises BadInput naming the file and what does not hold."""
    return read_yaml(SHIPPED, Alarms)


def warnings(session: Session, at: datetime) -> list[Warning]:
    """The warnings that wait at a moment: the most urgent first; of one urgency debtor by debtor, who has waited
    longest first.
    """
    alarms = shipped_alarms().warnings
    found = (each for state in (State.open, State.suggested) for each in _signals(session, state, alarms))
    waiting = sorted((_warning(each, alarms[each.finding.kind_now], at) for each in found), key=_when)
    first: dict[tuple[int, str], int] = {}
    for n, each in enumerate(waiting):
        first.setdefault((each.urgency, _whose(each)), n)
    return sorted(waiting, key=lambda each: (each.urgency, first[each.urgency, _whose(each)]))


def _signals(session: Session, state: State, alarms: Mapping[Kind, Alarm]) -> list[Listed]:
    kinds = frozenset(kind for kind, alarm in alarms.items() if state is State.open or alarm.suggested)
    return listed(session, Asked(state, kinds))


def _warning(each: Listed, alarm: Alarm, at: datetime) -> Warning:
    finding = each.finding
    return Warning(
        finding=f"F{finding.id}",
        kind=finding.kind_now,
        urgency=alarm.urgency,
        state=finding.state,
        debtor_no=each.debtor_no,
        account_no=each.account_no,
        call=each.call.call_id if each.call else "",
        message=each.message.message_id if each.message else "",
        time=each.at,
        at=None if finding.at_ms is None else finding.at_ms / 1000,
        quote=finding.quote,
        age_days=(local_day(at) - local_day(each.at)).days if each.at else None,
        act=alarm.act.model_dump(),
    )


def _whose(each: Warning) -> str:
    """What stands for the person: the debtor, or the account or contact where no register names one."""
    return each.debtor_no or each.account_no or each.call or each.message


def _when(each: Warning) -> str:
    return each.time.isoformat() if each.time else ""  # without a record: it may have waited longest
