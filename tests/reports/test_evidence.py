"""An evidence pack: made from a small case, checked, and spoilt in every way that comes to mind."""

import ast
import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
import threading
import wave
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select
from typer import Typer
from typer.testing import CliRunner

from audit.calls.decoding import RATE
from audit.calls.service import receive as take_in
from audit.calls.today import DEMO_NOON
from audit.cli import evidence
from audit.imports.mapping import load_mapping
from audit.imports.registers import RegisterName
from audit.imports.service import import_file
from audit.settings import settings as product
from audit.store import database, secrets
from audit.trail import AuditEvent
from classifiers.errors import BadInput
from complaints.cases.attachments import attach
from complaints.cases.events import By, find
from complaints.cases.evidence import accept
from complaints.given import Given
from complaints.intake import receive
from reports.evidence import verify
from reports.evidence.packing import Pack
from reports.evidence.service import export
from reports.evidence.signing import PASSPHRASE

REGISTERS = {
    "collectors": "collector_no,name,team,agency\nGH8001,徐静,一组,衡诺\n",
    "debtors": "debtor_no,name,gender,phone,id_no,address,employer\nD1,林可心,女,13800001002,,柳岸路18号,\n",
    "accounts": "account_no,debtor_no,lender,agency,assigned_on\nAC1,D1,青禾银行,衡诺,2026-01-01\n",
    "calls": "call_id,collector_no,account_no,callee_relation,direction,started_at,duration_s,recording\n"
    "CR1,GH8001,AC1,self,outbound,2026-10-20 09:00,60,one.wav\n"
    "CR2,GH8001,AC1,self,outbound,2026-10-20 15:00,60,two.wav\n"
    "CR3,GH8001,AC1,self,outbound,2026-10-20 16:00,0,\n",
    "messages": "message_id,collector_no,account_no,to_phone,to_relation,channel,sent_at,text\n"
    "MS1,GH8001,AC1,13800001002,self,sms,2026-10-20 10:00,林可心女士请尽快还款\n",
}
BY = By("林一")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace with one case: a recorded call, one not recorded, a message, an attachment; its folder is given."""
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHENGJIAN_HOME", str(folder / "home"))
        forget()
        fill(folder)
        yield folder
        database.engine().dispose()
    forget()


def fill(folder: Path) -> None:
    """Makes the case in the workspace that is set."""
    database.upgrade()
    with database.transaction() as session:
        for name, rows in REGISTERS.items():
            (folder / name).write_text(rows, encoding="utf-8")
            assert not import_file(session, RegisterName(name), folder / name, load_mapping()).refused
        take_in(session, tone(folder / "one.wav"), {})
        case = receive(session, Given.model_validate(COMPLAINT))
        for subject in ("call:CR1", "call:CR2", "call:CR3", "message:MS1"):
            accept(session, case, BY, subject, why="=当日接通")
        (folder / "授权书.pdf").write_bytes(b"%PDF-1.7 x")
        attach(session, case, BY, folder / "授权书.pdf", "授权书")


COMPLAINT = {"channel": "12378", "received_at": "2026-10-21 09:30", "text": "天天打电话骂我。", "external_ref": "T1"}


def forget() -> None:
    database.engine.cache_clear()
    product.cache_clear()
    secrets.forget()


def tone(path: Path) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        samples = (9000 * np.sin(np.arange(RATE) / 5)).astype("<i2")
        file.writeframes(np.stack([samples, samples // 2], axis=1).tobytes())
    return path


@pytest.fixture(scope="module")
def keys(desk: Path) -> dict[str, Path]:
    """Private keys by kind, and the public half of the first."""
    ed, rsa = Ed25519PrivateKey.generate(), generate_private_key(65537, 2048)
    locked = BestAvailableEncryption(b"geheim")
    made = {"ed": (ed, NoEncryption()), "rsa": (rsa, NoEncryption()), "locked": (ed, locked)}
    for name, (key, how) in made.items():
        (desk / name).write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how))
    (desk / "public").write_bytes(ed.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return {name: desk / name for name in (*made, "public")}


@pytest.fixture(scope="module")
def pack(desk: Path, keys: dict[str, Path]) -> Path:
    """A signed pack of the case; do not write to it."""
    path = desk / "pack.zip"
    export("T1", path, by="林一", key=keys["ed"])
    return path


def told(path: Path, key: bytes | None = None) -> list[str]:
    return [f"{problem.what} {problem.name}" for problem in verify.check(path, key).problems]


def content(pack: Path, name: str) -> bytes:
    with zipfile.ZipFile(pack) as opened:
        return opened.read(name)


def test_what_is_in_a_pack(pack: Path, desk: Path) -> None:
    assert told(pack) == []
    assert content(pack, "originals/01-CR1.wav") == (desk / "one.wav").read_bytes()
    assert content(pack, "attachments/05-授权书.pdf") == b"%PDF-1.7 x"
    rows = json.loads(content(pack, "evidence-list.json"))
    assert [(row["name"], row["missing"]) for row in rows] == [
        ("通话 CR1", ""),
        ("通话 CR2", "通话记录写明录音 two.wav，但未收到"),
        ("通话 CR3", "未接通，没有录音"),
        ("短信 MS1", ""),
        ("授权书.pdf", ""),
    ]
    assert rows[0]["sha256"] == hashlib.sha256((desk / "one.wav").read_bytes()).hexdigest()
    assert rows[0]["not_redacted"] == "尚未识别文字"
    cells = list(csv.reader(io.StringIO(content(pack, "证据清单.csv").decode("utf-8-sig"))))
    assert cells[1][8] == "'=当日接通", "a spreadsheet computes nothing"
    message = json.loads(content(pack, "messages.jsonl"))
    assert (message["text"], message["redacted_text"]) == ("林可心女士请尽快还款", "〔债务人〕女士请尽快还款")
    assert "13800001002" not in content(pack, "registers.json").decode()
    assert json.loads(content(pack, "case.json"))["number"] == "TS20261021-0001"
    actions = [json.loads(line)["action"] for line in content(pack, "trail.jsonl").splitlines()]
    assert {"recording.received", "complaint.received", "complaint.accepted", "complaint.attached"} <= {*actions}


def test_the_same_case_makes_the_same_bytes(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.evidence.service.trail.append", lambda *_: None)  # the next trail would be longer
    monkeypatch.setattr("reports.evidence.service.moment", lambda _: DEMO_NOON)
    first, second = (export("T1", desk / name, by="林一").path.read_bytes() for name in ("a.zip", "b.zip"))
    assert first == second


def rewritten(pack: Path, path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The pack with files changed by somebody who then closes the ZIP as it should be closed."""
    with zipfile.ZipFile(pack) as opened:
        files = {info.filename: opened.read(info) for info in opened.infolist()}
    change(files)
    written = Pack(path)
    for name, data in files.items():
        written.data(name, data)
    written.close()
    return path


def swapped(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new)

    return change


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (swapped("originals/01-CR1.wav", b"RIFF", b"RIFX"), ["changed originals/01-CR1.wav"]),
        (swapped("messages.jsonl", "尽快".encode(), "立即".encode()), ["changed messages.jsonl"]),
        (lambda files: files.pop("reviews.json"), ["missing reviews.json"]),
        (lambda files: files.update({"extra.txt": b"x"}), ["added extra.txt"]),
        (lambda files: files.update({"../evil.txt": b"x"}), ["path ../evil.txt", "added ../evil.txt"]),
        (lambda files: files.update({"Case.json": b"x"}), ["double Case.json", "added Case.json"]),
        (lambda files: files.pop("manifest.json"), ["missing manifest.json"]),
        (swapped("manifest.json", "林一".encode(), "林二".encode()), ["signature manifest.sig"]),
        (swapped("manifest.sig", b"", b"x"), ["signature manifest.sig"]),
        (lambda files: files.pop("manifest.sig"), ["missing manifest.sig"]),
        (lambda files: files.update({"manifest.tsr": b"x"}), ["added manifest.tsr", "stamp manifest.tsr"]),
        (swapped("verify.py", b"return 1 if", b"return 0 if"), ["changed verify.py"]),
    ],
)
def test_what_was_changed_is_named(
    pack: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None], named: list[str]
) -> None:
    assert told(rewritten(pack, tmp_path / "spoilt.zip", change)) == named


def test_a_trail_made_to_fit_the_manifest_is_still_found_out(desk: Path, tmp_path: Path) -> None:
    export("T1", tmp_path / "unsigned.zip", by="林一")

    def forged(files: dict[str, bytes]) -> None:
        files["trail.jsonl"] = files["trail.jsonl"].replace("林一".encode(), "林二".encode())
        manifest = json.loads(files["manifest.json"])
        for one in manifest["files"]:
            one["sha256"] = hashlib.sha256(files[one["path"]]).hexdigest()
        files["manifest.json"] = json.dumps(manifest).encode()

    assert {line.split()[0] for line in told(rewritten(tmp_path / "unsigned.zip", tmp_path / "b.zip", forged))} == {
        "trail"
    }


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda data: data + b"x", "end"),
        (lambda data: b"x" + data, "gap"),
        (lambda data: data[:-1], "end"),
        (lambda data: data[:-64], "end"),
        (lambda data: b"", "end"),
        (lambda data: b"x" * 500, "file"),
    ],
)
def test_bytes_around_the_zip(pack: Path, tmp_path: Path, spoil: Callable[[bytes], bytes], what: str) -> None:
    (tmp_path / "spoilt.zip").write_bytes(spoil(pack.read_bytes()))
    assert any(line.startswith(what) for line in told(tmp_path / "spoilt.zip"))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_byte_flipped_is_found(pack: Path, data: st.DataObject) -> None:
    whole = bytearray(pack.read_bytes())
    near_ends = st.one_of(
        st.integers(0, 200), st.integers(len(whole) - 3000, len(whole) - 1), st.integers(0, len(whole) - 1)
    )
    whole[data.draw(near_ends)] ^= data.draw(st.integers(1, 255))
    spoilt = pack.with_name("flipped.zip")
    spoilt.write_bytes(whole)
    assert told(spoilt)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_byte_flipped_in_a_file_names_the_file(pack: Path, data: st.DataObject) -> None:
    with zipfile.ZipFile(pack) as opened:
        info = data.draw(
            st.sampled_from([one for one in opened.infolist() if one.file_size and one.filename[-4:] != ".sig"])
        )
    whole = bytearray(pack.read_bytes())
    begin = info.header_offset + 30 + len(info.filename.encode())
    whole[data.draw(st.integers(begin, begin + info.file_size - 1))] ^= data.draw(st.integers(1, 255))
    spoilt = pack.with_name("flipped.zip")
    spoilt.write_bytes(whole)
    assert f"changed {info.filename}" in told(spoilt)


def test_an_outsider_needs_python_alone(pack: Path, tmp_path: Path) -> None:
    shutil.unpack_archive(pack, tmp_path / "out")
    lone = [sys.executable, "-I", "-S", tmp_path / "out" / "verify.py"]
    for arguments, code in (([], 0), ([pack], 0), ([pack, "--key", pack.with_name("public")], 0)):
        ran = subprocess.run([*lone, *arguments], capture_output=True, check=False)
        assert (ran.returncode, "核验通过" in ran.stdout.decode()) == (code, True), ran.stderr
    (tmp_path / "out" / "case.json").write_text("{}")
    (tmp_path / "out" / "more").write_text("x")
    (tmp_path / "out" / "reviews.json").unlink()
    ran = subprocess.run(lone, capture_output=True, check=False)
    assert ran.returncode == 1
    for line in ("case.json: 内容被改动", "more: 不在清单中", "reviews.json: 缺失"):
        assert line in ran.stdout.decode()


def test_the_verifier_is_plain_python_3_8() -> None:
    text = Path(verify.__file__).read_text(encoding="utf-8")
    imported = {
        node.module for node in ast.walk(ast.parse(text, feature_version=(3, 8))) if isinstance(node, ast.ImportFrom)
    }
    imported |= {name.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import) for name in node.names}
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("kind", ["ed", "rsa"])
def test_signatures(desk: Path, keys: dict[str, Path], tmp_path: Path, kind: str) -> None:
    export("T1", tmp_path / "a.zip", by="林一", key=keys[kind])
    assert told(tmp_path / "a.zip") == []
    other = [] if kind == "ed" else ["key public-key.pem"]
    assert told(tmp_path / "a.zip", keys["public"].read_bytes()) == other


def test_keys_that_cannot_sign(
    desk: Path, keys: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, why in (("locked", "passphrase is missing"), ("public", "no private key"), ("nowhere", "No such file")):
        with pytest.raises(BadInput, match=why):
            export("T1", tmp_path / "a.zip", by="林一", key=desk / name)
    monkeypatch.setenv(PASSPHRASE, "geheim")
    export("T1", tmp_path / "a.zip", by="林一", key=keys["locked"])
    assert told(tmp_path / "a.zip") == []


@pytest.fixture
def stamping() -> Iterator[str]:
    """A time stamping service that answers what it likes by the path: /granted, /refused, /other."""

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            imprint = asked[5:-3] if self.path == "/granted" else b"\0" * 51
            status = b"\x30\x03\x02\x01" + (b"\x02" if self.path == "/refused" else b"\0")
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"\x30\x38" + status + imprint)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Service) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_time_stamp(desk: Path, tmp_path: Path, stamping: str) -> None:
    export("T1", tmp_path / "a.zip", by="林一", timestamp_url=f"{stamping}/granted")
    assert told(tmp_path / "a.zip") == []
    spoilt = rewritten(
        tmp_path / "a.zip", tmp_path / "b.zip", swapped("manifest.json", "林一".encode(), "林二".encode())
    )
    assert told(spoilt) == ["stamp manifest.tsr"]


def test_nothing_is_left_of_a_pack_that_failed(desk: Path, tmp_path: Path, stamping: str) -> None:
    wrong = {"/refused": "no time stamp", "/other": "no time stamp"}
    for url, why in {
        **{stamping + path: why for path, why in wrong.items()},
        "http://127.0.0.1:1": "refused",
        "ftp://x": "no address",
    }.items():
        with pytest.raises(BadInput, match=why):
            export("T1", tmp_path / "a.zip", by="林一", timestamp_url=url)
    with pytest.raises(BadInput, match="nobody is named"):
        export("T1", tmp_path / "a.zip", by=" ")
    with pytest.raises(BadInput, match="No such file"):
        export("T1", tmp_path / "nowhere" / "a.zip", by="林一")
    assert not list(tmp_path.iterdir())
    (tmp_path / "a.zip").write_text("mine")
    with pytest.raises(BadInput, match="is there already"):
        export("T1", tmp_path / "a.zip", by="林一")
    assert (tmp_path / "a.zip").read_text() == "mine"


def test_a_recording_that_is_gone_or_not_what_it_was(desk: Path, tmp_path: Path) -> None:
    (kept,) = (desk / "home").rglob(hashlib.sha256((desk / "one.wav").read_bytes()).hexdigest())
    data = kept.read_bytes()
    try:
        kept.write_bytes(data[:-1] + b"x")
        with pytest.raises(BadInput, match="not the bytes that were received"):
            export("T1", tmp_path / "a.zip", by="林一")
        kept.unlink()
        first = export("T1", tmp_path / "a.zip", by="林一").rows[0]
        assert (first.file, "已不在库中" in first.missing, len(first.sha256)) == ("", True, 64)
        assert told(tmp_path / "a.zip") == []
    finally:
        kept.write_bytes(data)


def cli(*arguments: object):
    app = Typer(pretty_exceptions_enable=False)
    evidence.register(app)
    return CliRunner().invoke(app, ["evidence", *map(str, arguments)])


def test_commands(desk: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    ran = cli("export", "T1", path, "--by", "林一")
    assert ran.exit_code == 0, ran.output
    digest = ran.stdout.split()[-1]
    with database.transaction() as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.action == "evidence.export")).all()
    assert (events[-1].actor, events[-1].subject, events[-1].body["manifest"]) == (
        "林一",
        "complaint:TS20261021-0001",
        digest,
    )
    assert "nothing was changed" in cli("verify", path).stdout
    rewritten(path, tmp_path / "b.zip", swapped("manifest.json", "林一".encode(), "林二".encode()))
    ran = cli("verify", tmp_path / "b.zip")
    assert (ran.exit_code, told(tmp_path / "b.zip")) == (1, [])
    assert "of none of the packs that this workspace exported" in ran.stderr
    assert isinstance(cli("verify", tmp_path / "nowhere").exception, BadInput)
    assert isinstance(cli("export", "T9", tmp_path / "c.zip").exception, BadInput)


def test_only_what_was_accepted(desk: Path, tmp_path: Path) -> None:
    with database.transaction() as session:
        receive(session, Given.model_validate({**COMPLAINT, "external_ref": "T2", "text": "又来电话"}))
        assert find(session, "T2")
    with pytest.raises(BadInput, match="no evidence was accepted"):
        export("T2", tmp_path / "a.zip", by="林一")


def test_on_postgresql(tmp_path: Path, postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENGJIAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SHENGJIAN_DATABASE_URL", postgres)
    forget()
    fill(tmp_path)
    assert export("T1", tmp_path / "a.zip", by="林一").files > len(REGISTERS)
    assert told(tmp_path / "a.zip") == []
    database.engine().dispose()
    monkeypatch.undo()
    forget()
