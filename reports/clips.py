"""The sound of findings, cut out of recordings as MP3 inside an address."""

import base64
import io
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np

from audit.calls.decoding import RATE, Samples, windows
from audit.calls.models import Recording
from audit.findings.models import Finding
from audit.store import blobs
from classifiers.errors import BadInput, BadWorkspace

LEAD, TAIL = 1.0, 0.8  # seconds of a clip before and after the words
_BITS = 24_000  # a second


def clips(recording: Recording, findings: Sequence[Finding]) -> list[str | None]:
    """The sound of each finding as a data address; None where the recording is no longer to be had."""
    try:
        with blobs.local(recording.blob) as path:
            return [_data_address(samples) for samples in _cut(path, [_around(finding) for finding in findings])]
    except (BadInput, BadWorkspace, OSError):
        return [None] * len(findings)


def _around(finding: Finding) -> tuple[float, float]:
    at_ms, until_ms = finding.at_ms or 0, finding.until_ms or 0
    return max(at_ms / 1000 - LEAD, 0.0), until_ms / 1000 + TAIL


def _cut(path: Path, spans: list[tuple[float, float]]) -> list[Samples]:
    """The sound of each span (seconds), both parties together, in one pass over the recording."""
    pieces: list[list[Samples]] = [[] for _ in spans]
    for window in windows(path) if spans else ():
        mixed = window.samples.mean(axis=0)
        for taken, (start, end) in zip(pieces, spans, strict=True):
            first, last = (max(round((at - window.start) * RATE), 0) for at in (start, end))
            taken.append(mixed[first:last])
    return [np.concatenate(taken) for taken in pieces]


def _data_address(samples: Samples) -> str:
    return "data:audio/mpeg;base64," + base64.b64encode(mp3(samples)).decode()


def mp3(samples: Samples) -> bytes:
    """One channel of sound as MP3, which every browser plays."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp3") as container:
        stream = container.add_stream("mp3", rate=RATE, layout="mono")
        stream.bit_rate = _BITS
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1).astype(np.float32), format="fltp", layout="mono")
        frame.sample_rate = RATE
        container.mux([*stream.encode(frame), *stream.encode(None)])
    return buffer.getvalue()
