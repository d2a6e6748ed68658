"""The clocks of a case, had from its events."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from audit.store.types import local_day
from classifiers.errors import BadInput
from complaints.clock_rules import ClockKind
from complaints.clocks import Clock, clocks_for, extend, meet, pause, resume, start_clock
from complaints.due import from_body
from complaints.models import ComplaintEvent
from complaints.vocabulary import EventKind

OURS = frozenset({ClockKind.decision, ClockKind.own_due, ClockKind.recheck_decision})  # what we must do by then


def fold(events: Iterable[ComplaintEvent]) -> list[Clock]:
    """The clocks that the events leave, in order of their start. Raises BadInput for an event that they forbid."""
    told = list(events)
    folding = _Folding(told)
    for event in told:
        if step := _STEPS.get(event.kind):
            step(folding, event)
    return folding.clocks


def open_clock(clocks: Iterable[Clock], rule: str | None) -> Clock:
    """The running clock of a rule; without one, that of the decision that is awaited. Raises BadInput for none."""
    running = [clock for clock in clocks if clock.met_at is None and clock.kind in OURS]
    wanted = [c for c in running if c.rule == rule or (rule is None and c.kind is not ClockKind.own_due)]
    if not wanted:
        known = ", ".join(clock.rule for clock in running) or "none"
        raise BadInput(f"no clock {rule or 'for a decision'} runs", f"running: {known}")
    return wanted[-1]


class _Folding:
    """What has come of the events so far; the time of receipt is the one told last."""

    def __init__(self, events: Iterable[ComplaintEvent]) -> None:
        told = [event.body for event in events if event.kind in (EventKind.received, EventKind.updated)]
        self._received_at = [body["received_at"] for body in told if "received_at" in body][-1]
        self._channel: str = told[0]["channel"]
        self._since: datetime
        self.clocks: list[Clock] = []

    def receive(self, event: ComplaintEvent) -> None:
        self._start(datetime.fromisoformat(self._received_at), event.body.get("due"))

    def reopen(self, event: ComplaintEvent) -> None:
        self._start(event.at, None)

    def _start(self, since: datetime, due: dict[str, Any] | None) -> None:
        self._since = since
        self.clocks += clocks_for(self._channel, since, own_due=from_body(due))

    def set_due(self, event: ComplaintEvent) -> None:
        """The regulator's date stands anew, or falls away."""
        if "due" not in event.body:
            return
        kept = [clock for clock in self.clocks if clock.kind is not ClockKind.own_due or clock.met_at]
        clocks = clocks_for(self._channel, self._since, own_due=from_body(event.body["due"]))
        self.clocks = kept + [clock for clock in clocks if clock.kind is ClockKind.own_due]

    def change(self, event: ComplaintEvent) -> None:
        """Extended, paused or resumed."""
        clock = open_clock(self.clocks, event.body["rule"])
        self._replace(clock, _CHANGES[event.kind](clock, event.body))

    def close(self, event: ComplaintEvent) -> None:
        """Decided or withdrawn; the first decision starts the time in which to ask for another look."""
        first = not any(clock.kind is ClockKind.recheck_decision for clock in self._running())
        self._meet(OURS, event.at)
        if event.kind is EventKind.decided and first:
            self.clocks.append(start_clock("recheck-request", event.at))

    def appeal(self, event: ComplaintEvent) -> None:
        """Asked in time, or refused."""
        asked = [clock for clock in self._running() if clock.kind is ClockKind.recheck_request]
        if not asked or event.at > asked[-1].due_at:
            until = f"until {asked[-1].due_on}" if asked else "once, after the first decision"
            raise BadInput(f"a re-check on {local_day(event.at)}", f"it can be asked for {until}; else reopen the case")
        self._meet({ClockKind.recheck_request}, event.at)
        self.clocks.append(start_clock("recheck-decision", event.at))

    def _running(self) -> list[Clock]:
        return [clock for clock in self.clocks if clock.met_at is None]

    def _meet(self, kinds: Iterable[ClockKind], at: datetime) -> None:
        for clock in self._running():
            if clock.kind in kinds:
                self._replace(clock, meet(clock, at))

    def _replace(self, old: Clock, new: Clock) -> None:
        self.clocks = [new if clock is old else clock for clock in self.clocks]


def _extended(clock: Clock, body: dict[str, Any]) -> Clock:
    return extend(clock, body["approver"], date.fromisoformat(body["notice_on"]), body["reason"])


def _paused(clock: Clock, body: dict[str, Any]) -> Clock:
    return pause(clock, date.fromisoformat(body["start"]), body["reason"], date.fromisoformat(body["told_on"]))


def _resumed(clock: Clock, body: dict[str, Any]) -> Clock:
    return resume(clock, date.fromisoformat(body["on"]))


_CHANGES = {EventKind.extended: _extended, EventKind.paused: _paused, EventKind.resumed: _resumed}
_STEPS: dict[EventKind, Callable[[_Folding, ComplaintEvent], None]] = {
    EventKind.received: _Folding.receive,
    EventKind.reopened: _Folding.reopen,
    EventKind.due: _Folding.set_due,
    EventKind.updated: _Folding.set_due,
    **dict.fromkeys(_CHANGES, _Folding.change),
    EventKind.decided: _Folding.close,
    EventKind.withdrawn: _Folding.close,
    EventKind.appealed: _Folding.appeal,
}
