"""What was judged, as it is printed: contacts with their findings, and the hours at which they were made."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rich.markup import escape
from rich.table import Table

from audit.findings.reviews import review_json
from audit.findings.service import MessageOutcome, Outcome
from audit.ledger.listing import LedgerRow
from audit.transcripts.formats import clock
from classifiers.taxonomy import Kind, Speaker, Verdict

_OPENING = 20  # characters of a contact that are quoted for its hour
_VERDICTS = {
    Verdict.violation: "[red]violation[/]",
    Verdict.not_judgeable: "[yellow]not judgeable[/]",
    Verdict.clear: "[green]clear[/]",
}


@dataclass(frozen=True)
class Audited:
    """Judged calls and messages, and by call or message the ledger's row on a contact in the quiet hours."""

    calls: list[Outcome]
    messages: list[MessageOutcome]
    late_calls: dict[str, LedgerRow]
    late_messages: dict[str, LedgerRow]

    def as_json(self) -> dict[str, Any]:
        """The shape of `audit --format json`."""
        return self._shown

    @cached_property
    def _shown(self) -> dict[str, Any]:
        return {
            "calls": [_with_hour(outcome.as_json(), self._late_call(outcome)) for outcome in self.calls],
            "messages": [_with_hour(outcome.as_json(), self._late_message(outcome)) for outcome in self.messages],
        }

    def _late_call(self, outcome: Outcome) -> dict[str, Any] | None:
        late = self.late_calls.get(outcome.call.call_id)
        if late is None:
            return None
        opening = next((s for s in outcome.segments if s.speaker == Speaker.collector), None)
        at = {"at": opening.start_ms / 1000 if opening else 0.0, "speaker": Speaker.collector}
        return at | _hour(late, opening.text if opening else "")

    def _late_message(self, outcome: MessageOutcome) -> dict[str, Any] | None:
        late = self.late_messages.get(outcome.message.message_id)
        return {"speaker": Speaker.collector, **_hour(late, outcome.message.text)} if late else None

    def call_table(self) -> Table:
        """The calls with what was found in each."""
        table = Table("call", "file", "verdict", "at", "kind", "severity", "quote", "rule")
        for outcome, shown in zip(self.calls, self._shown["calls"], strict=True):
            head = [escape(outcome.call.call_id), escape(outcome.recording.name), _VERDICTS[shown["verdict"]]]
            for found in shown["findings"]:
                table.add_row(*head, clock(found["at"]), *_what(found))
                head = ["", "", ""]
            if not shown["findings"]:
                table.add_row(*head, "", "", "", ", ".join(outcome.transcript.quality["reasons"]), "")
            table.add_section()
        return table

    def message_table(self, *, only_violations: bool = False) -> Table:
        """The messages with what was found in each."""
        table = Table("message", "channel", "verdict", "kind", "severity", "quote", "rule")
        for outcome, shown in zip(self.messages, self._shown["messages"], strict=True):
            if only_violations and shown["verdict"] != Verdict.violation:
                continue
            head = [escape(outcome.message.message_id), outcome.message.channel, _VERDICTS[shown["verdict"]]]
            for found in shown["findings"]:
                table.add_row(*head, *_what(found))
                head = ["", "", ""]
            if not shown["findings"]:
                table.add_row(*head)
        return table


def _what(found: dict[str, Any]) -> tuple[str, str, str, str]:
    return Kind(found["kind"]).names.zh, found["severity"], escape(found["quote"]), found["rule"]


def _with_hour(shown: dict[str, Any], hour: dict[str, Any] | None) -> dict[str, Any]:
    """A contact in the quiet hours is a violation whatever was said in it."""
    if hour is None:
        return shown
    return {**shown, "verdict": Verdict.violation, "findings": [hour, *shown["findings"]]}


def _hour(late: LedgerRow, text: str) -> dict[str, Any]:
    """The ledger's row in the shape of a finding, quoting the opening of the contact."""
    quote = text[:_OPENING]
    return {
        "id": f"L{late.id}",
        "state": late.state,
        "kind": late.kind,
        "machine_kind": late.kind,
        "severity": late.severity,
        "score": 1.0,
        "start": 0,
        "end": len(quote),
        "quote": quote,
        "rule": f"ledger/{late.rule}",
        "laws": late.laws,
        "why": late.why["zh"],
        "evidence": [],
        "review": review_json(late.review),
    }
