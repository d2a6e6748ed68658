"""Personal numbers at rest: encrypted with AES-256-GCM (NIST SP 800-38D), and a keyed hash to find them again.

The key is `SHENGJIAN_KEY` (64 hexadecimal digits) or the file `key` in the workspace, made at its first use.
"""

import hmac
import os
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, Session, SQLModel

from audit.settings import settings
from classifiers.errors import BadWorkspace

_BYTES = 32
_NONCE = 12
_HASH = 16  # hexadecimal digits kept of a keyed hash: 64 bits
_REMEDY = "set SHENGJIAN_KEY to the 64 hexadecimal digits that this workspace was made with"


class Secret(TypeDecorator[str]):
    """Text kept encrypted, each value with a nonce of its own."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """To nonce and ciphertext."""
        if value is None:
            return None
        nonce = os.urandom(_NONCE)
        return nonce + _cipher().encrypt(nonce, value.encode(), None)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """To text. Raises BadWorkspace when it was encrypted with another key."""
        if value is None:
            return None
        try:
            return _cipher().decrypt(value[:_NONCE], value[_NONCE:], None).decode()
        except InvalidTag as error:
            raise BadWorkspace("personal numbers were encrypted with another key", _REMEDY) from error


def keyed_hash(text: str) -> str:
    """The same 16 hexadecimal digits for the same text, of no use to who has not the key."""
    return hmac.digest(_derived(b"lookup"), text.encode(), "sha256").hex()[:_HASH]


def fingerprint() -> str:
    """What tells keys apart without telling the key."""
    return keyed_hash("fingerprint")


@lru_cache(maxsize=1)
def _cipher() -> AESGCM:
    return AESGCM(_derived(b"encrypt"))


@lru_cache(maxsize=4)
def _derived(purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_BYTES, salt=None, info=b"shengjian " + purpose).derive(_key())


def _key() -> bytes:
    path = settings().workspace / "key"
    if not settings().key and not path.exists():
        _make(path)
    try:
        key = bytes.fromhex(settings().key or path.read_text().strip())
    except (OSError, ValueError) as error:
        raise BadWorkspace("the key for personal numbers cannot be read", _REMEDY) from error
    if len(key) != _BYTES:
        raise BadWorkspace(f"the key for personal numbers has {len(key)} bytes", _REMEDY)
    return key


def _make(path: Path) -> None:
    """A new key that only its owner can read; of two processes that make one, the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        os.write(file, secrets.token_hex(_BYTES).encode())
        os.close(file)


def forget() -> None:
    """Drops the key that this process holds, after the settings changed."""
    _cipher.cache_clear()
    _derived.cache_clear()


class KeyMark(SQLModel, table=True):
    """The one row that says with which key this database's numbers are encrypted."""

    __tablename__ = "key_mark"

    id: int = Field(default=1, primary_key=True)
    fingerprint: str


def check_key(session: Session) -> None:
    """Marks a new database with the key. Raises BadWorkspace when the database was made with another one."""
    mark = session.get(KeyMark, 1)
    if mark is None:
        session.add(KeyMark(fingerprint=fingerprint()))
    elif mark.fingerprint != fingerprint():
        raise BadWorkspace("personal numbers were encrypted with another key", _REMEDY)
