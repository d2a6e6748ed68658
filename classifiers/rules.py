"""What a rule pack is made of. `classifiers.loading` reads it; `docs/rules.md` is for those who write one.

The digest of a pack is over its canonical form
(sorted keys, no comments): it changes with anything that is said in the pack, and not with how it is written down.
"""

import hashlib
import json
import re
from datetime import date
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from classifiers.detectors import Detector, Part
from classifiers.expressions import names
from classifiers.taxonomy import Audience, Channel, Kind, Severity, Speaker
from classifiers.turns import Turn

_WORD = re.compile(r"\{([a-z_]+)\}")


class Bilingual(Part):
    """The same words in Simplified Chinese and English."""

    zh: str
    en: str


class Dated(Part):
    """Something that holds from a day on; `until` is the first day on which it no longer does."""

    since: date
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until is not None and self.until <= self.since:
            raise ValueError(f"until {self.until} is not after since {self.since}")
        return self

    def in_force(self, day: date) -> bool:
        """Whether it holds on that day."""
        return self.since <= day and (self.until is None or day < self.until)


class LawText(Dated):
    """A law, rule or standard, with the days on which it is in force."""

    title: str
    issuer: str
    source: str


class Cap(Dated):
    """The highest yearly rate, in per cent, that may be asked for in those days."""

    per_cent: float = Field(gt=0)
    source: str


class Citation(Part):
    """An article of a law of `laws.yaml`, and how its wording was checked."""

    law: str
    article: str
    checked: str = Field(pattern="^(text|press|weak|recalled)$")


class Example(Part):
    """A whole sentence and its setting, to be found or to be left alone."""

    text: str
    speaker: Speaker | None = None
    audience: Audience | None = None
    channel: Channel = Channel.call
    context: tuple[str, ...] = ()
    lines: tuple[tuple[Speaker, str], ...] = ()


class Examples(Part):
    """What the rule must find and what it must leave alone."""

    match: tuple[Example, ...]
    leave: tuple[Example, ...]

    @model_validator(mode="before")
    @classmethod
    def _plain_sentences(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {key: [{"text": e} if isinstance(e, str) else e for e in value or ()] for key, value in data.items()}


class Rule(Part):
    """One rule of a pack: what it finds, by which articles, for whom, with what exceptions, shown by examples."""

    id: str
    title: Bilingual
    kind: Kind
    severity: Severity
    laws: tuple[Citation, ...]
    why: Bilingual
    speaker: tuple[Speaker, ...] = ()
    audience: tuple[Audience, ...] = ()
    channel: tuple[Channel, ...] = ()
    detect: tuple[Detector, ...] = Field(min_length=1)
    when: str | None = None
    over: Literal["line", "conversation"] = "line"
    hard: bool = False
    since: date = date.min
    until: date = date.max
    unless: tuple[str, ...] = ()
    examples: Examples

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        known = {detector.name for detector in self.detect}
        if unknown := [name for name in (names(self.when) if self.when is not None else ()) if name not in known]:
            raise ValueError(f"when: no detector is named {unknown[0]!r}")
        return self

    @property
    def speakers(self) -> frozenset[Speaker]:
        """Whose lines the rule judges."""
        return frozenset(self.speaker) or self.kind.speakers

    @property
    def by_meaning(self) -> bool:
        """Whether the rule asks a model."""
        return any(detector.way in {"label", "similar"} for detector in self.detect)

    def own_terms(self) -> list[str]:
        """The terms that the rule looks for verbatim."""
        return [term for detector in self.detect for term in detector.terms]


class Verification(Part):
    """How one hears who is on the line: patterns of the question (`ask`), of the collector's word that what
    was told agrees (`agree`), and of the other side's yes (`confirm`) and no (`deny`)."""

    ask: tuple[str, ...]
    agree: tuple[str, ...]
    confirm: tuple[str, ...]
    deny: tuple[str, ...]


class CueRule(Part):
    """How one hears what a talk shows about the contact itself: whose lines are read, for what, with what exceptions.

    It needs a sentence to be found and one to be left alone.
    """

    speaker: tuple[Speaker, ...] = Field(min_length=1)
    patterns: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    examples: Examples

    @model_validator(mode="after")
    def _is_shown(self) -> Self:
        if not (self.examples.match and self.examples.leave):
            raise ValueError("a cue needs examples under match and under leave")
        return self


class RulePack(Part):
    """A named, versioned set of rules with the words, exceptions and laws that they share."""

    name: str
    version: str
    words: dict[str, str] = Field(default={})
    exceptions: dict[str, tuple[str, ...]] = Field(default={})
    verification: Verification
    cues: dict[str, CueRule] = Field(default={})
    homophones: dict[str, tuple[str, ...]] = Field(default={})
    laws: dict[str, LawText]
    caps: dict[str, tuple[Cap, ...]] = Field(default={})
    rules: tuple[Rule, ...]

    def in_force(self, rule: Rule, day: date) -> bool:
        """Whether the rule judges on that day: in its own days, with one of its laws in force if it cites any."""
        cited = [self.laws[citation.law] for citation in rule.laws]
        bound = not cited or any(law.in_force(day) for law in cited)
        return rule.since <= day < rule.until and bound

    def cap(self, name: str, day: date) -> float | None:
        """The yearly rate in per cent of that cap on that day, if it is known."""
        return next((cap.per_cent for cap in self.caps[name] if cap.in_force(day)), None)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form, in hexadecimal."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def canonical(self) -> str:
        """The pack as JSON with sorted keys: the same for packs that judge alike."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def expand(self, pattern: str) -> str:
        """The pattern with each shared word list of the pack, written {name}, put in."""
        return _WORD.sub(lambda m: f"(?:{self.words[m[1]]})" if m[1] in self.words else m[0], pattern)

    def shared_patterns(self) -> list[str]:
        """The patterns that stand in `pack.yaml`."""
        asked = self.verification
        return [
            *asked.ask,
            *asked.agree,
            *asked.confirm,
            *asked.deny,
            *(p for each in self.exceptions.values() for p in each),
            *(p for cue in self.cues.values() for p in (*cue.patterns, *(own for _, own in self.exceptions_of(cue)))),
        ]

    def exceptions_of(self, rule: Rule | CueRule) -> list[tuple[str, str]]:
        """The patterns that excuse a hit of the rule or cue, each after the name of its shared list or `unless`."""
        shared = self.exceptions
        return [
            (entry if entry in shared else "unless", p) for entry in rule.unless for p in shared.get(entry, (entry,))
        ]


def turns_of(example: Example, rule: Rule) -> list[Turn]:
    """The lines to judge for an example: its own, after the `lines` before it, as one conversation."""
    speaker = example.speaker or (Speaker.debtor if rule.kind.is_signal else Speaker.collector)
    audience = example.audience or (rule.audience[0] if rule.audience else Audience.debtor)
    shared = {"channel": example.channel, "audience": audience, "conversation": "example" if example.lines else None}
    spoken = [*example.lines, (speaker, example.text)]
    return [
        Turn(id=str(i), text=text, speaker=who, context=example.context, **shared)
        for i, (who, text) in enumerate(spoken)
    ]
