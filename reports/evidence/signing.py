"""The customer's signature under a manifest, and the time stamp of somebody else (RFC 3161)."""

import hashlib
import os
import urllib.error
import urllib.request
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from classifiers.errors import BadInput
from reports.evidence.verify import is_stamp_of

PASSPHRASE = "SHENGJIAN_SIGNING_PASSPHRASE"  # noqa: S105 - the name of the variable
_SHORTEST = 2048  # bits of an RSA key
_SECONDS = 30
_MOST = 1 << 20  # bytes of an answer
_ALGORITHM = bytes.fromhex("300d06096086480165030402010500")  # SHA-256
_GRANTED = (b"\x02\x01\x00", b"\x02\x01\x01")

Key = Ed25519PrivateKey | RSAPrivateKey


def load_key(path: Path) -> Key:
    """The private key in a PEM file; its passphrase stands in SHENGJIAN_SIGNING_PASSPHRASE. Raises BadInput."""
    secret = os.environ.get(PASSPHRASE)
    try:
        key = load_pem_private_key(path.read_bytes(), secret.encode() if secret else None)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "give a key that can be read") from error
    except TypeError as error:
        raise BadInput(f"{path}: the passphrase is missing, or not asked for", f"see {PASSPHRASE}") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadInput(
            f"{path}: no private key, or another passphrase", f"give a PEM file, see {PASSPHRASE}"
        ) from error
    if isinstance(key, Ed25519PrivateKey) or (isinstance(key, RSAPrivateKey) and key.key_size >= _SHORTEST):
        return key
    raise BadInput(f"{path}: not a key to sign with", f"give Ed25519, or RSA of {_SHORTEST} bits or more")


def sign(key: Key, message: bytes) -> bytes:
    """The signature: Ed25519, or RSA by PKCS #1 v1.5 with SHA-256."""
    return key.sign(message) if isinstance(key, Ed25519PrivateKey) else key.sign(message, PKCS1v15(), SHA256())


def public_pem(key: Key) -> bytes:
    """The public half, as PEM."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def algorithm(key: Key) -> str:
    """How it signs, and the SHA-256 of the public half (DER), by which people compare keys."""
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    name = "Ed25519" if isinstance(key, Ed25519PrivateKey) else "RSA-PKCS1v15-SHA256"
    return f"{name} {hashlib.sha256(der).hexdigest()}"


def stamp(url: str, message: bytes) -> bytes:
    """The time stamping service's whole answer for a message. Raises BadInput where it gives none for it."""
    digest = hashlib.sha256(message).digest()
    given = f"time stamp service {url}"
    if not url.startswith(("http://", "https://")):
        raise BadInput(f"{given}: no address", "give http://… or https://…")
    headers = {"Content-Type": "application/timestamp-query"}
    asked = urllib.request.Request(url, _query(digest), headers)  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310
            token: bytes = answer.read(_MOST)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise BadInput(f"{given}: {error}", "try again, or leave out the time stamp") from error
    if not any(status in token[:16] for status in _GRANTED) or not is_stamp_of(token, digest):
        raise BadInput(f"{given}: gave no time stamp for what was sent", "ask whoever runs it")
    return token


def _query(digest: bytes) -> bytes:
    """A TimeStampReq in DER: version 1, the digest, and the wish for the service's certificate."""
    imprint = _sequence(_ALGORITHM + b"\x04\x20" + digest)
    return _sequence(b"\x02\x01\x01" + imprint + b"\x01\x01\xff")


def _sequence(content: bytes) -> bytes:
    return b"\x30" + bytes([len(content)]) + content  # always shorter than 128 bytes here
