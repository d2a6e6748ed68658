"""The axes by which complaints are counted (JR/T 0169-2018), and what is proposed for one, out of `facts.yaml`."""

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, Self

from pydantic import model_validator

from classifiers.detectors import Part
from classifiers.errors import BadInput
from classifiers.taxonomy import Kind
from complaints.calendar import read_yaml

SHIPPED = Path(__file__).with_name("facts.yaml")


class Axes(NamedTuple):
    """A complaint's place on the three axes, by name."""

    business_channel: str
    business: str
    cause: str


class Place(Part):
    """A name on an axis, how well it was seen, and the words of a text that propose it."""

    name: str
    checked: Literal["text", "press", "weak", "recalled"]
    words: tuple[str, ...] = ()


class Cause(Part):
    """What proposes a cause: kinds of what is alleged, or words of the text."""

    cause: str
    kinds: tuple[Kind, ...] = ()
    words: tuple[str, ...] = ()

    def told(self, text: str, kinds: Collection[Kind]) -> bool:
        """Whether it is told of."""
        return any(kind in kinds for kind in self.kinds) or any(word in text for word in self.words)


class Facts(Part):
    """The names on each axis, and how one is proposed."""

    standard: dict[str, str]
    business_channel: tuple[Place, ...]
    business: tuple[Place, ...]
    cause: tuple[Place, ...]
    default: dict[str, str]
    causes: tuple[Cause, ...]

    @model_validator(mode="after")
    def _only_known(self) -> Self:
        if set(self.default) != set(Axes._fields):
            raise ValueError(f"default: give {', '.join(Axes._fields)}")
        told = [("cause", each.cause) for each in self.causes]
        for axis, name in (*self.default.items(), *told):
            if name not in self.names(axis):
                raise ValueError(f"{axis}: no place is called {name}")
        return self

    def names(self, axis: str) -> list[str]:
        """The names on an axis."""
        return [place.name for place in getattr(self, axis)]

    def check(self, axis: str, name: str) -> str:
        """The name. Raises BadInput where the axis has none of it."""
        if name not in self.names(axis):
            raise BadInput(f"{axis}: {name} is no place of the standard", f"one of {', '.join(self.names(axis))}")
        return name

    def propose(self, text: str, kinds: Collection[Kind]) -> Axes:
        """Where a complaint belongs by its words and by the kinds of what it alleges."""
        told = (each.cause for each in self.causes if each.told(text, kinds))
        return Axes(
            self._told("business_channel", text),
            self._told("business", text),
            next(told, self.default["cause"]),
        )

    def _told(self, axis: str, text: str) -> str:
        places: tuple[Place, ...] = getattr(self, axis)
        told = (place.name for place in places if any(word in text for word in place.words))
        return next(told, self.default[axis])


@cache
def facts() -> Facts:
    """The shipped table. Raises BadInput naming what does not hold in it."""
    return read_yaml(SHIPPED, Facts)
