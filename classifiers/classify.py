"""Runs a rule pack, and the model if there is one, over lines: what was found in each and why."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import groupby
from pathlib import Path

from classifiers.conditions import standing
from classifiers.context import Line, lines_of
from classifiers.cues import Cue, cues_of
from classifiers.detection import Detection
from classifiers.fusion import Fusion
from classifiers.hits import Finder, Hit
from classifiers.identification import identified
from classifiers.model import SHIPPED, Model, load_model
from classifiers.rules import RulePack
from classifiers.sentences import opinions
from classifiers.talk import aggravate, pile_up
from classifiers.turns import Turn
from classifiers.vocabulary import Vocabulary
from classifiers.weighing import Weigher

_AT_ONCE = 512  # lines that the model is asked about together


@dataclass(frozen=True)
class Judgement:
    """What was found in one line: `findings` count, `suggestions` are weak cues for a person to look at."""

    id: str
    findings: list[Detection] = field(default_factory=list)
    suggestions: list[Detection] = field(default_factory=list)


class Using(StrEnum):
    """Who judges: the rules, the model, or both together."""

    rules = "rules"
    model = "model"
    both = "both"


class Classifier:
    """A pack made ready to judge, with or without a model. `lang` is the language of the reasons (zh or en)."""

    def __init__(self, pack: RulePack, model: Model | None = None, lang: str = "zh") -> None:
        self.pack = pack
        self.model = model
        self._vocabulary = Vocabulary(pack)
        self._finder = Finder(pack, self._vocabulary, model)
        self._weigher = Weigher(pack, model.fusion if model else Fusion(), lang)

    @property
    def model_digest(self) -> str:
        """SHA-256 of the model, empty where the rules judge alone."""
        return self.model.digest if self.model else ""

    @classmethod
    def using(cls, using: Using, pack: RulePack, model: Path = SHIPPED, lang: str = "zh") -> "Classifier":
        """The classifier in which those judge; alone, the model speaks by the rules that ask for its opinion."""
        if using is Using.rules:
            return cls(pack, lang=lang)
        asking = tuple(rule for rule in pack.rules if any(detector.label for detector in rule.detect))
        judging = pack.model_copy(update={"rules": asking}) if using is Using.model else pack
        return cls(judging, load_model(model), lang)

    def judge(self, turns: Iterable[Turn], day: date | None = None) -> list[Judgement]:
        """One judgement a line, in order, by the rules of that day (today's without one)."""
        return list(self.stream(turns, day))

    def cues(self, turns: Sequence[Turn]) -> list[Cue]:
        """What the lines of one talk show about the contact itself: at most one of each kind of cue a line."""
        return cues_of(turns, self._vocabulary)

    def stream(self, turns: Iterable[Turn], day: date | None = None) -> Iterator[Judgement]:
        """The same line by line, holding no more than some conversations at a time.

        Lines of one conversation standing together are judged together.
        """
        for talks in _batches(_talks(turns)):
            for lines in self._read(talks):
                yield from self._judge(lines, day or date.today())

    def _read(self, talks: Sequence[list[Turn]]) -> Iterator[list[Line]]:
        """The lines of each conversation with their hearers and the model's opinions."""
        read = [identified(lines_of(talk, self._vocabulary), self._vocabulary.verification) for talk in talks]
        if self.model is None:
            return iter(read)
        held = opinions(self.model, [line.said for lines in read for line in lines])
        return ([self._finder.reconsidered(replace(line, opinion=next(held))) for line in lines] for lines in read)

    def _judge(self, lines: list[Line], day: date) -> list[Judgement]:
        hits: dict[int, list[Hit]] = defaultdict(list)
        for hit in standing(list(self._finder.hits(lines, day))):
            hits[hit.line].append(hit)
        judgements = [self._judge_line(line, hits.get(n, []), day) for n, line in enumerate(lines)]
        if len(lines) > 1:
            judged = [(x.turn.speaker, j.findings, j.suggestions) for x, j in zip(lines, judgements, strict=True)]
            pile_up(judged)
            aggravate(judged)
        return judgements

    def _judge_line(self, line: Line, hits: list[Hit], day: date) -> Judgement:
        judgement = Judgement(line.turn.id)
        for found in self._weigher.detections(hits, line, day) if hits else ():
            sure = self._weigher.is_finding(found, line)
            (judgement.findings if sure else judgement.suggestions).append(found)
        return judgement


def _talks(turns: Iterable[Turn]) -> Iterator[list[Turn]]:
    for conversation, group in groupby(turns, key=lambda turn: turn.conversation):
        if conversation is None:
            yield from ([turn] for turn in group)
        else:
            yield list(group)


def _batches(talks: Iterable[list[Turn]]) -> Iterator[list[list[Turn]]]:
    batch: list[list[Turn]] = []
    lines = 0
    for talk in talks:
        batch.append(talk)
        lines += len(talk)
        if lines >= _AT_ONCE:
            yield batch
            batch, lines = [], 0
    if batch:
        yield batch
