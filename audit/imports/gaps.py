"""What the registers lack, listed so that somebody can fill it: nothing unknown is taken for clean."""

from typing import NamedTuple

from sqlmodel import Session, col, func, select

from audit.calls.matching import FILES
from audit.calls.models import Call, Recording
from audit.parties.models import Account, Agency, Collector, Debtor


class Gap(NamedTuple):
    """A kind of gap, and the names or numbers concerned."""

    kind: str
    which: list[str]


def gaps(session: Session) -> list[Gap]:
    """The gaps that there are, with everything concerned."""
    recorded = select(Recording.name).join(Call, col(Call.recording_id) == Recording.id)
    named = select(Call.call_id).where(col(Call.recording_id).is_(None), Call.source != FILES)
    shared = select(Call.recording_name).where(col(Call.recording_name).is_not(None))
    found = {
        "agency not listed": select(Agency.name).where(col(Agency.listed).is_(False)),
        "collector not listed": select(Collector.staff_no).where(col(Collector.listed).is_(False)),
        "debtor not listed": select(Debtor.debtor_no).where(col(Debtor.listed).is_(False)),
        "account not listed": select(Account.account_no).where(col(Account.listed).is_(False)),
        "recording without call record": recorded.where(Call.source == FILES),
        "recording named but not received": named.where(col(Call.recording_name).is_not(None)),
        "connected call without recording": named.where(col(Call.recording_name).is_(None), col(Call.talk_seconds) > 0),
        "recording named by several calls": shared.group_by(col(Call.recording_name)).having(func.count() > 1),
    }
    listed = {kind: sorted(str(name) for name in session.exec(wanted)) for kind, wanted in found.items()}
    return [Gap(kind, which) for kind, which in listed.items() if which]
