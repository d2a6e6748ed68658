"""What a rule pack is made of. `classifiers.loading` reads it; `docs/rules.md` is for those who write one.

The digest of a pack is over its canonical form
(sorted keys, no comments): it changes with anything that is said in the pack, and not with how it is written down.
"""

import hashlib
import json
import re
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from classifiers.taxonomy import Audience, Channel, Kind, Severity, Speaker
from classifiers.turns import Turn

_WORD = re.compile(r"\{([a-z_]+)\}")

Score = Annotated[float, Field(gt=0, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(_Part):
    """The same words in Simplified Chinese and English."""

    zh: str
    en: str


class LawText(_Part):
    """A law, rule or standard, with the days on which it is in force (`until` is the first day it no longer is)."""

    title: str
    issuer: str
    since: date
    until: date | None = None
    source: str

    def in_force(self, day: date) -> bool:
        """Whether the text binds on that day."""
        return self.since <= day and (self.until is None or day < self.until)


class Citation(_Part):
    """An article of a law of `laws.yaml`, and how its wording was checked."""

    law: str
    article: str
    checked: str = Field(pattern="^(text|press|weak|recalled)$")


class Detector(_Part):
    """One way of noticing the rule's matter. Words of one kind, what a hit is worth, and where it counts."""

    terms: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    pinyin: tuple[str, ...] = ()
    anchor: tuple[str, ...] = ()
    missing: dict[str, tuple[str, ...]] = Field(default={})
    score: Score | None = None
    audience: tuple[Audience, ...] = ()
    channel: tuple[Channel, ...] = ()
    after: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum(map(bool, (self.terms, self.patterns, self.pinyin, self.anchor))) != 1:
            raise ValueError("give exactly one of terms, patterns, pinyin or anchor")
        if bool(self.anchor) != bool(self.missing):
            raise ValueError("anchor and missing go together")
        return self

    @property
    def worth(self) -> float:
        """What one hit is worth; sound-alikes are weak evidence, never a verdict alone."""
        return self.score or (0.4 if self.pinyin else 0.8)


class Example(_Part):
    """A whole sentence and its setting, to be found or to be left alone."""

    text: str
    speaker: Speaker | None = None
    audience: Audience | None = None
    channel: Channel = Channel.call
    context: tuple[str, ...] = ()
    lines: tuple[tuple[Speaker, str], ...] = ()


class Examples(_Part):
    """What the rule must find and what it must leave alone."""

    match: tuple[Example, ...]
    leave: tuple[Example, ...]

    @model_validator(mode="before")
    @classmethod
    def _plain_sentences(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {key: [{"text": e} if isinstance(e, str) else e for e in value or ()] for key, value in data.items()}


class Rule(_Part):
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
    unless: tuple[str, ...] = ()
    examples: Examples

    @property
    def speakers(self) -> frozenset[Speaker]:
        """Whose lines the rule judges."""
        return frozenset(self.speaker) or self.kind.speakers

    def own_terms(self) -> list[str]:
        """The terms that the rule looks for verbatim."""
        return [term for detector in self.detect for term in detector.terms]


class Verification(_Part):
    """How one hears who is on the line: patterns of the question, the collector's agreeing, and the answer."""

    ask: tuple[str, ...]
    agree: tuple[str, ...]
    confirm: tuple[str, ...]


class RulePack(_Part):
    """A named, versioned set of rules with the words, exceptions and laws that they share."""

    name: str
    version: str
    words: dict[str, str] = Field(default={})
    exceptions: dict[str, tuple[str, ...]] = Field(default={})
    verification: Verification
    homophones: dict[str, tuple[str, ...]] = Field(default={})
    laws: dict[str, LawText]
    rules: tuple[Rule, ...]

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
        return [*asked.ask, *asked.agree, *asked.confirm, *(p for each in self.exceptions.values() for p in each)]

    def exceptions_of(self, rule: Rule) -> list[str]:
        """The patterns that excuse a hit of the rule: shared lists are called by their names."""
        return [p for entry in rule.unless for p in self.exceptions.get(entry, (entry,))]


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
