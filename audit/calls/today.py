"""The present, by which clocks are read; in a demo workspace it is the demo's day."""

from datetime import datetime

from sqlmodel import Session, select

from audit.calls.models import Call
from audit.calls.service import DEMO
from audit.store.types import LOCAL, now

DEMO_NOON = datetime(2026, 11, 2, 12, tzinfo=LOCAL)


def moment(session: Session) -> datetime:
    """The present, or noon of the demo's day where the workspace holds the demo's calls."""
    is_demo = session.exec(select(Call.id).where(Call.source == DEMO).limit(1)).first() is not None
    return DEMO_NOON if is_demo else now()
