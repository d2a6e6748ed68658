"""The weights and words of `accounts.yaml`, and those of the reading that are needed too."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from complaints.reading.text import any_of, data


@cache
def words() -> Any:
    """The weights and words of `accounts.yaml`."""
    return yaml.safe_load((Path(__file__).parent / "accounts.yaml").read_text(encoding="utf-8"))


def points(evidence: str) -> float:
    """What a piece of evidence weighs."""
    return float(words()["evidence"][evidence]["points"])


def surname_pattern() -> str:
    """An expression for a surname."""
    people = data("people")
    return f"(?:{any_of(people['double'])}|[{people['surnames']}{words()['further_surnames']}])"


@cache
def kin() -> dict[str, str]:
    """Words for somebody around a debtor, with the relation."""
    return {word.lower(): code for code, said in data("people")["relations"].items() for word in said}
