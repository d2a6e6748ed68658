"""The vocabulary shared by rules, findings, complaints, reports and evaluation: ids are code, names are for people."""

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How grave a finding is, gravest first."""

    critical = "critical"
    high = "high"
    medium = "medium"
    low = "low"

    @property
    def rank(self) -> int:
        """0 for the gravest; for sorting."""
        return list(Severity).index(self)


class Speaker(StrEnum):
    """Who said a line; `other` is a voice that could not be told apart."""

    collector = "collector"
    debtor = "debtor"
    third_party = "third_party"
    other = "other"
    ivr = "ivr"


class Audience(StrEnum):
    """Who hears the collector."""

    debtor = "debtor"
    unverified = "unverified"
    third_party = "third_party"
    public = "public"


class Channel(StrEnum):
    """How the words reached the other side."""

    call = "call"
    sms = "sms"
    wechat = "wechat"
    email = "email"
    letter = "letter"


class Verdict(StrEnum):
    """What a whole call or message comes to."""

    violation = "violation"
    not_judgeable = "not_judgeable"
    clear = "clear"


class Name(NamedTuple):
    """One thing's name for people, in the two languages of the product."""

    zh: str
    en: str


class Kind(StrEnum):
    """What a finding is about: violations on the collector's side, signals on the debtor's."""

    abuse = "abuse"
    threat = "threat"
    privacy_leak = "privacy_leak"
    impersonation = "impersonation"
    false_statement = "false_statement"
    third_party_pressure = "third_party_pressure"
    harassment = "harassment"
    improper_payment = "improper_payment"
    obstruct_complaint = "obstruct_complaint"
    identity_omission = "identity_omission"
    procedure = "procedure"
    complaint_intent = "complaint_intent"
    self_harm = "self_harm"
    hardship = "hardship"
    dispute = "dispute"
    wrong_party = "wrong_party"

    @property
    def is_signal(self) -> bool:
        """Signals alert a person; they are never violations."""
        return self in SIGNALS

    @property
    def speakers(self) -> frozenset[Speaker]:
        """Whose lines are judged for this kind."""
        if self.is_signal:
            return frozenset({Speaker.debtor, Speaker.third_party, Speaker.other})
        return frozenset({Speaker.collector})

    @property
    def names(self) -> Name:
        """What people call it."""
        return NAMES[self]


SIGNALS = frozenset({Kind.complaint_intent, Kind.self_harm, Kind.hardship, Kind.dispute, Kind.wrong_party})

NAMES = {
    Kind.abuse: Name("辱骂侮辱", "Abuse"),
    Kind.threat: Name("威胁恐吓", "Threat"),
    Kind.privacy_leak: Name("泄露隐私", "Privacy leak"),
    Kind.impersonation: Name("冒充身份", "Impersonation"),
    Kind.false_statement: Name("虚假误导", "False statement"),
    Kind.third_party_pressure: Name("向第三人施压", "Third-party pressure"),
    Kind.harassment: Name("骚扰", "Harassment"),
    Kind.improper_payment: Name("违规收费收款", "Improper payment"),
    Kind.obstruct_complaint: Name("阻挠投诉", "Obstructing a complaint"),
    Kind.identity_omission: Name("未表明身份", "Identity not stated"),
    Kind.procedure: Name("流程违规", "Procedure"),
    Kind.complaint_intent: Name("投诉意向", "Complaint intent"),
    Kind.self_harm: Name("极端风险", "Risk of self-harm"),
    Kind.hardship: Name("困难诉求", "Hardship"),
    Kind.dispute: Name("债务异议", "Dispute"),
    Kind.wrong_party: Name("非本人", "Wrong party"),
}
