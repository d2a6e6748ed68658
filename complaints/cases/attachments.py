"""Files kept with a case: under their SHA-256, and none that a computer would run."""

from functools import cache
from pathlib import Path, PureWindowsPath

from pydantic import Field
from sqlmodel import Session

from audit.store import blobs
from classifiers.detectors import Part
from classifiers.errors import BadInput
from complaints.calendar import read_yaml
from complaints.cases.events import Attachment, By, record
from complaints.cases.states import allow
from complaints.models import Complaint, ComplaintEvent
from complaints.vocabulary import EventKind

SHIPPED = Path(__file__).with_name("attachments.yaml")
_OPENING = 4096  # bytes that are looked at
_MEGABYTE = 1 << 20


class Refusals(Part):
    """What is not kept: by size, by name, by first bytes, by first words."""

    most_megabytes: int = Field(ge=1)
    endings: tuple[str, ...]
    starts: dict[str, tuple[str, ...]]
    texts: dict[str, tuple[str, ...]]
    within_xml: tuple[str, ...]


def attach(session: Session, case: Complaint, by: By, path: Path, note: str = "") -> ComplaintEvent:
    """Keeps a file with a case. Raises BadInput for one that is empty, too large, or a program or script."""
    allow(case, "attach")
    name = checked(path)
    sha256 = blobs.digest(path)
    kept = Attachment(blobs.put(path, sha256), sha256, name)
    return record(session, case, EventKind.attached, by, {"note": note, "bytes": path.stat().st_size}, attachment=kept)


def checked(path: Path) -> str:
    """The name under which a file may be kept. Raises BadInput where it may not be."""
    name = PureWindowsPath(path.name).name.rstrip(". ")
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            opening = file.read(_OPENING)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "give a file that can be read") from error
    if not name.isprintable() or not name.strip():
        raise BadInput(f"{path.name!r}: no name for a file", "rename it")
    most = _refusals().most_megabytes
    if not 0 < size <= most * _MEGABYTE:
        raise BadInput(f"{path}: {size} bytes", f"attach a file with something in it, {most} MB at most")
    if what := _runs(name, opening):
        raise BadInput(f"{path}: {what} is not kept", "attach a document, picture or recording")
    return name


def _runs(name: str, opening: bytes) -> str:
    """What a computer would take it for if it ran it; empty for a harmless file."""
    if (ending := Path(name).suffix.lower()) in _refusals().endings:
        return f"a file named {ending}"
    for what, starts in _refusals().starts.items():
        if any(opening.startswith(bytes.fromhex(start)) for start in starts):
            return f"a {what}"
    text = "".join(_text(opening).lower().split())
    for what, starts in _refusals().texts.items():
        if text.startswith(starts):
            return f"a {what}"
    marked = text.startswith("<") and any(word in text for word in _refusals().within_xml)
    return "a web page or script" if marked else ""


def _text(opening: bytes) -> str:
    """The opening as text, as far as it is."""
    wide = opening.startswith((b"\xff\xfe", b"\xfe\xff"))
    return opening.decode("utf-16" if wide else "utf-8", errors="ignore").lstrip("\ufeff")


@cache
def _refusals() -> Refusals:
    return read_yaml(SHIPPED, Refusals)
