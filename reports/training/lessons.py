"""The wording library of training: what is wrong, what to say instead, and quiz questions, out of `wording/cn.yaml`."""

import hashlib
from collections.abc import Iterable
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from audit.ledger.limits import limits, rule_pack
from audit.ledger.models import RuleId
from audit.settings import settings
from classifiers.detectors import Part
from classifiers.errors import BadInput, first_mistake
from classifiers.rules import Citation
from classifiers.taxonomy import SIGNALS, Kind

SHIPPED = Path(__file__).parent / "wording" / "cn.yaml"
_REMEDY = "see docs/training.md"

Words = Annotated[str, Field(min_length=1, pattern=r"\S")]
Fraction = Annotated[float, Field(gt=0, le=1)]
Matter = Kind | RuleId  # what a point is about: a kind of violation, or a rule of the ledger


class Say(Part):
    """What to say, and in which situation."""

    when: Words
    words: Words


class Practice(Part):
    """A line for role play: the situation, and what the other side says."""

    scene: Words
    line: Words


class Question(Part):
    """A quiz question with its one right answer, wrong ones, and why."""

    ask: Words
    right: Words
    wrong: tuple[Words, ...] = Field(min_length=2, max_length=4)
    why: Words

    @model_validator(mode="after")
    def _one_is_right(self) -> Self:
        options = [self.right, *self.wrong]
        if twice := {option for option in options if options.count(option) > 1}:
            raise ValueError(f"{min(twice)!r} is an answer twice")
        return self


class Lesson(Part):
    """All about one kind of violation or rule of the ledger."""

    wrong: Words
    say: tuple[Say, ...] = Field(min_length=2)
    allowed: tuple[Words, ...] = Field(min_length=1)
    laws: tuple[Citation, ...]
    practice: tuple[Practice, ...] = Field(min_length=1)
    quiz: tuple[Question, ...] = Field(min_length=2)

    def cited(self, day: date) -> list[dict[str, str]]:
        """The articles whose law is in force on a day, in the shape of a finding's laws."""
        laws = rule_pack().laws
        cited = [(laws[citation.law], citation) for citation in self.laws]
        return [
            {"title": law.title, "article": citation.article, "checked": citation.checked}
            for law, citation in cited
            if law.in_force(day)
        ]


class Library(Part):
    """The whole file: `version` as its author names it, what is asked of a quiz, and a lesson for everything found."""

    version: Words
    pass_from: Fraction
    praise_from: int = Field(ge=1)
    team_from: int = Field(ge=2)
    points: int = Field(ge=1)
    questions: int = Field(ge=1)
    objection: tuple[Words, ...] = Field(min_length=1)
    kinds: dict[Kind, Lesson]
    rules: dict[RuleId, Lesson]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _only("kinds", set(self.kinds), set(Kind) - SIGNALS)
        _only("rules", set(self.rules), set(RuleId))
        for matter, lesson in self.lessons().items():
            for citation in lesson.laws:
                if citation.law not in rule_pack().laws:
                    raise ValueError(f"{matter}: no law is called {citation.law}")
        return self

    def lessons(self) -> dict[Matter, Lesson]:
        """The lessons by what they are about."""
        return dict([*self.kinds.items(), *self.rules.items()])

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what is said in it, in hexadecimal."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @property
    def syllabus(self) -> str:
        """The version and the beginning of the digest, as records of training name it."""
        return f"{self.version} {self.digest[:12]}"


def library(path: Path | None = None) -> Library:
    """The house's own library if it set one, else the shipped one. Raises BadInput naming the file and the place in it
    that does not hold.
    """
    given = path or settings().wording
    return _read(given.expanduser().resolve() if given else SHIPPED)


def title(matter: Matter) -> str:
    """What people call a kind or a rule of the ledger."""
    if isinstance(matter, Kind):
        return matter.names.zh
    rule = limits().rule(matter)
    return rule.title.zh if rule else str(matter)


@lru_cache(maxsize=4)
def _read(path: Path) -> Library:
    try:
        return Library.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "set SHENGJIAN_WORDING to a file of wording") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: no YAML ({' '.join(str(error).split())})", _REMEDY) from error
    except ValidationError as error:
        raise BadInput(f"{path}: {first_mistake(error)}", _REMEDY) from error


def _only(place: str, given: Iterable[Matter], wanted: Iterable[Matter]) -> None:
    if missing := sorted(set(wanted) - set(given)):
        raise ValueError(f"{place}: {missing[0]} is missing")
    if unknown := sorted(set(given) - set(wanted)):
        raise ValueError(f"{place}: {unknown[0]} is no violation")
