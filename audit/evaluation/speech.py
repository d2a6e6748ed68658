"""The speech benchmark: how fast and how right we and others hear recordings, and we worse ones."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import ValidationError

from audit.evaluation import whisperx
from audit.evaluation.calls import Truth
from audit.evaluation.hearing import Recording, Score, score
from audit.evaluation.peers import Session, Way, listen
from audit.evaluation.variants import Variant, vary
from classifiers import Classifier
from classifiers.errors import BadInput, first_mistake

PEERS = (Way.openai, Way.sequential, Way.batched, Way.batched_int8)
Progress = Callable[[Sequence[Any]], Iterator[Any]]
"""Goes through things to do and shows how far it is."""


@dataclass
class Row:
    """One way with one model: a session for each round, and what it heard against the truth."""

    way: Way
    model: str
    sessions: list[Session] = field(default_factory=list)
    score: Score = field(default_factory=Score)

    @property
    def failed(self) -> str:
        """Why it could not be timed, or nothing."""
        return next((session.failed for session in self.sessions if session.failed), "")

    @property
    def took(self) -> float:
        """The median of its rounds, in seconds."""
        return median(session.took for session in self.sessions)

    @property
    def hours_an_hour(self) -> float:
        """Hours of recording heard in an hour; a recording's length counts once, however many channels it has."""
        return sum(one.length for one in self.sessions[0].heard) / self.took

    def as_json(self, first: "Row") -> dict[str, Any]:
        """The measures by name; `times_first` compares the speed with the first row's."""
        told: dict[str, Any] = {"way": str(self.way), "model": self.model}
        if self.failed:
            return {**told, "failed": self.failed}
        told |= {
            "hours_an_hour": round(self.hours_an_hour, 2),
            "seconds": [round(session.took, 2) for session in self.sessions],
            "load_seconds": round(median(session.load for session in self.sessions), 2),
            "peak_mib": max(session.peak for session in self.sessions),
        }
        if not first.failed:
            told[f"times_{first.way}"] = round(first.took / self.took, 2)
        return {**told, **self.score.as_json()}


def recordings_in(folder: Path, most: int | None = None) -> list[Recording]:
    """The NAME.wav of a folder, each with NAME.truth.json where there is one. Raises BadInput when there are none."""
    paths = sorted(folder.glob("*.wav"))[:most]
    if not paths:
        raise BadInput(f"{folder}: no *.wav in it", "give a folder of recordings")
    return [Recording(path, _truth(path.with_suffix(".truth.json"))) for path in paths]


def race(  # noqa: PLR0917
    recordings: Sequence[Recording],
    models: Sequence[str],
    others: Sequence[Way],
    rounds: int,
    classifier: Classifier,
    progress: Progress = iter,
) -> list[Row]:
    """Times the others with the first model and us with each, one after another, all of them in every round.

    Raises Refused when we cannot hear the recordings; of WhisperX, the row says so.
    """
    paths = [recording.path for recording in recordings]
    rows = [Row(way, models[0]) for way in others] + [Row(Way.ours, model) for model in models]
    with ExitStack() as stack:
        installed = stack.enter_context(whisperx.environment()) if Way.whisperx in others else None
        for row in progress(rows * rounds):
            if installed and row.way is Way.whisperx:
                row.sessions.append(whisperx.listen(installed, row.model, paths))
            else:
                row.sessions.append(listen(row.way, row.model, paths))
    for row in rows:
        if not row.failed:
            row.score = score(recordings, row.sessions[0].heard, classifier, words=row.way is Way.ours)
    return rows


def worsened(
    recordings: Sequence[Recording], model: str, classifier: Classifier, progress: Progress = iter
) -> Iterator[tuple[Variant, Score]]:
    """What we hear in each variant of the recordings whose truth is known. Raises BadInput when there is none."""
    known = [recording for recording in recordings if recording.truth]
    if not known:
        raise BadInput("no recording here has its NAME.truth.json", "give a folder of calls with truth")
    for variant in progress(list(Variant)):
        with TemporaryDirectory(prefix="shengjian-") as folder:
            session = listen(Way.ours, model, [vary(path, variant, Path(folder)) for path, _ in known])
        yield variant, score(known, session.heard, classifier, words=True)


def _truth(path: Path) -> Truth | None:
    if not path.exists():
        return None
    try:
        return Truth.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise BadInput(f"{path}: {first_mistake(error)}", "see docs/accuracy.md") from error
