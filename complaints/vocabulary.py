"""The words of a case: states, verdicts, remedies, events. Their names for people are given where they are shown."""

from enum import StrEnum


class CaseState(StrEnum):
    """How far a case has come; `decided` and `withdrawn` are closed."""

    received = "received"
    investigating = "investigating"
    decided = "decided"
    rechecking = "rechecking"
    withdrawn = "withdrawn"


class Substantiated(StrEnum):
    """What was found of it: 属实, 不属实, 部分属实."""

    true = "true"
    false = "false"
    partial = "partial"


class Remedy(StrEnum):
    """What is done for the complainant."""

    apology = "apology"
    compensation = "compensation"
    stop_contact = "stop_contact"
    reduction = "reduction"
    instalments = "instalments"
    refund = "refund"
    correction = "correction"
    credit_record = "credit_record"
    discipline = "discipline"
    explanation = "explanation"


class Redress(StrEnum):
    """Where the complainant may turn next, as the decision names it: 核查, 调解, 仲裁, 诉讼."""

    recheck = "recheck"
    mediation = "mediation"
    arbitration = "arbitration"
    litigation = "litigation"


class Satisfaction(StrEnum):
    """What the complainant says of the handling."""

    satisfied = "satisfied"
    neutral = "neutral"
    unsatisfied = "not"
    unasked = "unasked"


class EventKind(StrEnum):
    """What can happen to a case."""

    received = "received"
    updated = "updated"
    linked = "linked"
    assigned = "assigned"
    noted = "noted"
    contacted = "contacted"
    attached = "attached"
    corrected = "corrected"
    proposed = "proposed"
    accepted = "accepted"
    dropped = "dropped"
    extended = "extended"
    paused = "paused"
    resumed = "resumed"
    due = "due"
    decided = "decided"
    satisfaction = "satisfaction"
    withdrawn = "withdrawn"
    reopened = "reopened"
    appealed = "appealed"
    grouped = "grouped"
    escalated = "escalated"


class LinkState(StrEnum):
    """What became of a proposed piece of evidence."""

    proposed = "proposed"
    accepted = "accepted"
    dropped = "dropped"
