"""The one tree of errors that a user can mend; `audit.errors` turns them into exit codes and, later, HTTP answers.

Refused
├── BadInput        a file, line, row or option that cannot be used
├── BadPack         a rule pack that does not hold what a pack must hold
├── MissingModel    weights that are not there, or are not the ones expected
└── BadWorkspace    a workspace in a state that the command cannot work with
"""

from typing import NamedTuple

from pydantic import ValidationError


class Refused(Exception):
    """Something given cannot be used: `message` names the thing and what is wrong, `remedy` what to do about it."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}: {self.remedy}"


class Mistake(NamedTuple):
    """Where something given is wrong, and how."""

    place: tuple[str | int, ...]
    problem: str

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.place)) or 'all of it'}: {self.problem}"


def first_mistake(error: ValidationError) -> Mistake:
    """The mistake to name first: a misspelt field before one that is missing."""
    first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
    return Mistake(first["loc"], first["msg"])


class BadInput(Refused):
    """A file, line, row or option that cannot be used."""


class BadPack(Refused):
    """A rule pack that does not hold what a pack must hold."""


class MissingModel(Refused):
    """Weights that are not there, or are not the ones expected."""


class BadWorkspace(Refused):
    """A workspace in a state that the command cannot work with."""
