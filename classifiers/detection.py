"""What a classifier says of a line, and why: every detection can be traced to words, a rule and an article of law."""

from dataclasses import dataclass, field

from classifiers.taxonomy import Kind, Severity


@dataclass(frozen=True)
class Law:
    """An article as in force on the day judged. `checked`: text, press, weak or recalled, surest first."""

    title: str
    article: str
    checked: str


@dataclass(frozen=True)
class Evidence:
    """One thing that counted: which detector saw it, the words, what it was worth (0 to 1), and what changed that."""

    detector: str
    words: str
    score: float
    note: str = ""


@dataclass(frozen=True)
class Detection:
    """A hit of one rule in one line. `start` and `end` index the line's text, and `quote` is what stands there."""

    kind: Kind
    severity: Severity
    score: float
    start: int
    end: int
    quote: str
    rule: str
    laws: tuple[Law, ...]
    why: str
    evidence: tuple[Evidence, ...] = field(default=())
