"""Versions of a pack, frozen: `published.json` in its folder holds the digest of each version that was published."""

import json
import re
from pathlib import Path

from classifiers.errors import BadPack
from classifiers.rules import RulePack

_FILE = "published.json"
_PLAIN = re.compile(r"[0-9A-Za-z.-]+")
_VERSION = re.compile(r"^version:.*$", re.MULTILINE)


def check_published(pack: RulePack, folder: Path) -> None:
    """Raises BadPack when the pack was changed since its version was published."""
    if _versions(folder).get(pack.version, pack.digest) != pack.digest:
        problem = f"pack {pack.name} was changed since version {pack.version} was published"
        raise BadPack(problem, "run shengjian rules publish with a new version")


def set_version(folder: Path, version: str) -> None:
    """Writes the version into pack.yaml. Raises BadPack when it was published before."""
    if not _PLAIN.fullmatch(version):
        raise BadPack(f"{version!r} is no version", "use digits, letters, dots and dashes, such as 2026.12")
    if version in _versions(folder):
        raise BadPack(f"version {version} is published already", "give a new version")
    path = folder / "pack.yaml"
    path.write_text(_VERSION.sub(f'version: "{version}"', path.read_text(encoding="utf-8"), count=1), encoding="utf-8")


def publish(pack: RulePack, folder: Path) -> None:
    """Freezes the pack under its version."""
    versions = {**_versions(folder), pack.version: pack.digest}
    (folder / _FILE).write_text(json.dumps(versions, indent=1) + "\n", encoding="utf-8")


def _versions(folder: Path) -> dict[str, str]:
    path = folder / _FILE
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}
    except ValueError as error:
        raise BadPack(f"{path}: no JSON ({error})", "restore the file") from error
