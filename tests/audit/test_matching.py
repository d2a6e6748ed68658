"""Recordings find their call records: by the name that a record gives, or by number and time in a file's name."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sqlmodel import select

from audit.calls.matching import record_of
from audit.calls.models import Call, Recording
from audit.calls.service import receive
from audit.store import database

HEAD = "call_id,collector_no,account_no,callee_phone,callee_relation,direction,started_at,duration_s,recording\n"
CALLS = """CR1,G1,A1,138****1001,self,outbound,2026-10-19T08:40:55+08:00,2,
CR2,G1,A1,13900001002,self,outbound,2026-10-19T09:00:00+08:00,2,
CR3,G1,A1,13900001002,self,outbound,2026-10-19T09:01:30+08:00,2,
CR4,G1,A1,02100003333,self,outbound,2026-10-19T02:00:00Z,2,
CR5,G1,A1,,self,outbound,2026-10-19T11:00:00+08:00,2,D:\\rec\\named.wav
CR6,G1,A1,,self,outbound,2026-10-19T12:00:00+08:00,2,twice.wav
CR7,G1,A1,,self,outbound,2026-10-19T13:00:00+08:00,2,twice.wav
"""

BY_NAME = {
    "20261019084055_13800001001.wav": "CR1",
    "13800001001-20261019-084055.wav": "CR1",
    "2026-10-19 08-40-55 138****1001.mp3": "CR1",
    "G1_2026.10.19_08.40.55_13800001001_out.wav": "CR1",
    "20261019084255_13800001001.wav": "CR1",  # two minutes later by the recorder's clock
    "20261019083855_13800001001.wav": "CR1",
    "20261019084256_13800001001.wav": None,
    "20261020084055_13800001001.wav": None,
    "20261019084055_13800001002.wav": None,
    "20261019084055.wav": None,
    "13800001001.wav": None,
    "20261399084055_13800001001.wav": None,
    "20261019090000_13900001002.wav": None,  # two calls fit
    "20261019090300_13900001002.wav": "CR3",
    "20261019090300_13911111002.wav": None,
    "20261019100000_021-00003333.wav": "CR4",
    "20261019100000_02100003333.wav": "CR4",
    "named.wav": "CR5",
    "NAMED.wav": None,
    "twice.wav": None,
    "": None,
}


@pytest.fixture
def put(shengjian, tmp_path: Path) -> Callable[[str], dict[str, int]]:
    """Imports call records and gives the counts."""

    def imported(rows: str) -> dict[str, int]:
        (tmp_path / "calls.csv").write_text(HEAD + rows, encoding="utf-8")
        ran = shengjian("import", "calls", tmp_path / "calls.csv", "--format", "json")
        assert (ran.code, ran.err) == (0, "")
        return {name: ran.json[name] for name in ("new", "updated", "recordings")}

    return imported


@pytest.fixture
def record(write_wav, tmp_path: Path) -> Callable[[str, float], str]:
    """Takes in a recording, each pitch another one, and gives the number of the call that it belongs to."""

    def taken_in(name: str, pitch: float) -> str:
        tone = np.sin(np.arange(16_000) * pitch).astype(np.float32) / 3
        path = write_wav(tmp_path / name, tone, tone)
        with database.transaction() as session:
            return receive(session, path, {}).call_id

    return taken_in


def on_file() -> dict[str, str | None]:
    """Each call with the name of its recording."""
    with database.transaction() as session:
        calls = select(Call.call_id, Recording.name).outerjoin(Recording, Recording.id == Call.recording_id)
        return dict(session.exec(calls).all())


def test_the_one_record_that_a_name_fits(put) -> None:
    put(CALLS)
    with database.transaction() as session:
        found = {name: record_of(session, name) for name in BY_NAME}
        assert {name: call and call.call_id for name, call in found.items()} == BY_NAME


def test_a_recording_finds_the_record_that_is_there_and_takes_it(put, record) -> None:
    put(CALLS)
    assert record("20261019084055_13800001001.wav", 0.1) == "CR1"
    assert record("20261019084056_13800001001.wav", 0.2) == "20261019084056_13800001001"
    assert record("20261019084055_13800001001.wav", 0.1) == "CR1"
    assert len(on_file()) == 8
    assert put(CALLS) == {"new": 0, "updated": 7, "recordings": 0}
    assert on_file()["CR1"] == "20261019084055_13800001001.wav"


def test_a_record_finds_the_recording_that_was_there_before(put, record, shengjian) -> None:
    shengjian("db", "upgrade")
    assert record("named.wav", 0.1) == "named"
    assert record("20261019090300_13900001002.wav", 0.2) == "20261019090300_13900001002"
    assert record("unknown.wav", 0.3) == "unknown"
    assert put(CALLS) == {"new": 5, "updated": 2, "recordings": 2}
    assert {name: recording for name, recording in on_file().items() if recording} == {
        "CR5": "named.wav",
        "CR3": "20261019090300_13900001002.wav",
        "unknown": "unknown.wav",
    }
    assert put(CALLS) == {"new": 0, "updated": 7, "recordings": 0}
    gaps = {gap["kind"]: gap["which"] for gap in shengjian("gaps", "--format", "json").json}
    assert gaps["recording without call record"] == ["unknown.wav"]
    assert gaps["recording named by several calls"] == ["twice.wav"]
    assert gaps["recording named but not received"] == ["CR6", "CR7"]
