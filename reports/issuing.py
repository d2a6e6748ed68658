"""Versions of documents: the same facts give the stored bytes again, changed facts make a new version."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

from sqlmodel import Session, col, select

from audit import trail
from audit.calls.today import moment
from audit.settings import settings
from audit.store import blobs
from audit.store.database import snapshot, transaction
from classifiers.errors import BadInput
from reports.document.model import Content
from reports.document.pdf import pdf
from reports.document.word import own_template, word
from reports.document.workbook import workbook
from reports.document.written import Issue
from reports.kinds import Order
from reports.models import Report


class Format(StrEnum):
    """How a document is written."""

    html = "html"
    docx = "docx"
    pdf = "pdf"
    xlsx = "xlsx"


@dataclass(frozen=True)
class Issued:
    """A version of a document, with the keys of the formats that were asked for."""

    order: Order
    version: int
    draft: bool
    files: Mapping[Format, str]


def issue(order: Order, formats: Sequence[Format], by: str, doing: Callable[[str], None] = lambda _: None) -> Issued:
    """Reads the facts, writes what is not stored yet, and keeps it with an event in the trail. Raises BadInput for what
    cannot be written; nothing is kept then. `doing` is told of each step.
    """
    with snapshot() as session:
        doing("facts")
        content = order.content(session)
        report = _version(session, order, content, by)
        files = dict(report.files)
        for form in formats:
            if form not in files:
                doing(form)
                files[form] = _kept(_written(session, order, content, report, form))
    _keep(report, order, files, formats, by)
    return Issued(order, report.version, report.draft, {form: files[form]["blob"] for form in formats})


def write(issued: Issued, folder: Path) -> list[Path]:
    """Writes the files into a folder, each whole or not at all, and gives their paths. Raises BadInput where it cannot
    be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_copied(key, folder.resolve() / f"{issued.order.name}.{form}") for form, key in issued.files.items()]
    except OSError as error:
        raise BadInput(f"{folder}: {error.strerror}", "give a folder that can be written to with --out") from error


def _copied(key: str, path: Path) -> Path:
    half = path.with_name(f".{path.name}.part")
    with blobs.local(key) as kept:
        half.write_bytes(kept.read_bytes())
    return half.replace(path)


def _version(session: Session, order: Order, content: Content, by: str) -> Report:
    """The stored version that says the same, or a new one."""
    digest = _digest(content)
    of_it = select(Report).where(Report.kind == order.kind, Report.subject == order.subject)
    latest = session.exec(of_it.order_by(col(Report.version).desc())).first()
    if latest and latest.digest == digest:
        return latest
    head = trail.head(session)
    return Report(
        kind=order.kind,
        subject=order.subject,
        version=latest.version + 1 if latest else 1,
        digest=digest,
        trail_seq=head.seq,
        trail_hash=head.hash,
        made_at=moment(session),
        made_by=by,
        draft=content.document.is_draft,
    )


def _digest(content: Content) -> str:
    """What decides on the bytes: what is said, in which template, and by which version of the product."""
    own = own_template(content.document, settings().templates)
    template = own.read_bytes() if own else b""
    told = f"{content.digest()} {hashlib.sha256(template).hexdigest()} {version('shengjian')}"
    return hashlib.sha256(told.encode()).hexdigest()


def _written(session: Session, order: Order, content: Content, report: Report, form: Format) -> bytes:
    about = Issue(report.version, report.made_at, report.trail_seq, report.trail_hash, report.digest)
    match form:
        case Format.html:
            return order.page(session, content, about)
        case Format.docx:
            return word(content.document, about, settings().templates)
        case Format.pdf:
            return pdf(content.document, about)
        case Format.xlsx:
            return workbook(content, about)


def _kept(data: bytes) -> dict[str, str]:
    key, sha256 = blobs.keep(data)
    return {"blob": key, "sha256": sha256}


def _keep(report: Report, order: Order, files: dict[str, dict[str, str]], formats: Sequence[Format], by: str) -> None:
    digests = {form: files[form]["sha256"] for form in formats}
    with transaction() as session:
        kept = session.merge(report)
        kept.files = {**kept.files, **files}
        order.keep(session, by)
        told = {"version": report.version, "digest": report.digest, "files": digests}
        trail.append(session, by, "report.export", f"report:{order.kind}:{order.subject}", told)
