"""By what contacts are told apart in figures."""

from enum import StrEnum


class Dimension(StrEnum):
    """Whose contacts are counted together."""

    agency = "agency"
    team = "team"
    collector = "collector"
    lender = "lender"
    stage = "stage"


class Stage(StrEnum):
    """How long an account was overdue on the day of a contact."""

    not_overdue = "not_overdue"
    up_to_30 = "up_to_30"
    up_to_90 = "up_to_90"
    over_90 = "over_90"
    unknown = "unknown"
