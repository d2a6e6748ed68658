"""The rules that look at one contact at a time: when, by whom, over which line, with what code."""

from collections.abc import Callable
from datetime import date
from typing import Any

from audit.ledger.contacts import Contact
from audit.ledger.facts import Facts, in_hours
from audit.ledger.hits import Answer, Hit, single
from audit.ledger.limits import Dispositions, Limit, QuietHours
from audit.ledger.models import LedgerVerdict, RuleId
from audit.parties.models import SELF, Collector
from audit.parties.numbers import same
from audit.store.types import LOCAL

Check = Callable[[Contact, Any, Facts], Answer | Hit | list[Hit]]


def quiet_hours(contact: Contact, limit: QuietHours, facts: Facts) -> Answer | Hit:
    """Outbound contact in the quiet hours, answered or not, outside the hours that the debtor agreed to."""
    if not contact.outbound or contact.way in limit.not_by:
        return Answer.not_concerned
    local = contact.local
    quiet = in_hours(local.time(), limit.start, limit.end)
    if not quiet or (contact.relation in {SELF, None} and facts.agreed(contact.debtor, local)):
        return Answer.fine
    return single(RuleId.quiet_hours, contact, start=f"{limit.start:%H:%M}", end=f"{limit.end:%H:%M}")


def refusal(contact: Contact, _: Limit, facts: Facts) -> Answer | Hit:
    """Outbound contact with somebody who had asked not to be contacted."""
    stops = facts.stops.get(contact.debtor or 0)
    if not contact.outbound or not stops or contact.way == "visit":
        return Answer.not_concerned
    if not contact.number_key:
        return Answer.no_data
    for stop in stops:
        if same(stop.key, contact.number_key) and contact.at > stop.since:
            how = (f"录音 {stop.heard_in}", f"heard in {stop.heard_in}") if stop.heard_in else ("登记", "registered")
            since = stop.since.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
            return single(RuleId.refusal, contact, since=since, how=how[0], how_en=how[1])
    return Answer.fine


def assignment(contact: Contact, _: Limit, facts: Facts) -> Answer | Hit:
    """Outbound contact by an agency after the last day of its assignment."""
    if not contact.outbound:
        return Answer.not_concerned
    if contact.account is None or contact.agency is None or contact.account in facts.never_assigned:
        return Answer.no_data
    until = facts.last_day(contact.account, contact.agency, contact.day)
    if until is None or contact.day <= until:
        return Answer.fine
    return single(RuleId.assignment, contact, until=until)


def private_channel(contact: Contact, _: Limit, facts: Facts) -> Answer | Hit:
    """A line or account that is none of the agency's official ones."""
    if contact.way in {"visit", "letter"}:
        return Answer.not_concerned
    lines = facts.lines.get(contact.agency)
    if not contact.line_key or not lines:
        return Answer.no_data
    return Answer.fine if contact.line_key in lines else single(RuleId.private_channel, contact)


def uncertified(contact: Contact, _: Limit, facts: Facts) -> Answer | list[Hit]:
    """Contact by collectors whose training record has run out; an inbound call taken is for a person to look at."""
    collectors = [facts.collectors[collector_id] for collector_id in contact.collectors]
    dated = [(collector, collector.certified_until) for collector in collectors if collector.certified_until]
    late = [_without_record(contact, collector, until) for collector, until in dated if contact.day > until]
    return late or (Answer.fine if dated else Answer.no_data)


def _without_record(contact: Contact, collector: Collector, until: date) -> Hit:
    verdict = LedgerVerdict.finding if contact.outbound else LedgerVerdict.unclear
    hit = single(RuleId.uncertified, contact, verdict, collector=collector.staff_no, until=until)
    hit.scope, hit.account = f"collector:{collector.id}", None
    return hit


def disposition(contact: Contact, limit: Dispositions, facts: Facts) -> Answer | Hit:
    """A result code that the talk seconds contradict, or that denies a debtor whom the recording shows."""
    if contact.way != "call":
        return Answer.not_concerned
    if contact.disposition is None or contact.talk is None:
        return Answer.no_data
    told: dict[str, Any] = {"code": contact.disposition, "talk": contact.talk}
    rule = RuleId.disposition
    if contact.talk and contact.disposition in limit.without_talk:
        return single(
            rule, contact, **told, ground="未接通类结果却有通话", ground_en="a code without talk, but there was talk"
        )
    if not contact.talk and contact.disposition in limit.with_talk:
        return single(
            rule, contact, **told, ground="接通类结果却没有通话", ground_en="a code of a talk, but there was none"
        )
    if contact.talk and contact.disposition in limit.somebody_else and contact.relation == SELF:
        return _denied(contact, limit, facts, told)
    return Answer.fine


def _denied(contact: Contact, limit: Dispositions, facts: Facts, told: dict[str, Any]) -> Answer | Hit:
    """The code says that somebody else answered on the debtor's own number."""
    rule = RuleId.disposition
    cues = facts.cues(contact.row)
    if cues is not None:
        if cues.get("wrong_party", 0) or cues.get("debt_put", 0) < limit.debt_lines:
            return Answer.fine
        ground, ground_en = (
            "录音中催收员一直向接听人本人催收其欠款，接听人没有否认身份",
            "the recording shows the debtor",
        )
        return single(rule, contact, **told, ground=ground, ground_en=ground_en)
    if (contact.talk or 0) < limit.long_talk_s:
        return Answer.fine
    ground, ground_en = "通话较长，没有可核对的录音", "a long talk, and no recording to check it by"
    return single(rule, contact, LedgerVerdict.unclear, **told, ground=ground, ground_en=ground_en)


CHECKS: dict[RuleId, Check] = {
    RuleId.quiet_hours: quiet_hours,
    RuleId.refusal: refusal,
    RuleId.assignment: assignment,
    RuleId.private_channel: private_channel,
    RuleId.uncertified: uncertified,
    RuleId.disposition: disposition,
}
