"""WhisperX as a peer: installed into a throw-away environment, since its pins are not ours."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np

from audit.calls.decoding import RATE
from audit.evaluation.peers import Heard, Piece, Session, channels, parties
from audit.settings import settings
from audit.transcripts.weights import locate

_SCRIPT = Path(__file__).with_name("whisperx_program.py")
_LONGEST_REASON = 150  # characters


class Environment(NamedTuple):
    """Its interpreter, or why there is none."""

    python: Path
    failed: str


@contextmanager
def environment() -> Iterator[Environment]:
    """Installs WhisperX from the package registry, some gigabytes, into a folder that goes in the end."""
    with TemporaryDirectory(prefix="shengjian-whisperx-") as folder:
        python = Path(folder) / "bin" / "python"
        failed = _tried([sys.executable, "-m", "venv", folder])
        yield Environment(python, failed or _tried([str(python), "-m", "pip", "install", "--quiet", "whisperx"]))


def listen(installed: Environment, model: str, recordings: Sequence[Path]) -> Session:
    """What WhisperX hears, with the detector of speech that it brings and without aligning words; or why not."""
    if installed.failed:
        return Session(failed=installed.failed)
    with TemporaryDirectory(prefix="shengjian-") as folder:
        calls = [_laid_out(path, Path(folder) / str(n)) for n, path in enumerate(recordings)]
        order = {"model": str(Path(locate(model)).resolve()), "threads": _threads(), "calls": calls}
        (Path(folder) / "order.json").write_text(json.dumps(order), encoding="utf-8")
        failed = _tried([str(installed.python), "-P", str(_SCRIPT), folder])
        if failed:
            return Session(failed=failed)
        told = json.loads((Path(folder) / "heard.json").read_text(encoding="utf-8"))
    heard = [_heard(call, took) for call, took in zip(calls, told["calls"], strict=True)]
    return Session(told["load"], told["peak"], heard)


def _threads() -> int:
    return settings().threads or os.cpu_count() or 1


def _laid_out(path: Path, target: Path) -> dict[str, Any]:
    """The channels as files of samples, for its own loader calls a program that need not be there."""
    parted, samples = channels(path)
    files = [f"{target}-{n}.npy" for n in range(len(samples))]
    for file, channel in zip(files, samples, strict=True):
        np.save(file, channel)
    return {"files": files, "parted": parted, "length": samples.shape[1] / RATE}


def _heard(call: dict[str, Any], told: dict[str, Any]) -> Heard:
    pieces = [
        Piece(party, *phrase)
        for party, phrases in zip(parties(call["parted"]), told["phrases"], strict=True)
        for phrase in phrases
    ]
    return Heard(call["length"], told["took"], call["parted"], pieces)


def _tried(command: Sequence[str]) -> str:
    """Runs a command and gives the last line of its complaint, or nothing if all went well."""
    hidden = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=hidden)  # noqa: S603 - ours alone
    if ran.returncode == 0:
        return ""
    lines = ran.stderr.strip().splitlines() or [f"ended with code {ran.returncode}"]
    return lines[-1][:_LONGEST_REASON]
