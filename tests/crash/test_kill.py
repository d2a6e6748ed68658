"""A run cut off by kill -9, wherever it was, is taken up again and lands once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from audit.calls.models import Call, Stage
from audit.findings.models import Finding, Run
from audit.store import database
from audit.transcripts.models import Transcript

DIES_WHILE_LANDING = """
import os, signal, sys
from audit import cli, trail
kept = trail.append
def append(session, actor, action, subject, body):
    event = kept(session, actor, action, subject, body)
    if action == "call.judged":
        session.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    return event
trail.append = append
cli.main()
"""


def start(*command: str | Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*map(str, command)], env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stages() -> dict[str, Stage]:
    try:
        with database.transaction() as session:
            return {call.call_id: call.stage for call in session.exec(select(Call))}
    except OperationalError:
        return {}  # not there yet


def landed() -> dict[str, list[object]]:
    with database.transaction() as session:
        return {table.__name__: list(session.exec(select(table))) for table in (Transcript, Run, Finding)}


def check_all_landed_once(shengjian, calls: int) -> None:
    assert shengjian("trail", "verify").code == 0
    found = landed()
    assert len(found["Transcript"]) == len(found["Run"]) == calls
    places = [(f.run_id, f.segment_id, f.rule, f.start) for f in found["Finding"]]  # type: ignore[attr-defined]
    assert places
    assert len(places) == len(set(places))


def test_killed_while_transcribing_the_second_call(shengjian, recordings: dict[str, Path]) -> None:
    files = [recordings["call-05"], recordings["call-04"]]
    assert shengjian("db", "upgrade").code == 0
    running = start(Path(sys.executable).with_name("shengjian"), "audit", *files)
    deadline = time.monotonic() + 120
    while (now := stages()) != {"call-05": Stage.done, "call-04": Stage.transcribing}:
        assert running.poll() is None, now
        assert time.monotonic() < deadline, now
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.wait()
    before = landed()["Run"]
    ran = shengjian("audit", "--format", "json")  # no path: what was received and not judged
    assert (ran.code, [call["call_id"] for call in ran.json["calls"]]) == (0, ["call-04"])
    check_all_landed_once(shengjian, calls=2)
    assert landed()["Run"][0] == before[0]  # what had landed stays as it was


def test_killed_in_the_middle_of_landing(shengjian, recordings: dict[str, Path]) -> None:
    running = start(sys.executable, "-c", DIES_WHILE_LANDING, "audit", recordings["call-05"])
    assert running.wait(timeout=120) == -signal.SIGKILL
    assert landed()["Run"] == landed()["Finding"] == []
    ran = shengjian("audit", recordings["call-05"], "--format", "json")
    assert (ran.code, ran.json["calls"][0]["verdict"]) == (0, "violation")
    check_all_landed_once(shengjian, calls=1)


def test_two_audits_do_not_work_in_one_workspace(shengjian, recordings: dict[str, Path]) -> None:
    assert shengjian("db", "upgrade").code == 0
    running = start(Path(sys.executable).with_name("shengjian"), "audit", recordings["call-05"])
    try:
        while not stages():
            assert running.poll() is None
            time.sleep(0.05)
        ran = shengjian("audit")
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert "in use by another audit" in ran.err
    finally:
        assert running.wait(timeout=120) == 0


@pytest.fixture(autouse=True)
def _fresh(home: Path, forget) -> None:
    """The database of this process is that of the subprocess."""
    forget()
