"""Counts of contacts and of what was found in them, and the shares that they come to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from classifiers.taxonomy import Kind, Severity

_SUMMED = ("calls", "connected", "messages", "audited", "not_judgeable", "covered", "read")


@dataclass(frozen=True)
class Counts:
    """How many contacts, what came of them, and the shares. A share of nothing is None."""

    calls: int
    connected: int
    messages: int
    visits: int
    audited: int
    not_judgeable: int
    covered: int
    read: int
    violations: Mapping[tuple[Kind, Severity], int]
    message_violations: Mapping[tuple[Kind, Severity], int]
    ledger: int

    @property
    def contacts(self) -> int:
        """Calls, answered or not, messages and visits."""
        return self.calls + self.messages + self.visits

    @property
    def judged(self) -> int:
        """Audited calls that could be judged."""
        return self.audited - self.not_judgeable

    @property
    def coverage(self) -> float | None:
        """Judged of connected calls."""
        return _share(self.covered, self.connected)

    @property
    def message_coverage(self) -> float | None:
        """Judged of all messages."""
        return _share(self.read, self.messages)

    @property
    def not_judgeable_share(self) -> float | None:
        """Not judgeable of audited calls."""
        return _share(self.not_judgeable, self.audited)

    @property
    def ledger_per_thousand(self) -> float | None:
        """Findings of the ledger in a thousand contacts."""
        return _share(1000 * self.ledger, self.contacts)

    @property
    def kinds(self) -> list[Kind]:
        """The kinds of violation that were found in calls."""
        return [kind for kind in Kind if self.found(kind)]

    def found(self, kind: Kind | None = None, severity: Severity | None = None) -> int:
        """Violations in calls, of a kind or severity if one is given."""
        wanted = (kind, severity)
        return sum(
            n for by, n in self.violations.items() if all(w in {None, b} for w, b in zip(wanted, by, strict=True))
        )

    def per_thousand(self, kind: Kind | None = None, severity: Severity | None = None) -> float | None:
        """Violations in a thousand judged calls, of a kind or severity if one is given."""
        return _share(1000 * self.found(kind, severity), self.judged)


@dataclass
class Tally:
    """Counts while they are added up; visits and ledger findings may be of several groups, and count once in each."""

    sums: Counter[str] = field(default_factory=Counter)
    violations: Counter[tuple[Kind, Severity]] = field(default_factory=Counter)
    message_violations: Counter[tuple[Kind, Severity]] = field(default_factory=Counter)
    visits: set[str] = field(default_factory=set)
    ledger: set[str] = field(default_factory=set)

    def add(self, other: Self) -> None:
        """Takes on what another one counted."""
        self.sums.update(other.sums)
        self.violations.update(other.violations)
        self.message_violations.update(other.message_violations)
        self.visits |= other.visits
        self.ledger |= other.ledger

    def counts(self) -> Counts:
        """What it came to."""
        return Counts(
            **{name: self.sums[name] for name in _SUMMED},
            visits=len(self.visits),
            violations=dict(self.violations),
            message_violations=dict(self.message_violations),
            ledger=len(self.ledger),
        )


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None
