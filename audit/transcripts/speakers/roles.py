"""Which voice or channel is the collector's, by what each says. The cues and their weights are in `roles.yaml`."""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from classifiers.errors import BadInput, first_mistake
from classifiers.folding import fold
from classifiers.patterns import Patterns, Sounds, Terms, check_pattern

CUES = Path(__file__).parent / "roles.yaml"
SURE = 0.7
"""Confidence below which a person must say who the collector is."""

_MOST = 3  # utterances with the same cue that count
_ENOUGH = 40  # characters said in all, below which confidence is less


class Reason(NamedTuple):
    """A cue for or against: who gave it, its name in `roles.yaml`, and by how much it makes them the collector."""

    speaker: int
    cue: str
    weight: float


class Roles(NamedTuple):
    """Who the collector is, how sure that is (0 to 1), and why, the weightiest reason first."""

    collector: int
    confidence: float
    reasons: tuple[Reason, ...]

    @property
    def unsure(self) -> bool:
        """Whether a person must say."""
        return self.confidence < SURE


class _Cue(BaseModel):
    model_config = ConfigDict(extra="forbid")
    weight: float = Field(gt=0)
    terms: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()

    @field_validator("patterns")
    @classmethod
    def _compile(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            if problem := check_pattern(pattern):
                raise ValueError(f"{pattern}: {problem}")
        return patterns


class _Talk(BaseModel):
    model_config = ConfigDict(extra="forbid")
    speaks_first: float
    speaks_more: float


class _Cues(BaseModel):
    model_config = ConfigDict(extra="forbid")
    collector: dict[str, _Cue]
    other: dict[str, _Cue]
    talk: _Talk

    def signed(self) -> dict[str, tuple[float, _Cue]]:
        """Each cue by name with its weight: above zero for the collector, below for the other party."""
        mine = {name: (cue.weight, cue) for name, cue in self.collector.items()}
        return mine | {name: (-cue.weight, cue) for name, cue in self.other.items()}


def decide(texts: Mapping[int, Sequence[str]], first: int | None = None, cues: Path = CUES) -> Roles:
    """Who of the speakers (one at least) is the collector, by the utterances of each; `first` is who spoke first.

    Of a single speaker it says how likely that is the collector. Raises BadInput for a mistaken file of cues.
    """
    listener = _listener(cues)
    reasons = [reason for who, said in texts.items() for reason in listener.reasons(who, said)]
    reasons += _by_talk(texts, first, listener.talk)
    scores = {who: sum(reason.weight for reason in reasons if reason.speaker == who) for who in texts}
    collector, *others = sorted(scores, key=lambda who: -scores[who])
    margin = scores[collector] - (scores[others[0]] if others else 0.0)
    said = sum(len(text) for each in texts.values() for text in each)
    sure = 0.5 + (1 / (1 + math.exp(-margin / 2)) - 0.5) * min(1.0, said / _ENOUGH)
    return Roles(collector, round(sure, 2), tuple(sorted(reasons, key=lambda reason: -abs(reason.weight))))


def _by_talk(texts: Mapping[int, Sequence[str]], first: int | None, talk: _Talk) -> Iterator[Reason]:
    if len(texts) < 2:
        return
    if first is not None:
        yield Reason(first, "speaks_first", talk.speaks_first)
    said = {who: sum(map(len, each)) for who, each in texts.items()}
    most = max(said, key=lambda who: said[who])
    if list(said.values()).count(said[most]) == 1:
        yield Reason(most, "speaks_more", talk.speaks_more)


class _Listener:
    """The cues compiled, and how to hear them."""

    def __init__(self, cues: _Cues) -> None:
        self.talk = cues.talk
        self._cues = cues.signed()
        terms = [term for _, cue in self._cues.values() for term in cue.terms]
        patterns = [pattern for _, cue in self._cues.values() for pattern in cue.patterns]
        self._matchers = (Terms(terms), Sounds(terms), Patterns(patterns))

    def reasons(self, who: int, said: Sequence[str]) -> Iterator[Reason]:
        """What the utterances of one speaker say of their role."""
        found = [self._words(text) for text in said]
        for name, (weight, cue) in self._cues.items():
            times = sum(not words.isdisjoint((*cue.terms, *cue.patterns)) for words in found)
            if times:
                yield Reason(who, name, weight * min(times, _MOST))

    def _words(self, text: str) -> set[str]:
        folded = fold(text).text
        return {words for matcher in self._matchers for words in matcher.find(folded)}


@lru_cache(maxsize=4)
def _listener(path: Path) -> _Listener:
    try:
        return _Listener(_Cues.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "put the file of cues there") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: {' '.join(str(error).split())}", "mend the YAML") from error
    except ValidationError as error:
        raise BadInput(f"{path}: {first_mistake(error)}", "see the head of the file as shipped") from error
