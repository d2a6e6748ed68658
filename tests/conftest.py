"""What all tests share: a workspace of their own, the weights, real recordings, and a way to run whole commands."""

import io
import json
import os
import shutil
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest
import typer
from numpy.typing import NDArray
from psycopg import sql

from audit import cli, pipeline, settings
from audit.calls.decoding import RATE
from audit.ledger import limits
from audit.store import database, secrets
from audit.transcripts import weights

DEMO = Path(cli.__file__).parents[1] / "demo"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """In CI a skipped test is a failure: something that the suite needs was not there."""
    report = (yield).get_result()
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"


@dataclass
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def jsonl(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Shell = Callable[..., Ran]


def _forget() -> None:
    """Drops what a process keeps, so that the next command starts like a fresh one; the model stays loaded."""
    database.engine.cache_clear()
    settings.settings.cache_clear()
    secrets.forget()
    limits.limits.cache_clear()
    pipeline.classifier.cache_clear()
    pipeline.engine.cache_clear()


def run(*arguments: str | Path) -> Ran:
    """Runs one `shengjian` command in this process."""
    _forget()
    out, err, code = io.StringIO(), io.StringIO(), 0
    before, sys.argv = sys.argv, ["shengjian", *map(str, arguments)]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            cli.main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    except typer.Exit as ended:
        code = ended.exit_code
    finally:
        sys.argv = before
        with suppress(Exception):
            database.engine().dispose()
    return Ran(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="session", autouse=True)
def models() -> Path:
    """The weights, joined and checked once."""
    return weights.fetch()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty workspace for the commands of one test."""
    monkeypatch.setenv("SHENGJIAN_HOME", str(tmp_path / "home"))
    _forget()
    return tmp_path / "home"


@pytest.fixture
def forget() -> Callable[[], None]:
    """Drops what this process keeps, after a test changed the settings."""
    return _forget


@pytest.fixture
def shengjian(home: Path) -> Shell:
    """Runs `shengjian` commands in this test's workspace."""
    return run


@pytest.fixture(scope="session")
def demo() -> Path:
    """The folder of bundled recordings and their call records."""
    return DEMO


@pytest.fixture(scope="session")
def recordings() -> dict[str, Path]:
    """The bundled recordings by name, such as call-04."""
    return {path.stem: path for path in sorted((DEMO / "calls").glob("*.wav"))}


@pytest.fixture
def write_wav() -> Callable[..., Path]:
    """Writes channels of samples (full scale 1) as a WAV file and gives its path."""

    def write(path: Path, *channels: NDArray[np.float32], rate: int = RATE) -> Path:
        with wave.open(str(path), "wb") as file:
            file.setnchannels(len(channels))
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes((np.stack(channels, axis=1) * 32767).astype("<i2").tobytes())
        return path

    return write


@pytest.fixture(scope="session")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which the demo ran once; do not write to it."""
    home = tmp_path_factory.mktemp("audited")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHENGJIAN_HOME", str(home))
        ran = run("demo")
    assert ran.code == 0, ran.err
    (home / "demo.out").write_text(ran.out, encoding="utf-8")
    return home


POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def as_postgres(*command: str | Path) -> None:
    """Runs a program as an ordinary user: PostgreSQL refuses to be started by root."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *map(str, command)], check=True, capture_output=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Path]:
    """The socket's folder of a PostgreSQL server of our own, from Debian's package."""
    if not POSTGRES:
        pytest.skip("no PostgreSQL here: apt-get install postgresql")
    folder = Path("/tmp/shengjian-postgres") / str(os.getpid())  # short, as a socket's path must be
    folder.mkdir(parents=True)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    bin_, data = POSTGRES[-1], folder / "data"
    as_postgres(bin_ / "initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--pgdata", data)
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
    as_postgres(bin_ / "pg_ctl", "--pgdata", data, "--wait", "--log", folder / "log", "--options", options, "start")
    yield folder
    as_postgres(bin_ / "pg_ctl", "--pgdata", data, "--mode=immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture
def postgres(postgres_server: Path, request: pytest.FixtureRequest) -> str:
    """The address of an empty PostgreSQL database."""
    name = f"test_{abs(hash(request.node.nodeid))}"
    with psycopg.connect(f"host={postgres_server} user=postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"postgresql://postgres@/{name}?host={postgres_server}"
