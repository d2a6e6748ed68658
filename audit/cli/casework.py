"""What the commands on one complaint share: who acts and when, the case, and the line that says how it stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

import typer
from pydantic_core import PydanticCustomError
from sqlmodel import Session

from audit.calls.today import moment
from audit.cli.importing import ready
from audit.cli.output import login
from audit.imports.times import moment as time_of
from audit.store import database
from audit.store.types import local_day
from classifiers.errors import BadInput
from complaints.cases.events import By, clocks, find
from complaints.cases.listing import binding
from complaints.models import Complaint

Number = Annotated[str, typer.Argument(help="the number of the complaint, ours or the sender's")]
Name = Annotated[str | None, typer.Option("--by", help="who acts; the login name if not given")]
At = Annotated[str | None, typer.Option("--at", help="when it took effect, if not now: 2026-10-21 or 2026-10-21T15:30")]
Type = Annotated[str | None, typer.Option("--type", help="complaint, report, petition, inquiry, suggestion")]
Reason = Annotated[str, typer.Option("--reason", help="why")]
Clock = Annotated[str | None, typer.Option("--clock", help="which clock; the decision's if not given")]


@dataclass(frozen=True)
class Act:
    """One act on one case, in a transaction of its own."""

    session: Session
    case: Complaint
    by: By

    @property
    def today(self) -> date:
        """The local day of the act."""
        return local_day(self.by.at or max(moment(self.session), self.case.received_at))


@contextmanager
def acting(number: str, by: str | None, at: str | None = None) -> Iterator[Act]:
    """The case of a number for one act; afterwards a line says how it stands."""
    ready()
    who = By(by if by is not None else login(), when(at, "--at") if at else None)
    with database.transaction() as session:
        act = Act(session, find(session, number), who)
        yield act
        line = standing(session, act.case)
    typer.echo(line)


def standing(session: Session, case: Complaint) -> str:
    """The case in one line: number, state, handler, and the day on which it is due."""
    waiting = binding(clocks(session, case), moment(session))
    words = [f"{case.number}: {case.state}"]
    words += [f"handled by {case.handler}"] if case.handler else []
    if waiting:
        clock, stands = waiting
        words.append(f"{clock.rule} due {local_day(stands.due_at)} ({stands.days_left} days left, {stands.status})")
    return ", ".join(words)


def when(text: str, option: str) -> datetime:
    """A time as typed in. Raises BadInput naming the option."""
    try:
        return time_of(text)
    except PydanticCustomError as error:
        raise BadInput(f"{option}: {error.message()}", "write it like 2026-10-21T15:30") from error


def day(text: str, option: str) -> date:
    """A day as typed in. Raises BadInput naming the option."""
    return local_day(when(text, option))
