"""The schema on both databases, the trail that cannot be rewritten, blobs kept once."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, select

from audit import trail
from audit.calls.models import Call
from audit.findings.models import Finding, Run
from audit.parties.models import Account, Agency, Collector
from audit.store import blobs, database
from audit.trail import AuditEvent


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch, forget) -> Iterator[None]:
    """An empty database of each kind, at the newest schema."""
    if request.param == "postgres":
        monkeypatch.setenv("SHENGJIAN_DATABASE_URL", request.getfixturevalue("postgres"))
    forget()
    database.upgrade()
    yield
    database.downgrade("base")
    database.engine().dispose()


def tables() -> set[str]:
    return set(sqlalchemy.inspect(database.engine()).get_table_names()) - {"alembic_version"}


@pytest.mark.usefixtures("store")
def test_the_schema_goes_up_and_down_and_is_what_the_code_says() -> None:
    assert tables() == set(SQLModel.metadata.tables)
    with database.engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, SQLModel.metadata) == []
    database.downgrade("base")
    assert tables() == set()
    database.upgrade()
    assert database.check() == "0007"


@pytest.mark.usefixtures("store")
def test_what_was_judged_before_models_is_kept() -> None:
    database.downgrade("0001")
    rows = {
        "rule_pack": "(id, name, version, sha256, canonical, first_used_at) "
        "VALUES (1, 'p', '1', 'x', '', '2026-01-01')",
        "recording": "(id, sha256, blob, name, codec, seconds, channels, layout, received_at) "
        "VALUES (1, 'x', 'x', 'x', 'x', 1, 2, 'stereo', '2026-01-01')",
        "transcript": "(id, recording_id, engine, model, options, language, quality, created_at) "
        "VALUES (1, 1, 'x', 'x', 'x', 'zh', '{}', '2026-01-01')",
        "segment": "(id, transcript_id, position, start_ms, end_ms, speaker, text, words, confidence) "
        "VALUES (1, 1, 0, 0, 1, 'debtor', 'x', '[]', 1)",
        "call": "(id, source, call_id, stage, percent, agency, collector_no, account_no, started_at) "
        "VALUES (1, 'x', 'x', 'done', 100, 'A', 'G1', 'AC1', '2026-01-01 16:30:00')",
        "run": "(id, call_id, transcript_id, rule_pack_id, relation, day, verdict, created_at) "
        "VALUES (1, 1, 1, 1, 'self', '2026-01-01', 'clear', '2026-01-01')",
        "finding": '(id, run_id, segment_id, rule, kind, severity, score, start, "end", quote, at_ms, until_ms, '
        "speaker, explanation, state) "
        "VALUES (1, 1, 1, 'x', 'abuse', 'high', 1, 0, 1, 'x', 0, 1, 'collector', '{}', 'open')",
    }
    with database.engine().begin() as connection:
        for table, values in rows.items():
            connection.execute(sqlalchemy.text(f'INSERT INTO "{table}" {values}'))
    database.upgrade()
    with database.transaction() as session:
        assert [run.model for run in session.exec(select(Run))] == [""]
        assert len(session.exec(select(Finding)).all()) == 1
        call = session.exec(select(Call)).one()
        collector, account = session.get_one(Collector, call.collector_id), session.get_one(Account, call.account_id)
        assert (collector.staff_no, collector.listed, account.account_no) == ("G1", False, "AC1")
        assert session.get_one(Agency, collector.agency_id).name == "A"
        assert (call.agency_id, call.day) == (collector.agency_id, date(2026, 1, 2))
    database.downgrade("0002")
    with database.engine().connect() as connection:
        named = connection.execute(sqlalchemy.text("SELECT agency, collector_no, account_no FROM call")).one()
    assert tuple(named) == ("A", "G1", "AC1")


def fill(events: int) -> None:
    for n in range(events):
        with database.transaction() as session:
            trail.append(session, "reviewer", "finding.confirmed", f"finding:{n}", {"n": n})


@pytest.mark.usefixtures("store")
def test_the_trail_is_a_chain_that_the_database_guards() -> None:
    fill(5)
    with database.transaction() as session:
        assert trail.verify(session).seq == 5
    for statement in ("UPDATE audit_event SET actor = 'nobody'", "DELETE FROM audit_event WHERE seq = 2"):
        with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
            session.execute(sqlalchemy.text(statement))


@pytest.mark.usefixtures("store")
def test_what_is_rolled_back_leaves_no_event() -> None:
    fill(1)
    with suppress(ZeroDivisionError), database.transaction() as session:
        trail.append(session, "a", "b", "c", {})
        raise ZeroDivisionError
    with database.transaction() as session:
        assert trail.verify(session).seq == 1


FORGERIES = {
    "UPDATE audit_event SET actor = 'nobody' WHERE seq = 2": "event 2 was changed",
    "UPDATE audit_event SET body = '{}' WHERE seq = 3": "event 3 was changed",
    "DELETE FROM audit_event WHERE seq = 2": "event 2 is missing",
    "DELETE FROM audit_event WHERE seq = 4": "its head says 4",
    "UPDATE trail_head SET hash = 'f'": "its head says",
}


@pytest.mark.parametrize(("forgery", "complaint"), FORGERIES.items())
def test_a_forged_trail_is_told_and_the_event_named(shengjian, forgery: str, complaint: str) -> None:
    shengjian("db", "upgrade")
    fill(4)
    with database.engine().begin() as connection:  # somebody with the file and time takes the guards away
        for guard in ("update", "delete"):
            connection.execute(sqlalchemy.text(f"DROP TRIGGER audit_event_no_{guard}"))
        connection.execute(sqlalchemy.text(forgery))
    ran = shengjian("trail", "verify")
    assert (ran.code, ran.out) == (1, "")
    assert complaint in ran.err


@given(bodies=st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5)), max_size=6))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_events_make_a_chain_that_holds(home: Path, forget, bodies: list[dict[str, object]]) -> None:
    forget()
    database.upgrade()
    with database.transaction() as session:
        before = trail.head(session).seq
        for body in bodies:
            trail.append(session, "系统", "action", "subject", body)
    with database.transaction() as session:
        assert trail.verify(session).seq == before + len(bodies)
        kept = session.exec(select(AuditEvent).where(AuditEvent.seq > before).order_by(AuditEvent.seq)).all()
    assert [event.body for event in kept] == bodies


def test_a_sound_trail_is_said_to_hold(shengjian) -> None:
    shengjian("db", "upgrade")
    ran = shengjian("trail", "verify")
    assert (ran.code, ran.out.split(":")[0]) == (0, "the trail holds")


def test_an_old_schema_is_refused_and_the_remedy_named(shengjian) -> None:
    shengjian("db", "upgrade")
    database.downgrade("base")
    for code, *command in ((1, "db", "check"), (2, "trail", "verify"), (2, "audit"), (2, "report", "audit")):
        ran = shengjian(*command)
        assert (ran.code, ran.err.count("\n")) == (code, 1)
        assert "run shengjian db upgrade" in ran.err
    assert shengjian("db", "upgrade").code == 0
    assert shengjian("db", "check").code == 0


def test_a_server_that_does_not_answer_is_one_line(shengjian, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENGJIAN_DATABASE_URL", "postgresql://user:secret@127.0.0.1:1/none")
    for command in ("check", "upgrade"):
        ran = shengjian("db", command)
        assert ran.code
        assert ran.err.count("\n") == 1
        assert "secret" not in ran.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHENGJIAN_BEAM_SIZE", "0"),
        ("SHENGJIAN_ENGINE", "guess"),
        ("SHENGJIAN_DATABASE_URL", "no address"),
        ("SHENGJIAN_DATABASE_URL", "mysql://user:secret@host/name"),
        ("SHENGJIAN_DATABASE_URL", "postgresql://127.0.0.1:abc/name"),
        ("SHENGJIAN_HOME", "/dev/null"),
        ("SHENGJIAN_BLOBS", "s3x://nowhere"),
    ],
)
def test_a_setting_that_cannot_be_is_one_line(
    shengjian, recordings: dict[str, Path], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    ran = shengjian("audit", recordings["call-05"])
    assert (ran.code, ran.err.count("\n")) == (2, 1)


def test_a_file_that_is_no_database_is_one_line(shengjian, home: Path) -> None:
    home.mkdir()
    (home / "shengjian.sqlite").write_bytes(b"not a database at all" * 99)
    ran = shengjian("audit")
    assert (ran.code, ran.err.count("\n")) == (2, 1)


def test_looking_does_not_spoil_a_fresh_workspace(shengjian) -> None:
    assert shengjian("db", "check").code == 1
    assert shengjian("audit", "--format", "json").json == {"calls": [], "messages": []}


def test_a_blob_is_kept_once_and_as_it_came(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"sound")
    sha256 = blobs.digest(tmp_path / "a")
    keys = {blobs.put(tmp_path / "a", sha256) for _ in range(2)}
    assert len(keys) == 1
    with blobs.local(keys.pop()) as path:
        assert path.read_bytes() == b"sound"
    assert sum(1 for file in (home / "blobs").rglob("*") if file.is_file()) == 1
