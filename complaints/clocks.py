"""The clocks of a complaint: when it must be decided, when to warn, and what may stop or lengthen that.

Nothing is stored here. A clock is started by the rule in force on the day of receipt, and every change gives a new one,
so that it can be had again at any time from what happened to the complaint.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from audit.store.types import local_day
from classifiers.errors import BadInput
from complaints.calendar import Overrides
from complaints.clock_count import Clock, Extension, Pause, aware, count, end_of, timed
from complaints.clock_rules import ClockKind, ClockRules, Unit, shipped_rules

__all__ = [
    "Clock",
    "Extension",
    "OwnDue",
    "Pause",
    "State",
    "Status",
    "Within",
    "clocks_for",
    "extend",
    "meet",
    "pause",
    "resume",
    "start_clock",
    "state",
]


class Within(NamedTuple):
    """A regulator's own time: so many calendar or working days after receipt."""

    days: int
    unit: Unit = Unit.working


OwnDue = date | datetime | Within


class Status(StrEnum):
    """How a clock stands; `met` says only that it was, days left below 0 that it was too late."""

    running = "running"
    warned = "warned"
    paused = "paused"
    overdue = "overdue"
    met = "met"


class State(NamedTuple):
    """How a clock stands at a moment: calendar days left (below 0 once over), and the unit that its rule counts in."""

    status: Status
    days_left: int
    unit: Unit
    due_at: datetime


def clocks_for(
    channel: str,
    received_at: datetime,
    *,
    own_due: OwnDue | None = None,
    overrides: Overrides | None = None,
    rules: ClockRules | None = None,
) -> list[Clock]:
    """The clocks that start with a complaint, the one that is due first in front.

    A regulator's own due date stands beside the statutory clock, shorter or longer. Raises BadInput for a time without
    zone, and where no version of a rule is in force on the day of receipt.
    """
    rules = rules or shipped_rules()
    clocks = [start_clock(rule, received_at, overrides=overrides, rules=rules) for rule in rules.of_channel(channel)]
    if own_due is not None:
        clocks.append(_own_clock(own_due, aware(received_at), overrides, rules))
    return sorted(clocks, key=lambda clock: clock.due_at)


def start_clock(
    rule: str, started_at: datetime, *, overrides: Overrides | None = None, rules: ClockRules | None = None
) -> Clock:
    """A rule's clock, such as `recheck-request` from the decision on. Raises BadInput like `clocks_for`."""
    rules, started_at = rules or shipped_rules(), aware(started_at)
    day = local_day(started_at)
    version = rules.version(rule, day)
    kind, laws = rules.rules[rule].kind, rules.citations(version, day)
    return timed(Clock(kind, rule, started_at, started_at, (), False, laws, version.unit, version, overrides=overrides))


def extend(clock: Clock, approver: str, notice_on: date, reason: str) -> Clock:
    """The clock with the next extension of its rule. Raises BadInput where the rule has none left, nobody approved it,
    no reason is given, or the complainant was not told before the due day.
    """
    _open(clock)
    if not (clock.version and len(clock.extensions) < len(clock.version.extensions)):
        raise BadInput(f"{clock.rule}: no further extension after {clock.due_on}", "decide by then")
    if not approver.strip() or not reason.strip():
        raise BadInput(f"{clock.rule}: extension without approver or reason", "name who approved it, and why")
    if not local_day(clock.received_at) <= notice_on < clock.due_on:
        span = f"from {local_day(clock.received_at)} on and before {clock.due_on}"
        raise BadInput(f"{clock.rule}: notice on {notice_on}", f"the complainant must be told {span}")
    return timed(replace(clock, extensions=(*clock.extensions, Extension(approver, notice_on, reason))))


def pause(clock: Clock, start: date, reason: str, told_on: date) -> Clock:
    """The clock stopped after the day `start`. Raises BadInput where its rule knows no such reason, the complainant was
    not told by then, it is stopped already, or the day is not before the due day.
    """
    _open(clock)
    if not clock.version or reason not in clock.version.pauses:
        known = ", ".join(clock.version.pauses if clock.version else ()) or "none"
        raise BadInput(f"{clock.rule}: {reason} stops no clock", f"reasons of this rule: {known}")
    received_on = local_day(clock.received_at)
    if not received_on <= told_on <= start:
        remedy = f"the complainant must be told from {received_on} on, and by {start}, when the pause begins"
        raise BadInput(f"{clock.rule}: told on {told_on}", remedy)
    earliest = max([received_on, *(past.end or date.max for past in clock.pauses)])
    if not earliest <= start < clock.due_on:
        raise BadInput(f"{clock.rule}: pause on {start}", f"it must begin before {clock.due_on} while the clock runs")
    return replace(clock, pauses=(*clock.pauses, Pause(reason, start, told_on)))


def resume(clock: Clock, on: date) -> Clock:
    """The clock running again after the day `on`. Raises BadInput where it is not stopped, or was only later."""
    if not clock.pauses or clock.pauses[-1].end or on < clock.pauses[-1].start:
        raise BadInput(f"{clock.rule}: not paused on {on}", "resume a paused clock, not before it was paused")
    return timed(replace(clock, pauses=(*clock.pauses[:-1], clock.pauses[-1]._replace(end=on))))


def meet(clock: Clock, at: datetime) -> Clock:
    """The clock stopped for good. Raises BadInput where it was met before, or for a time before it started."""
    _open(clock)
    if aware(at) < clock.received_at:
        raise BadInput(f"{clock.rule}: met at {at}, before it started", "give the time of the decision")
    return replace(clock, met_at=aware(at))


def state(clock: Clock, now: datetime) -> State:
    """How the clock stands at a moment; once met, how it stood then."""
    moment = clock.met_at or aware(now)
    today, held = local_day(moment), _held(clock, local_day(moment))
    left = (held.due_on - today).days
    if clock.met_at:
        status = Status.met
    elif held is not clock:
        status = Status.paused
    elif moment > clock.due_at:
        status = Status.overdue
    else:
        status = Status.warned if any(day <= today for day in clock.warn_on) else Status.running
    return State(status, left, clock.unit, held.due_at)


def _held(clock: Clock, today: date) -> Clock:
    """The clock as it would be if a pause that lasts ended today; itself where there is none."""
    if not clock.pauses or clock.pauses[-1].end:
        return clock
    return resume(clock, max(today, clock.pauses[-1].start))


def _own_clock(due: OwnDue, received_at: datetime, overrides: Overrides | None, rules: ClockRules) -> Clock:
    """The clock of a regulator's own due date: a moment, the end of a local day, or so many days from receipt on."""
    unit = due.unit if isinstance(due, Within) else Unit.calendar
    started = Clock(ClockKind.own_due, "own-due", received_at, received_at, (), False, unit=unit, overrides=overrides)
    due_at, provisional = _own_due_at(started, due)
    warn_on = tuple(local_day(due_at) - timedelta(days=days) for days in rules.own_due.warn_before)
    return replace(started, due_at=due_at, warn_on=warn_on, provisional=provisional)


def _own_due_at(clock: Clock, due: OwnDue) -> tuple[datetime, bool]:
    if isinstance(due, Within):
        day, provisional = count(clock, due.days)
        return end_of(day), provisional
    return (aware(due) if isinstance(due, datetime) else end_of(due)), False


def _open(clock: Clock) -> None:
    if clock.met_at:
        raise BadInput(f"{clock.rule}: met on {local_day(clock.met_at)}", "a clock that was met is not changed")
