"""核验证据包：python verify.py PACK.zip（或在解压后的文件夹内运行 python verify.py）。只用 Python 3.8 以上的标准库。

Checks an evidence pack: every byte of the ZIP, every file against manifest.json, the manifest against its signature
and time stamp, and the extract of the trail. Exit code 0: nothing was changed; 1: says what was.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import struct
import sys
import zipfile
from pathlib import Path
from typing import Any, BinaryIO, Callable, Iterator, NamedTuple, Tuple  # noqa: UP035 - 3.8

MANIFEST, SIGNATURE, STAMP, KEY, TRAIL = (
    "manifest.json",
    "manifest.sig",
    "manifest.tsr",
    "public-key.pem",
    "trail.jsonl",
)
OUTSIDE = (MANIFEST, SIGNATURE, STAMP)  # what the manifest cannot list
WORDS = {
    "file": ("不是证据包，或无法读取", "is no evidence pack, or cannot be read"),
    "end": ("ZIP 末尾被改动、追加或截断", "the end of the ZIP was changed, added to or cut off"),
    "bytes": ("ZIP 中有字节与封包时不同", "bytes of the ZIP are not those it was closed with"),
    "header": ("ZIP 条目头部不合规范", "the ZIP entry's header is not as packed"),
    "gap": ("ZIP 条目之外有字节", "there are bytes outside of the ZIP's entries"),
    "double": ("同名文件不止一个", "is there more than once"),
    "path": ("文件路径不安全", "is no safe path"),
    "changed": ("内容被改动", "was changed"),
    "missing": ("缺失", "is missing"),
    "added": ("不在清单中，属后加", "is not in the manifest: it was added"),
    "signature": ("签名与清单或公钥不符", "the signature does not fit the manifest or the key"),
    "key": ("公钥不是所给的那一个", "the public key is not the one given"),
    "stamp": ("时间戳不是对本清单作出的", "the time stamp is not of this manifest"),
    "trail": ("留痕记录被改动", "the trail's event was changed"),
    "receipt": ("留痕中没有该录音入库时的摘要", "the trail has no receipt of a recording with this digest"),
}
_PIECE = 1 << 20
_END, _SEAL = 22, 64  # bytes of a ZIP's last record, and of the digest behind it
_UNREADABLE = (zipfile.BadZipFile, OSError, EOFError, ValueError, KeyError, TypeError, IndexError, AttributeError)
_BROKEN = (*_UNREADABLE, struct.error, NotImplementedError, RuntimeError, OverflowError)


class Problem(NamedTuple):
    """What is wrong with which file, as a word of WORDS."""

    what: str
    name: str

    def line(self, language: int = 0) -> str:
        """For people: 0 Chinese, 1 English."""
        return f"{self.name}: {WORDS[self.what][language]}"


class Result(NamedTuple):
    """All that is wrong, the manifest's SHA-256, and what it says of itself."""

    problems: list[Problem]
    digest: str
    manifest: dict[str, Any]


def check(path: Path, key: bytes | None = None) -> Result:
    """Checks a pack, a ZIP or the folder that it was unpacked to; `key` is the PEM that must have signed it."""
    if path.is_dir():
        return _check_files(
            {p.relative_to(path).as_posix(): p for p in sorted(path.rglob("*")) if _is_one(p)}, _open_path, [], key
        )
    problems: list[Problem] = []
    try:
        problems += _seal(path)
        with zipfile.ZipFile(str(path)) as pack:
            problems += _structure(path, pack)
            entries = {info.filename: info for info in pack.infolist()}
            return _check_files(entries, pack.open, problems, key)
    except _BROKEN:
        return Result([*problems, Problem("file", path.name)], "", {})


def _is_one(path: Path) -> bool:
    return path.is_symlink() or not path.is_dir()


def _open_path(path: Path) -> BinaryIO:
    if path.is_symlink():
        raise OSError("a link is no file")
    return path.open("rb")


def _seal(path: Path) -> Iterator[Problem]:
    """The ZIP ends in a comment that is the SHA-256 of all bytes before."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(size - _END - _SEAL, 0))
        tail = file.read()
        if len(tail) != _END + _SEAL or tail[:4] != b"PK\5\6" or tail[_END - 2 : _END] != struct.pack("<H", _SEAL):
            yield Problem("end", path.name)
        file.seek(0)
        digest, left = hashlib.sha256(), size - _SEAL
        while left > 0:
            piece = file.read(min(_PIECE, left))
            digest.update(piece)
            left -= len(piece)
    if digest.hexdigest().encode() != tail[-_SEAL:]:
        yield Problem("bytes", path.name)


def _structure(path: Path, pack: zipfile.ZipFile) -> Iterator[Problem]:
    """Entries follow one another without a gap, plainly stored, each once, and the two headers of each agree."""
    at, seen = 0, set()
    with path.open("rb") as file:
        for info in sorted(pack.infolist(), key=lambda one: one.header_offset):
            if info.filename.casefold() in seen:
                yield Problem("double", info.filename)
            seen.add(info.filename.casefold())
            parts = info.filename.split("/")
            if set(parts) & {"", ".", ".."} or "\\" in info.filename or ":" in info.filename:
                yield Problem("path", info.filename)
            if info.header_offset != at:
                yield Problem("gap", info.filename)
            file.seek(info.header_offset)
            head = struct.unpack("<4s5H3L2H", file.read(30))
            name = file.read(head[9]).decode("utf-8" if head[2] & 0x800 else "cp437")
            plain = (info.compress_type, info.flag_bits & ~0x800, info.comment, info.date_time[:3]) == (
                0,
                0,
                b"",
                (1980, 1, 1),
            )
            same = (name, head[2], head[3], head[6]) == (info.filename, info.flag_bits, 0, info.CRC)
            if not plain or not same or info.compress_size != info.file_size:
                yield Problem("header", info.filename)
            at = info.header_offset + 30 + head[9] + head[10] + info.compress_size
    if at != pack.start_dir:
        yield Problem("gap", path.name)


def _check_files(
    entries: dict[str, Any], opened: Callable[[Any], Any], problems: list[Problem], key: bytes | None
) -> Result:
    def content(name: str) -> bytes:
        with opened(entries[name]) as file:
            return bytes(file.read())

    try:
        written = content(MANIFEST)
        manifest = json.loads(written)
        listed = {str(one["path"]): (one["sha256"], one["size"]) for one in manifest["files"]}
    except _BROKEN:
        return Result([*problems, Problem("changed" if MANIFEST in entries else "missing", MANIFEST)], "", {})
    problems = [*problems, *_files(entries, opened, listed)]
    problems += _signatures(entries, content, written, manifest, key)
    problems += _trail(entries, content, manifest, listed)
    return Result(problems, hashlib.sha256(written).hexdigest(), manifest)


def _files(
    entries: dict[str, Any], opened: Callable[[Any], Any], listed: dict[str, tuple[str, int]]
) -> Iterator[Problem]:
    for name, told in listed.items():
        if name not in entries:
            yield Problem("missing", name)
            continue
        digest, size = hashlib.sha256(), 0
        try:
            with opened(entries[name]) as file:
                for piece in iter(lambda: file.read(_PIECE), b""):
                    digest.update(piece)
                    size += len(piece)
        except _BROKEN:
            size = -1
        if (digest.hexdigest(), size) != told:
            yield Problem("changed", name)
    for name in entries:
        if name not in listed and name not in OUTSIDE:
            yield Problem("added", name)


def _signatures(
    entries: dict[str, Any],
    content: Callable[[str], bytes],
    written: bytes,
    manifest: dict[str, Any],
    key: bytes | None,
) -> Iterator[Problem]:
    for name, said in ((SIGNATURE, manifest.get("signed")), (STAMP, manifest.get("timestamped"))):
        if bool(said) != (name in entries):
            yield Problem("missing" if said else "added", name)
    if key is not None and (KEY not in entries or _der(content(KEY)) != _der(key)):
        yield Problem("key", KEY)
    try:
        if SIGNATURE in entries and not signed(_der(content(KEY)), content(SIGNATURE), written):
            yield Problem("signature", SIGNATURE)
        if STAMP in entries and not is_stamp_of(content(STAMP), hashlib.sha256(written).digest()):
            yield Problem("stamp", STAMP)
    except _BROKEN:
        yield Problem("signature", SIGNATURE)


def _trail(
    entries: dict[str, Any],
    content: Callable[[str], bytes],
    manifest: dict[str, Any],
    listed: dict[str, tuple[str, int]],
) -> Iterator[Problem]:
    """Each event's own hash, the link between neighbours, the head, and the receipts of the recordings."""
    received, before = set(), (0, "0" * 64)
    try:
        for line in content(TRAIL).splitlines() if TRAIL in entries else ():
            event = json.loads(line)
            told = event.pop("hash")
            plain = json.dumps(event, ensure_ascii=False, sort_keys=True)
            linked = event["seq"] != before[0] + 1 or event["prev_hash"] == before[1]
            if hashlib.sha256(plain.encode()).hexdigest() != told or not linked:
                yield Problem("trail", f"{TRAIL} {event['seq']}")
            before = (event["seq"], told)
            if event["action"] == "recording.received":
                received.add(event["body"]["sha256"])
        if before != (manifest["trail"]["seq"], manifest["trail"]["hash"]):
            yield Problem("trail", f"{TRAIL} {manifest['trail']['seq']}")
    except _BROKEN:
        yield Problem("trail", TRAIL)
    for name, (sha256, _) in listed.items():
        if name.startswith("originals/") and sha256 not in received:
            yield Problem("receipt", name)


def is_stamp_of(token: bytes, digest: bytes) -> bool:
    """Whether an RFC 3161 token is over that SHA-256. Its own signature is for `openssl ts -verify` to check."""
    sha256 = b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01"
    return any(b"\x30" + bytes([len(a)]) + a + b"\x04\x20" + digest in token for a in (sha256, sha256 + b"\x05\x00"))


def signed(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a public key (DER) signed the message: Ed25519, or RSA (PKCS #1 v1.5 with SHA-256)."""
    if key[:12] == bytes.fromhex("302a300506032b6570032100"):
        return _ed25519(key[12:], signature, message)
    ((_, bits),) = [part for part in _parts(_parts(key)[0][1]) if part[0] == 3]
    (_, n), (_, e) = _parts(_parts(bits[1:])[0][1])
    modulus, size = int.from_bytes(n, "big"), (int.from_bytes(n, "big").bit_length() + 7) // 8
    told = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(message).digest()
    padded = b"\0\1" + b"\xff" * (size - len(told) - 3) + b"\0" + told
    return (
        len(signature) == size
        and pow(int.from_bytes(signature, "big"), int.from_bytes(e, "big"), modulus).to_bytes(size, "big") == padded
    )


def _der(pem: bytes) -> bytes:
    return base64.b64decode(b"".join(line for line in pem.splitlines() if not line.startswith(b"-----")))


def _parts(data: bytes) -> list[tuple[int, bytes]]:
    """The parts of a DER value: tag and content."""
    found, at = [], 0
    while at < len(data):
        length, head = data[at + 1], 2
        if length & 0x80:
            head += length & 0x7F
            length = int.from_bytes(data[at + 2 : at + head], "big")
        found.append((data[at], data[at + head : at + head + length]))
        at += head + length
    return found


_P, _Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # of RFC 8032
_D = -121665 * pow(121666, _P - 2, _P) % _P
_Point = Tuple[int, int, int, int]  # noqa: UP006


def _ed25519(key: bytes, signature: bytes, message: bytes) -> bool:
    a, r, s = _point(key), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % _Q
    one, other = _times(s, _point(bytes([0x58] + [0x66] * 31))), _added(r, _times(h, a))
    same = (one[0] * other[2] - other[0] * one[2]) % _P == 0 == (one[1] * other[2] - other[1] * one[2]) % _P
    return len(signature) == 64 and s < _Q and same


def _added(a: _Point, b: _Point) -> _Point:
    x, y = (a[1] - a[0]) * (b[1] - b[0]) % _P, (a[1] + a[0]) * (b[1] + b[0]) % _P
    t, z = 2 * a[3] * b[3] * _D % _P, 2 * a[2] * b[2] % _P
    e, f, g, h = y - x, z - t, z + t, y + x
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(n: int, point: _Point) -> _Point:
    found = (0, 1, 1, 0)
    while n:
        found, point, n = _added(found, point) if n & 1 else found, _added(point, point), n >> 1
    return found


def _point(data: bytes) -> _Point:
    """Decompressed. Raises ValueError for what is no point."""
    number = int.from_bytes(data, "little")
    y, sign = number & (2**255 - 1), number >> 255
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    x = x if (x * x - square) % _P == 0 else x * pow(2, (_P - 1) // 4, _P) % _P
    if y >= _P or (x * x - square) % _P:
        raise ValueError("no point of the curve")
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


def main() -> int:
    """For people: says what is wrong, or that nothing is."""
    asked = argparse.ArgumentParser(description="核验证据包 / checks an evidence pack")
    asked.add_argument("pack", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    asked.add_argument("--key", type=Path, help="机构公布的公钥（PEM）/ the PEM that must have signed it")
    given = asked.parse_args()
    found = check(given.pack, given.key.read_bytes() if given.key else None)
    for problem in found.problems:
        print("否 / NO:", problem.line(0), "/", problem.line(1))
    print("清单 SHA-256 / manifest:", found.digest or "-")
    if not found.problems:
        print("核验通过：", len(found.manifest["files"]), "个文件均未改动 / nothing was changed")
        print("签名 / signature:", found.manifest.get("signed") or "无，请将清单 SHA-256 与出具机构核对 / none")
    return 1 if found.problems else 0


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main())
