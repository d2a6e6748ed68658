"""Documents made by a job of the queue, which tells how far it has come and is taken up again after a crash."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from audit import jobs
from reports.issuing import Format, Issued, issue
from reports.kinds import Order

_POLL = 0.2  # seconds


def issue_by_job(order: Order, formats: Sequence[Format], by: str, doing: Callable[[str], None]) -> Issued:
    """As `issue`, by a job; in this process itself where another one holds the queue."""
    try:
        with jobs.working():
            return _waited(order, formats, by, doing)
    except jobs.Busy:
        return issue(order, formats, by, doing)


def _waited(order: Order, formats: Sequence[Format], by: str, doing: Callable[[str], None]) -> Issued:
    workflow = f"report {order.kind} {uuid4()}"
    jobs.enqueue(workflow, issue_report, asdict(order), [str(form) for form in formats], by)
    while not jobs.ended([workflow]):
        if stage := jobs.stage(workflow):
            doing(stage)
        time.sleep(_POLL)
    told = jobs.result(workflow)
    return Issued(order, told["version"], told["draft"], {Format(form): key for form, key in told["files"].items()})


@jobs.workflow(name="issue_report")
def issue_report(order: Mapping[str, str], formats: Sequence[str], by: str) -> dict[str, Any]:
    """Issues a report. Repeated after a crash, it finds what it had stored."""
    return _issue(order, formats, by)


@jobs.step(name="issue")
def _issue(order: Mapping[str, str], formats: Sequence[str], by: str) -> dict[str, Any]:
    issued = issue(Order(**order), [Format(form) for form in formats], by, jobs.tell)
    files = {str(form): key for form, key in issued.files.items()}
    return {"version": issued.version, "draft": issued.draft, "files": files}
