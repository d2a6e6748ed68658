"""What a transcript is worth: the figures measured, and the reasons why nothing can be judged by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from audit.calls.decoding import RATE, Damage, Samples
from audit.transcripts.speech import Stretch

_LIMITS = Path(__file__).with_name("quality.yaml")
_FRAME = RATE // 50
_QUIET = 10  # per cent of the frames, by power, that hold the noise
_AT_FULL = 0.98  # of the peak
_LOUD = 0.5  # of the peak


class Loudness:
    """How loud and clear the speech on a channel is, gathered window by window."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._energy = self._noise = 0.0
        self._spoken = self._heard = 0
        self._full = self._loud = 0

    def add(self, samples: Samples, speech: Sequence[Stretch]) -> None:
        """Takes a window of the channel (mono, 16 kHz) in, with where somebody speaks."""
        spoken = [samples[start:end] for start, end in speech]
        self._spoken += sum(map(len, spoken))
        self.seconds = self._spoken / RATE
        self._energy += sum(float(np.square(part).sum(dtype=np.float64)) for part in spoken)
        self._noise += _noise(samples) * len(samples)
        self._heard += len(samples)
        for part in spoken:
            level = np.abs(part) / max(float(np.abs(part).max()), 1e-9)
            self._full += int((level >= _AT_FULL).sum())
            self._loud += int((level >= _LOUD).sum())

    def as_json(self) -> dict[str, float]:
        """Level of the speech (dB of full scale), how far it is above the noise (dB), and the share that is clipped."""
        if not self._spoken:
            return {}
        speech, noise = self._energy / self._spoken, self._noise / self._heard
        return {
            "level_dbfs": round(10 * float(np.log10(max(speech, 1e-12))), 1),
            "snr_db": round(10 * float(np.log10(max(speech - noise, 1e-12) / max(noise, 1e-12))), 1),
            "clipping": round(self._full / max(self._loud, 1), 4),
        }


def _noise(samples: Samples) -> float:
    """The mean power of the quietest frames."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    power = np.square(frames).mean(axis=1)
    return float(np.percentile(power, _QUIET)) if len(power) else 0.0


@dataclass
class Quality:
    """The figures by party, seconds of speech, mean confidence (0 to 1), what was told of the parties, and damage."""

    speech: Mapping[str, float]
    confidence: float
    parties: dict[str, Any]
    figures: Mapping[str, Mapping[str, float]]
    damage: tuple[Damage, ...] = ()
    reasons: list[str] = field(default_factory=list)

    def judge_by(self, heard: bool) -> None:
        """Adds the reasons that the figures give; `heard` is whether there are any words."""
        self.reasons += ["damaged"] * bool(self.damage)
        if not heard:
            self.reasons.append("no_speech")
            return
        figures, limit = self.figures.get("collector") or self.figures.get("all", {}), limits()
        told = {
            "collector_not_heard": self.speech.get("collector", limit["speech_seconds"]) < limit["speech_seconds"],
            "low_confidence": self.confidence < limit["confidence"],
            "too_noisy": figures.get("snr_db", limit["snr_db"]) < limit["snr_db"],
            "clipped": figures.get("clipping", 0.0) > limit["clipping"],
        }
        self.reasons += [reason for reason, holds in told.items() if holds]

    def as_json(self) -> dict[str, Any]:
        """The shape of the interface's contract; `reasons` say why a person must listen instead."""
        return {
            "not_judgeable": bool(self.reasons),
            "reasons": self.reasons,
            "speech_seconds": self.speech,
            "confidence": self.confidence,
            "figures": self.figures,
            "parties": self.parties,
            "damage": [lost._asdict() for lost in self.damage],
        }


@lru_cache(maxsize=1)
def limits() -> dict[str, float]:
    """The limits of `quality.yaml` by name."""
    return dict(yaml.safe_load(_LIMITS.read_text(encoding="utf-8"))["limits"])
