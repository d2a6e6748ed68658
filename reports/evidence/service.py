"""Exporting the evidence of a case: gathered, packed, signed, noted in the trail, then put in its place."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlmodel import Session

from audit import trail
from audit.calls.today import moment
from audit.ledger.limits import limits
from audit.pipeline import engine
from audit.store.database import snapshot, transaction
from audit.transcripts.engine import Engine
from classifiers.errors import BadInput
from complaints.cases.events import find
from complaints.cases.showing import plain, show
from reports.evidence import signing, verify
from reports.evidence.gathering import Gathered, gather
from reports.evidence.listing import Row, as_csv, as_text
from reports.evidence.packing import Pack
from reports.evidence.rows import attachment_rows, contact_rows
from reports.evidence.sound import Work
from reports.evidence.told import (
    evidence_links_json,
    findings_json,
    ledger_json,
    registers_json,
    reviews_json,
    trail_lines,
    versions_json,
)

ACTION = "evidence.export"
_README = Path(__file__).with_name("readme.txt")


@dataclass(frozen=True)
class Exported:
    """A pack as it was written: the SHA-256 of its manifest, how many files, and the list of evidence."""

    path: Path
    digest: str
    files: int
    rows: list[Row]


@dataclass(frozen=True)
class Seal:
    """Who vouches for a pack, and how: a name, a private key, a time stamping service."""

    by: str
    key: signing.Key | None = None
    timestamp_url: str | None = None


def export(
    number: str,
    path: Path,
    *,
    by: str,
    key: Path | None = None,
    timestamp_url: str | None = None,
    proposed: bool = False,
    recogniser: Callable[[], Engine] = engine,
) -> Exported:
    """Writes the pack of a case and notes its manifest's SHA-256 in the trail. `key` signs it, and the service at
    `timestamp_url` stamps it. The recogniser proves the redacted copies.

    Raises BadInput for a case that there is not or that has no evidence, a file that is there already, a key that
    cannot be used, and a service that does not answer; then nothing is left behind.
    """
    if not by.strip():
        raise BadInput("nobody is named", "say who exports with --by")
    seal = Seal(by.strip(), signing.load_key(key) if key else None, timestamp_url or None)
    with _unfinished(path) as part:
        with snapshot() as session:
            case = find(session, number)
            written, rows, files = _pack(session, gather(session, case, proposed=proposed), part, seal, recogniser)
        digest = sha256(written).hexdigest()
        with transaction() as session:
            body = {"manifest": digest, "files": files, "signed": seal.key is not None}
            trail.append(session, seal.by, ACTION, f"complaint:{case.number}", body)
            part.replace(path)
    return Exported(path, digest, files, rows)


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """A name beside the pack's, of which nothing is left if anything goes wrong."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if path.exists():
            raise BadInput(f"{path}: is there already", "give another name")
        yield part
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}", "give a file that can be written") from error
    finally:
        part.unlink(missing_ok=True)


def _pack(
    session: Session, found: Gathered, part: Path, seal: Seal, recogniser: Callable[[], Engine]
) -> tuple[bytes, list[Row], int]:
    """Writes the whole ZIP and gives the manifest, the list of evidence and the number of files in the manifest."""
    pack, at = Pack(part), moment(session)
    try:
        with TemporaryDirectory() as folder:
            rows = contact_rows(session, Work(pack, seal.by, recogniser, Path(folder)), found)
        rows += attachment_rows(pack, found, seal.by)
        head = _documents(session, pack, found, at)
        _explanations(pack, found, rows, seal, at)
        written = pack.manifest(_manifest(found, seal, at, head))
        files = len(pack.files) - 1
        if seal.key:
            pack.data(verify.SIGNATURE, signing.sign(seal.key, written))
        if seal.timestamp_url:
            pack.data(verify.STAMP, signing.stamp(seal.timestamp_url, written))
        pack.close()
    finally:
        pack.abandon()
    return written, rows, files


def _documents(session: Session, pack: Pack, found: Gathered, at: datetime) -> dict[str, Any]:
    """Puts in what is on file, and gives the head of the trail."""
    pack.json("case.json", show(session, found.case, at))
    pack.json("evidence-links.json", evidence_links_json(session, found))
    pack.json("findings.json", findings_json(session, found))
    pack.json("reviews.json", reviews_json(found))
    pack.json("ledger.json", ledger_json(found))
    pack.json("registers.json", registers_json(session, found))
    pack.json("versions.json", versions_json(found))
    for used in found.packs:
        pack.data(f"rules/{used.name}-{used.version}-{used.sha256[:8]}.json", used.canonical.encode())
    pack.data("rules/limits.json", limits().model_dump_json(by_alias=True).encode())
    lines, head = trail_lines(session, found.subjects)
    pack.data(verify.TRAIL, lines)
    return head


def _explanations(pack: Pack, found: Gathered, rows: list[Row], seal: Seal, at: datetime) -> None:
    """Puts in the list of evidence, how to read and check all this, the program for it, and the public key."""
    pack.json("evidence-list.json", [asdict(row) for row in rows])
    pack.text("证据清单.csv", as_csv(rows))
    pack.text("证据清单.txt", as_text(rows))
    signed = (
        "本包未签名。"
        if seal.key is None
        else (f"本包已签名（{signing.algorithm(seal.key)}），请将公钥摘要与出具机构公布的核对，或以 --key 指定其公钥。")
    )
    told = {"number": found.case.number, "made_at": plain(at), "by": seal.by, "signature": signed}
    pack.text("说明.txt", _README.read_text(encoding="utf-8").format(**told))
    pack.file("verify.py", Path(verify.__file__))
    if seal.key:
        pack.data(verify.KEY, signing.public_pem(seal.key))


def _manifest(found: Gathered, seal: Seal, at: datetime, head: dict[str, Any]) -> dict[str, Any]:
    return {
        "case": found.case.number,
        "made_at": plain(at),
        "by": seal.by,
        "product": version("shengjian"),
        "trail": head,
        "signed": signing.algorithm(seal.key) if seal.key else None,
        "timestamped": seal.timestamp_url,
    }
