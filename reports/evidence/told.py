"""The documents of a pack that say what is on file: findings, reviews, messages, ledger, registers, versions, trail."""

import json
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from sqlmodel import Session, col, select

from audit import trail
from audit.calls.models import Call
from audit.contacts.models import Message
from audit.findings.models import Review
from audit.findings.reviews import latest, review_json
from audit.findings.service import finding_json
from audit.ledger.limits import limits
from audit.parties.models import Account, Agency, Assignment, Collector, ContactPerson, Debtor
from audit.parties.numbers import shown
from audit.store.upsert import batches
from audit.trail import AuditEvent
from complaints.cases.showing import plain
from complaints.cases.subjects import named
from reports.evidence.gathering import Gathered, Item
from reports.redaction.finding import redact
from reports.redaction.people import KnownPeople

_AT_ONCE = 1_000  # subjects in one question


def findings_json(session: Session, found: Gathered) -> list[dict[str, Any]]:
    """Every judgement of the contacts with all that it found, also what is open, suggested or rejected."""
    reviewed = latest(session, [finding.id or 0 for finding in found.findings])
    numbers = {(isinstance(item.contact, Call), item.contact.id): item.number for item in found.items}
    return [
        {
            **plain(
                run.model_dump(include={"id", "model", "relation", "day", "verdict", "reviewed_verdict", "created_at"})
            ),
            "contact": numbers[run.call_id is not None, run.call_id or run.message_id],
            "pack": next(pack.sha256 for pack in found.packs if pack.id == run.rule_pack_id),
            "findings": [
                finding_json(finding, reviewed.get(finding.id or 0))
                for finding in found.findings
                if finding.run_id == run.id
            ],
        }
        for run in found.runs
    ]


def reviews_json(found: Gathered) -> list[dict[str, Any]]:
    """Every decision of a person, in order."""
    return [{"subject": _subject(review), **(review_json(review) or {})} for review in found.reviews]


def message_json(item: Item, known: KnownPeople) -> dict[str, Any]:
    """A message as sent, with its text redacted beside; numbers are masked."""
    message = item.contact
    assert isinstance(message, Message)  # noqa: S101
    told = message.model_dump(include={"source", "message_id", "relation", "channel", "sent_at", "text"})
    numbers = {"number": shown(message.number), "sender": shown(message.sender)}
    return {**plain(told), **numbers, "redacted_text": redact(message.text, known)}


def ledger_json(found: Gathered) -> list[dict[str, Any]]:
    """What the contact ledger holds against the limits."""
    return [{**plain(result.model_dump()), "id": f"L{result.id}"} for result in found.ledger]


def registers_json(session: Session, found: Gathered) -> dict[str, Any]:
    """The registers' entries on account, debtor, contact persons, agency, collectors and calls; numbers masked."""
    contacts = [item.contact for item in found.items]
    accounts = _some(session, Account, {found.case.account_id, *(one.account_id for one in contacts)})
    debtors = _some(session, Debtor, {found.case.debtor_id, *(account.debtor_id for account in accounts)})
    assigned = _where(session, Assignment, Assignment.account_id, {account.id for account in accounts})
    collectors = _some(session, Collector, {one.collector_id for one in contacts})
    agencies = {row.agency_id for row in (*assigned, *collectors)} | {
        item.contact.agency_id for item in found.calls if isinstance(item.contact, Call)
    }
    rows = {
        "accounts": accounts,
        "debtors": debtors,
        "assignments": assigned,
        "agencies": _some(session, Agency, agencies),
        "collectors": collectors,
        "contact_persons": _where(session, ContactPerson, ContactPerson.debtor_id, {debtor.id for debtor in debtors}),
        "calls": [item.contact for item in found.calls],
    }
    return {name: [_masked(row) for row in some] for name, some in rows.items()}


def evidence_links_json(session: Session, found: Gathered) -> list[dict[str, Any]]:
    """The links of the case that the pack rests on."""
    told = {"kind", "why", "score", "state", "actor"}
    names = named(session, found.links)
    return [
        {"subject": name, **plain(link.model_dump(include=told))} for name, link in zip(names, found.links, strict=True)
    ]


def versions_json(found: Gathered) -> dict[str, Any]:
    """By what the judgements were made: product, rule packs, models and recognisers with their digests, limits."""
    heard = [item.transcript for item in found.calls if item.transcript]
    return {
        "product": version("shengjian"),
        "packs": [pack.model_dump(include={"name", "version", "sha256"}) for pack in found.packs],
        "models": sorted({run.model for run in found.runs if run.model}),
        "recognisers": sorted({f"{one.engine} {one.model}, {one.options}" for one in heard}),
        "limits": {"name": limits().name, "sha256": limits().digest},
        "limits_of_results": sorted({result.limits for result in found.ledger}),
    }


def trail_lines(session: Session, subjects: set[str]) -> tuple[bytes, dict[str, Any]]:
    """The whole events about the subjects and the last event of the trail, a line each, and the trail's head."""
    head = trail.head(session)
    kept: dict[int, AuditEvent] = {}
    for some in batches(sorted(subjects), _AT_ONCE):
        about = select(AuditEvent).where(col(AuditEvent.subject).in_(some), col(AuditEvent.seq) <= head.seq)
        kept |= {event.seq: event for event in session.exec(about)}
    if last := session.get(AuditEvent, head.seq):
        kept[head.seq] = last
    lines = (json.dumps(_event(kept[seq]), ensure_ascii=False, sort_keys=True) + "\n" for seq in sorted(kept))
    return "".join(lines).encode(), {"seq": head.seq, "hash": head.hash}


def _event(event: AuditEvent) -> dict[str, Any]:
    """All that its own hash is over, and the hash."""
    return {**event.model_dump(), "at": event.at.isoformat()}


def _subject(review: Review) -> str:
    return f"finding:F{review.finding_id}" if review.finding_id else f"ledger:L{review.ledger_result_id}"


def _masked(row: Any) -> dict[str, Any]:
    """An entry without its keys for searching, with numbers masked."""
    return dict(_fields(row))


def _fields(row: Any) -> Iterator[tuple[str, Any]]:
    for name, value in row.model_dump().items():
        if name in {"phone", "id_no", "number", "line"}:
            yield name, shown(value)
        elif not name.endswith("_key"):
            yield name, str(value) if name in {"principal", "interest_rate"} and value is not None else plain(value)


def _some(session: Session, model: Any, ids: set[Any]) -> list[Any]:
    return _where(session, model, model.id, ids)


def _where(session: Session, model: Any, column: Any, values: set[Any]) -> list[Any]:
    return list(session.exec(select(model).where(col(column).in_(values - {None})).order_by(model.id)))
