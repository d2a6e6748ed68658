"""Everything about one case: what was told, how it was read, its clocks, evidence and events."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session

from audit.parties.models import Account, Debtor
from audit.parties.numbers import shown
from audit.store.types import LOCAL
from complaints.cases.conflicts import conflict
from complaints.cases.events import events
from complaints.cases.evidence import links_of
from complaints.cases.folding import fold
from complaints.cases.subjects import named
from complaints.clocks import Clock, state
from complaints.matching.proposal import known_parties
from complaints.models import Complaint, ComplaintEvent
from complaints.reading import read
from complaints.vocabulary import EventKind

_NOT_SHOWN = {"id", "phone", "phone_key", "complainant_key", "text_digest", "debtor_id", "account_id", "repeat_of"}


def show(session: Session, case: Complaint, at: datetime) -> dict[str, Any]:
    """The case as it stands at a moment, for `complaints show --format json`; its phone is masked."""
    account, debtor = session.get(Account, case.account_id or 0), session.get(Debtor, case.debtor_id or 0)
    first = session.get(Complaint, case.repeat_of or 0)
    told = events(session, case)
    return {
        **plain({name: getattr(case, name) for name in Complaint.model_fields if name not in _NOT_SHOWN}),
        "phone": shown(case.phone),
        "account_no": account.account_no if account else None,
        "debtor_no": debtor.debtor_no if debtor else None,
        "repeat_of": first.number if first else None,
        "conflict": conflict(session, case, case.handler) if case.handler else "",
        "reading": plain(asdict(read(case.text, case.received_at, known_parties(session)))),
        "clocks": [_clock(clock, at) for clock in fold(told)],
        "proposed": _proposed(told),
        "evidence": _evidence(session, case),
        "events": [_event(event) for event in told],
    }


def _proposed(told: Sequence[ComplaintEvent]) -> dict[str, Any]:
    """What the matching last made of it: each allegation with its verdict, and what all comes to."""
    bodies = [event.body for event in told if event.kind == EventKind.proposed and "allegations" in event.body]
    return {name: bodies[-1][name] for name in ("substantiated", "allegations")} if bodies else {}


def plain(value: Any) -> Any:
    """The value as JSON has it, times as local ones."""
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, datetime):
        return value.astimezone(LOCAL).isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return [plain(each) for each in value] if isinstance(value, Iterable) else str(value)


def _clock(clock: Clock, at: datetime) -> dict[str, Any]:
    stands = state(clock, at)
    return plain(  # type: ignore[no-any-return]
        {
            "rule": clock.rule,
            "kind": clock.kind,
            "started_at": clock.received_at,
            "due_at": stands.due_at,
            "days_left": stands.days_left,
            "unit": clock.unit,
            "status": stands.status,
            "provisional": clock.provisional,
            "warn_on": clock.warn_on,
            "met_at": clock.met_at,
            "extensions": [extension._asdict() for extension in clock.extensions],
            "pauses": [stop._asdict() for stop in clock.pauses],
            "laws": clock.laws,
        }
    )


def _evidence(session: Session, case: Complaint) -> list[dict[str, Any]]:
    links = links_of(session, case)
    return [
        {"subject": subject, **link.model_dump(include={"kind", "why", "score", "state", "actor"})}
        for subject, link in zip(named(session, links), links, strict=True)
    ]


def _event(event: ComplaintEvent) -> dict[str, Any]:
    told = {"kind": event.kind, "at": event.at, "recorded_at": event.recorded_at, "actor": event.actor}
    kept = {"file": event.file_name, "sha256": event.sha256} if event.blob else {}
    body = {name: value for name, value in event.body.items() if name != "allegations"}
    return plain({**told, **kept, "body": body})  # type: ignore[no-any-return]
