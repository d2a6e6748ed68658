"""Recordings and other files, kept as they came under their SHA-256, in a folder or an object store."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from audit.settings import settings
from classifiers.errors import BadWorkspace

_REMEDY = "set SHENGJIAN_BLOBS to a writable folder or an object store"
_PIECE = 1 << 20  # bytes


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def put(path: Path, sha256: str) -> str:
    """Keeps the file and returns its key. A file already kept is left as it is: same digest, same bytes."""
    key = f"{sha256[:2]}/{sha256}"
    with path.open("rb") as file:
        try:
            obstore.put(_store(), key, file, mode="create")
        except AlreadyExistsError:
            pass
        except BaseError as error:
            raise BadWorkspace(f"{settings().blob_address}: {_reason(error)}", _REMEDY) from error
    return key


def keep(data: bytes) -> tuple[str, str]:
    """Keeps bytes and returns their key and their SHA-256."""
    sha256 = hashlib.sha256(data).hexdigest()
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return put(Path(file.name), sha256), sha256


def put_as(path: Path, key: str) -> None:
    """Keeps a file made from another one under a key of its own; what lies there already is replaced."""
    try:
        with path.open("rb") as file:
            obstore.put(_store(), key, file)
    except BaseError as error:
        raise BadWorkspace(f"{settings().blob_address}: {_reason(error)}", _REMEDY) from error


def holds(key: str) -> bool:
    """Whether something is kept under the key."""
    try:
        obstore.head(_store(), key)
    except FileNotFoundError:
        return False
    except BaseError as error:
        raise BadWorkspace(f"{settings().blob_address}: {_reason(error)}", _REMEDY) from error
    return True


@contextmanager
def local(key: str) -> Iterator[Path]:
    """The kept file as one on this machine, for libraries that want a path; do not write to it."""
    store = _store()
    if isinstance(store, LocalStore):
        yield Path(settings().blob_address.removeprefix("file://")) / key
        return
    with NamedTemporaryFile() as copy:
        for piece in obstore.get(store, key).stream(min_chunk_size=_PIECE):
            copy.write(piece)
        copy.flush()
        yield Path(copy.name)


def _store() -> ObjectStore:
    address = settings().blob_address
    try:
        if "://" in address:
            return from_url(address)
        return LocalStore(Path(address), mkdir=True)
    except (BaseError, OSError) as error:
        raise BadWorkspace(f"{address}: {_reason(error)}", _REMEDY) from error


def _reason(error: Exception) -> str:
    return str(error).partition("\n")[0]
