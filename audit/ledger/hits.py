"""What a rule says of a contact or of several: nothing, that data is missing, or a limit not kept."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from audit.ledger.contacts import Contact
from audit.ledger.limits import LedgerRule
from audit.ledger.models import LedgerVerdict, RuleId
from classifiers.errors import BadInput


class Answer(Enum):
    """What a rule says of a contact that breaks nothing."""

    not_concerned = "not concerned"
    fine = "fine"
    no_data = "no data"


@dataclass
class Hit:
    """A limit not kept, or perhaps not: the contacts counted, and the words and figures of the reason."""

    rule: RuleId
    scope: str
    day: date
    verdict: LedgerVerdict
    account: int | None
    contacts: list[Contact]
    limit: float | None = None
    counted: float = 1
    words: dict[str, Any] = field(default_factory=dict)

    def why(self, rule: LedgerRule[Any]) -> dict[str, str]:
        """The reason in both languages. Raises BadInput when the limits ask for a word that the rule does not have."""
        words = {"limit": self.limit, "counted": self.counted, **self.words}
        try:
            return {"zh": rule.why.zh.format(**words), "en": rule.why.en.format(**words)}
        except (LookupError, ValueError) as error:
            known = ", ".join(sorted(words))
            raise BadInput(f"SHENGJIAN_LIMITS: {self.rule}: why: no word {error}", f"use {known}") from error

    def ids(self, *ways: str) -> list[str]:
        """The numbers of its contacts of those ways."""
        return [contact.id for contact in self.contacts if contact.way in ways]


_DID = {
    "call": ("呼叫", "a call"),
    "visit": ("外访", "a visit"),
    "sms": ("发送短信", "a text message"),
    "wechat": ("发送微信", "a WeChat message"),
    "email": ("发送邮件", "an e-mail"),
    "letter": ("寄送信函", "a letter"),
}


def single(rule: RuleId, contact: Contact, verdict: LedgerVerdict = LedgerVerdict.finding, **words: Any) -> Hit:
    """A hit of one contact."""
    did, did_en = _DID[contact.way]
    told = {"at": contact.local.strftime("%m-%d %H:%M:%S"), "did": did, "did_en": did_en, **words}
    scope = f"{'call' if contact.way == 'call' else 'visit' if contact.way == 'visit' else 'message'}:{contact.id}"
    return Hit(rule, scope, contact.day, verdict, contact.account, [contact], words=told)
