"""Writing the ZIP: stored, with fixed times and in the order given, so that the same files give the same bytes."""

import hashlib
import json
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from reports.evidence.verify import MANIFEST

_PIECE = 1 << 20
_READABLE = 0o644 << 16
_NO_SEAL = b"0" * 64
_UNIX = 3


class Pack:
    """A ZIP being written, with the digest of each file in it; at most a megabyte is in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._zip = ZipFile(path, "w", ZIP_STORED)
        self.files: list[dict[str, Any]] = []

    def file(self, name: str, path: Path) -> str:
        """Puts in a file and gives its SHA-256."""
        digest, size = hashlib.sha256(), path.stat().st_size
        with path.open("rb") as source, self._zip.open(_entry(name, size), "w") as target:
            while piece := source.read(_PIECE):
                digest.update(piece)
                target.write(piece)
        return self._note(name, digest.hexdigest(), size)

    def data(self, name: str, data: bytes) -> str:
        """Puts in bytes under a name and gives their SHA-256."""
        self._zip.writestr(_entry(name, len(data)), data)
        return self._note(name, hashlib.sha256(data).hexdigest(), len(data))

    def json(self, name: str, value: Any) -> str:
        """Puts in a value as JSON."""
        return self.data(name, as_json(value))

    def text(self, name: str, text: str) -> str:
        """Puts in a text, marked as UTF-8 for programs that would guess."""
        return self.data(name, text.encode("utf-8-sig"))

    def manifest(self, told: dict[str, Any]) -> bytes:
        """Puts in the manifest, which lists all files so far, and gives its bytes."""
        written = as_json({**told, "files": sorted(self.files, key=lambda one: str(one["path"]))})
        self.data(MANIFEST, written)
        return written

    def close(self) -> None:
        """Ends the ZIP; behind it stands the SHA-256 of all that goes before."""
        self._zip.comment = _NO_SEAL
        self._zip.close()
        with self._path.open("r+b") as file:
            size, digest = self._path.stat().st_size - len(_NO_SEAL), hashlib.sha256()
            while piece := file.read(min(_PIECE, size - file.tell())):
                digest.update(piece)
            file.write(digest.hexdigest().encode())

    def abandon(self) -> None:
        """Ends it unfinished."""
        if self._zip.fp:
            self._zip.close()

    def _note(self, name: str, sha256: str, size: int) -> str:
        self.files.append({"path": name, "sha256": sha256, "size": size})
        return sha256


def as_json(value: Any) -> bytes:
    """JSON for people and programs, ending in a new line."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _entry(name: str, size: int) -> ZipInfo:
    info = ZipInfo(name)  # of 1980, as a ZIP without a time is
    info.file_size, info.external_attr, info.create_system = size, _READABLE, _UNIX
    return info
