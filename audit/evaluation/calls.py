"""How right the whole chain is on recordings whose truth is known: words, and findings by turn."""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from rapidfuzz.distance import Levenshtein

from audit.calls.models import Call, Direction
from audit.findings.judge import turns_of
from audit.transcripts.engine import Engine
from audit.transcripts.listen import Transcription, transcribe
from audit.transcripts.service import to_segment
from classifiers import Classifier
from classifiers.errors import BadInput, first_mistake
from classifiers.evaluate import Labelled
from classifiers.folding import simplified
from classifiers.taxonomy import Kind, Speaker

_NUMERALS = str.maketrans("零〇一幺二两三四五六七八九", "0011223456789")
MARKS = re.compile(r"[^\w]|_")
PARTIES = ("collector", "other")


class TrueTurn(BaseModel):
    """Who said what, when (seconds), and what it is labelled with."""

    speaker: Speaker
    start: float
    end: float
    text: str
    labels: frozenset[Kind]


class Truth(BaseModel):
    """The truth of a recording: `call_labels` hold for the call as a whole."""

    id: str
    callee_relation: str
    direction: Direction
    call_labels: frozenset[Kind]
    turns: list[TrueTurn] = Field(min_length=1)


@dataclass(frozen=True)
class CallResult:
    """One recording's outcome: (wrong characters, characters) by party, and labels against findings by turn."""

    call_id: str
    errors: dict[str, tuple[int, int]]
    lines: list[Labelled]

    def as_json(self) -> dict[str, Any]:
        """Error rates by party, and the kinds found, missed and wrongly found, once a turn."""
        return {
            "call_id": self.call_id,
            "cer": {party: round(wrong / max(of, 1), 4) for party, (wrong, of) in self.errors.items()},
            "found": sorted(kind for wanted, found in self.lines for kind in wanted & found),
            "missed": sorted(kind for wanted, found in self.lines for kind in wanted - found),
            "extra": sorted(kind for wanted, found in self.lines for kind in found - wanted),
        }


def evaluate_call(path: Path, engine: Engine, classifier: Classifier) -> CallResult:
    """Transcribes and judges the recording NAME.wav beside NAME.truth.json. Raises BadInput when one cannot be used."""
    try:
        truth = Truth.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "give a file that can be read") from error
    except ValidationError as error:
        raise BadInput(f"{path}: {first_mistake(error)}", "see docs/accuracy.md") from error
    heard = transcribe(path.with_name(path.name.replace(".truth.json", ".wav")), engine)
    return CallResult(truth.id, _character_errors(truth, heard), _by_turn(truth, heard, classifier))


def error_rate(results: list[CallResult]) -> float:
    """The character error rate over all parties of all recordings."""
    errors = [pair for result in results for pair in result.errors.values()]
    return sum(wrong for wrong, _ in errors) / max(sum(of for _, of in errors), 1)


def _by_turn(truth: Truth, heard: Transcription, classifier: Classifier) -> list[Labelled]:
    """Each true turn with its labels and the kinds found in it; the call as a whole is one more."""
    call = Call(source="truth", call_id=truth.id, relation=truth.callee_relation, direction=truth.direction)
    segments = [to_segment(0, n, spoken) for n, spoken in enumerate(heard.segments)]
    found: dict[int, set[Kind]] = defaultdict(set)
    whole: set[Kind] = set()
    for segment, judgement in zip(segments, classifier.judge(list(turns_of(call, segments))), strict=True):
        for detection in judgement.findings:
            if detection.kind is Kind.identity_omission:
                whole.add(detection.kind)
            else:
                at = (segment.at_ms(detection.start) + segment.until_ms(detection.end - 1)) / 2000
                found[_nearest(truth, segment.speaker == Speaker.collector, at)].add(detection.kind)
    lines = [(turn.labels, frozenset(found[n])) for n, turn in enumerate(truth.turns)]
    return [*lines, (truth.call_labels, frozenset(whole))]


def _nearest(truth: Truth, collector: bool, at: float) -> int:
    """The turn of that side whose time is nearest."""
    side = [n for n, turn in enumerate(truth.turns) if (turn.speaker == Speaker.collector) == collector]
    return min(
        side or range(len(truth.turns)), key=lambda n: max(truth.turns[n].start - at, at - truth.turns[n].end, 0.0)
    )


def _character_errors(truth: Truth, heard: Transcription) -> dict[str, tuple[int, int]]:
    errors = {}
    for party in PARTIES:
        said = plain("".join(t.text for t in truth.turns if _is(t.speaker, party)))
        text = plain("".join(s.text for s in heard.segments if _is(s.speaker, party)))
        errors[party] = (Levenshtein.distance(said, text), len(said))
    return errors


def _is(speaker: Speaker, party: str) -> bool:
    return (speaker == Speaker.collector) == (party == "collector")


def plain(text: str) -> str:
    """Without punctuation and case, in simplified characters, numerals and digits alike."""
    return MARKS.sub("", simplified(text).translate(_NUMERALS)).lower()
