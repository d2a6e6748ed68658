"""The job engine: the only module that knows DBOS. Work is named, has an id, and is done once even after a crash.

A workflow's finished steps are not repeated after a restart. `landing` runs a function in one transaction together with
the note that it was done, so that its writes land exactly once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from dbos import DBOS, DBOSConfig, SetWorkflowID, SQLAlchemyDatasource, WorkflowStatus
from filelock import FileLock, Timeout
from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from audit.settings import settings
from audit.store.database import engine, where
from classifiers.errors import BadWorkspace


class Busy(BadWorkspace):
    """Another process works in the workspace."""


P = ParamSpec("P")
R = TypeVar("R")

ORDER_OF_STEPS = (
    "1"  # raise it when the order of a workflow's steps changes: unfinished work then waits for its version
)
QUEUE = "audit"
_LOCK = 0x5348454E474A  # "SHENGJ", the number of our lock among the database's
SUCCESS = "SUCCESS"
_STAGE = "stage"
_UNDER_WAY = frozenset({"PENDING", "ENQUEUED", "DELAYED"})

workflow = DBOS.workflow
step = DBOS.step

_datasource: SQLAlchemyDatasource | None = None


@contextmanager
def working() -> Iterator[None]:
    """Runs the queue in this process, first taking up what an earlier process left unfinished.

    Raises Busy when another process works in the same workspace.
    """
    global _datasource  # noqa: PLW0603 - DBOS itself is one per process
    with _alone():
        DBOS(config=_config())
        _datasource = SQLAlchemyDatasource.create(
            settings().database,
            engine=engine(),
            sessionmaker=sessionmaker(class_=Session, expire_on_commit=False),
        )
        try:
            DBOS.launch()
            DBOS.register_queue(QUEUE, worker_concurrency=1, polling_interval_sec=0.2)
            yield
        finally:
            DBOS.destroy()
            _datasource = None


@contextmanager
def _alone() -> Iterator[None]:
    """Holds the workspace: a second process of the same name would take up the first one's unfinished work."""
    busy = Busy(f"{where()} is in use by another audit", "wait until it is done")
    if engine().dialect.name == "postgresql":
        with engine().execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            if not connection.execute(select(func.pg_try_advisory_lock(_LOCK))).scalar():
                raise busy
            yield
        return
    try:
        with FileLock(settings().workspace / "working.lock", timeout=0):
            yield
    except Timeout as error:
        raise busy from error


def enqueue(workflow_id: str, function: Callable[..., Any], *args: Any) -> None:
    """Puts a workflow into the queue. One of that id stays unless it failed: then it is tried anew."""
    if ended([workflow_id]).get(workflow_id, SUCCESS) != SUCCESS:
        DBOS.delete_workflow(workflow_id)
    with SetWorkflowID(workflow_id):
        DBOS.enqueue_workflow(QUEUE, function, *args)


def ended(workflow_ids: list[str]) -> dict[str, str]:
    """Of these workflows those that have ended: SUCCESS, or what went wrong in one line."""
    found = DBOS.list_workflows(workflow_ids=workflow_ids, load_input=False)
    return {w.workflow_id: _result(w) for w in found if w.status not in _UNDER_WAY}


def _result(workflow: WorkflowStatus) -> str:
    if workflow.error is None:
        return workflow.status
    return f"{type(workflow.error).__name__}: {str(workflow.error).partition(chr(10))[0][:200]}"


def tell(stage: str) -> None:
    """Says how far the workflow that is under way has come."""
    DBOS.set_event(_STAGE, stage)


def stage(workflow_id: str) -> str | None:
    """How far a workflow said that it has come; None where it has said nothing."""
    told = DBOS.get_event(workflow_id, _STAGE, timeout_seconds=0)
    return str(told) if told else None


def result(workflow_id: str) -> Any:
    """What a workflow that has ended gave; what it raised is raised again."""
    return DBOS.retrieve_workflow(workflow_id).get_result()


def landing(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Runs a function as a step and one transaction; it takes its session from `session()`."""
    assert _datasource is not None, "only within working()"  # noqa: S101
    return _datasource.run_tx_step(None, function, *args, **kwargs)


def session() -> Session:
    """The session of the landing that is under way."""
    assert _datasource is not None, "only within working()"  # noqa: S101
    return _datasource.sql_session()  # type: ignore[return-value]


def _config() -> DBOSConfig:
    return {
        "name": "shengjian",
        "system_database_url": settings().database,
        "application_version": ORDER_OF_STEPS,
        "executor_id": "local",
        "log_level": "CRITICAL",
        "enable_otlp": False,
    }
