"""A complaint as it came in, before anything was read out of it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Statement:
    """What the intake knows: `complainant` and `phone` as they were given, whole, masked or empty; `received_at` with
    its zone; `account_no` only where somebody already found it.
    """

    id: str
    channel: str
    received_at: datetime
    text: str
    complainant: str = ""
    phone: str = ""
    account_no: str = ""
