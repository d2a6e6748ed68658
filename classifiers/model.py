"""The statistical classifier in service: 8-bit weights on ONNX Runtime, no network, one loaded copy a process.

It reads what `classifiers.reading` puts before it and gives for each kind a calibrated probability, and the words in
which it saw it. `classifiers.training` makes its folder: model.onnx, tokenizer.json and card.json.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from classifiers.errors import MissingModel
from classifiers.folding import Span, fold
from classifiers.fusion import Fusion
from classifiers.reading import Reader, Said, Window
from classifiers.taxonomy import Audience, Kind, Speaker

SHIPPED = Path(__file__).parent / "weights"
_FILES = ("model.onnx", "tokenizer.json", "card.json")
_BATCH = 32
_CLAUSE_ENDS = "，。！？；：\n"

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Opinion:
    """What the model holds of one line: per kind the probability, the words it was seen in, and what changed it."""

    chances: dict[Kind, float] = field(default_factory=dict)
    places: dict[Kind, Span] = field(default_factory=dict)
    notes: dict[Kind, str] = field(default_factory=dict)
    embedding: Floats | None = None


class Model:
    """Weights ready to judge. Raises MissingModel naming the file that is not there or does not load."""

    def __init__(self, folder: Path = SHIPPED, threads: int = 0) -> None:
        for name in _FILES:
            if not (folder / name).is_file():
                raise MissingModel(f"{folder / name} is missing", "give a folder made by shengjian train")
        self._folder = folder
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        try:
            self.card: dict[str, Any] = json.loads((folder / "card.json").read_text(encoding="utf-8"))
            self._reader = Reader(folder / "tokenizer.json")
            self._session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options)
            self._labels = [Kind(label) if label in set(Kind) else label for label in self.card["labels"]]
            self._slope, self._offset = (
                np.array(row, np.float32) for row in zip(*self.card["calibration"], strict=True)
            )
            self._centre = np.array(self.card["centre"], np.float32)
            self.fusion = _fusion(self.card["fusion"])
        except Exception as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise MissingModel(f"{folder} does not load ({reason})", "restore the folder, or train it anew") from error

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the files that decide what the model says."""
        total = hashlib.sha256()
        for name in _FILES:
            total.update((self._folder / name).read_bytes())
        return total.hexdigest()

    def opinions(self, lines: Sequence[Said]) -> list[Opinion]:
        """One opinion a line, in order; an empty line has none. What is said twice is read once."""
        distinct = list(dict.fromkeys(lines))
        known = dict(zip(distinct, self._read(distinct), strict=True))
        return [known[line] for line in lines]

    def _read(self, lines: Sequence[Said]) -> list[Opinion]:
        read = sorted(self._reader.windows(lines), key=lambda w: len(w.ids))
        judged = [pair for n in range(0, len(read), _BATCH) for pair in self._judge(read[n : n + _BATCH])]
        opinions = [Opinion() for _ in lines]
        for n, group in groupby(sorted(judged, key=lambda pair: pair[0].line), key=lambda pair: pair[0].line):
            opinions[n] = self._opinion(lines[n].text, list(group))
        return opinions

    def embeddings(self, sentences: Sequence[str]) -> dict[str, Floats]:
        """The centred embeddings of sentences as a collector would say them to a debtor."""
        said = [Said(fold(text).text, Speaker.collector, Audience.debtor) for text in sentences]
        pairs = zip(sentences, self.opinions(said), strict=True)
        return {text: opinion.embedding for text, opinion in pairs if opinion.embedding is not None}

    def _judge(self, batch: list[Window]) -> Iterator[tuple[Window, tuple[Floats, Floats, Floats]]]:
        logits, focus, embeddings = self._session.run(None, self._reader.arrays(batch))
        chances = 1 / (1 + np.exp(-(logits * self._slope + self._offset)))
        for window, *outputs in zip(batch, chances, focus, embeddings, strict=True):
            yield (
                window,
                (outputs[0], outputs[1][window.first : window.first + len(window.spans)], outputs[2] - self._centre),
            )

    def _opinion(self, text: str, judged: list[tuple[Window, tuple[Floats, Floats, Floats]]]) -> Opinion:
        opinion = Opinion(embedding=judged[0][1][2])
        for window, (chances, focus, _) in judged:
            for column, kind in enumerate(self._labels):
                if isinstance(kind, Kind) and chances[column] > opinion.chances.get(kind, -1.0):
                    opinion.chances[kind] = float(chances[column])
                    opinion.places[kind] = _clause(text, window.spans, focus[:, column])
        return opinion


def _fusion(card: dict[str, Any]) -> Fusion:
    thresholds = {Kind(kind): value for kind, value in card["thresholds"].items()}
    return Fusion(card["chance"], card["words"], card["bias"], thresholds)


@lru_cache(maxsize=2)
def load_model(folder: Path = SHIPPED) -> Model:
    """The model of that folder, loaded once a process."""
    return Model(folder)


def _clause(text: str, spans: list[Span], focus: Floats) -> Span:
    """The clause of the text on which most attention lies."""
    weights: dict[Span, float] = {}
    for span, weight in zip(spans, focus, strict=True):
        clause = _clause_around(text, (span.start + span.end - 1) // 2)
        if not text[clause.start : clause.end]:
            continue
        weights[clause] = weights.get(clause, 0.0) + float(weight)
    return max(weights, key=lambda clause: weights[clause], default=Span(0, len(text)))


def _clause_around(text: str, at: int) -> Span:
    start = max((text.rfind(mark, 0, at) for mark in _CLAUSE_ENDS), default=-1) + 1
    ends = [end for end in (text.find(mark, at) for mark in _CLAUSE_ENDS) if end >= 0]
    return Span(start, min(ends, default=len(text)))
