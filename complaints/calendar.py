"""Working days in China, with the make-up days (调休) that the State Council sets every year."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

import chinese_calendar
import yaml
from pydantic import ValidationError, model_validator

from classifiers.detectors import Part
from classifiers.errors import BadInput, first_mistake

SHIPPED = Path(__file__).with_name("calendar.yaml")
_KNOWN = range(min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year + 1)
_REMEDY = "see docs/clocks.md"

Overrides = Mapping[date, bool]
T = TypeVar("T", bound=Part)


class WorkingDay(NamedTuple):
    """Whether a day is worked; provisional where its year's holidays are not known."""

    working: bool
    provisional: bool


class CountedDay(NamedTuple):
    """The day that a count comes to; provisional where a day on the way was."""

    day: date
    provisional: bool


class Year(Part):
    """The days of a year that are not as their weekday says: free ones, make-up ones, and where that was taken from."""

    source: str
    free: tuple[date, ...] = ()
    working: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if both := set(self.free) & set(self.working):
            raise ValueError(f"{min(both)} is both free and working")
        return self


class Calendar(Part):
    """Years that were entered by hand."""

    years: dict[int, Year]

    @model_validator(mode="after")
    def _in_their_years(self) -> Self:
        for number, year in self.years.items():
            for day in year.free + year.working:
                if day.year != number:
                    raise ValueError(f"{day} stands under {number}")
        return self

    def working(self, day: date) -> bool | None:
        """Whether the day is worked, or None where its year or, in a year of the library, the day is not entered."""
        year = self.years.get(day.year)
        if year is None or (day.year in _KNOWN and day not in year.free + year.working):
            return None
        return day in year.working or (day.weekday() < 5 and day not in year.free)


def load_calendar(path: Path = SHIPPED) -> Calendar:
    """The years entered in a file. Raises BadInput naming it and what does not hold."""
    return read_yaml(path, Calendar)


def read_yaml(path: Path, model: type[T]) -> T:
    """What a YAML file says. Raises BadInput naming the file and its first mistake."""
    try:
        return model.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "put the file there") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: no YAML ({' '.join(str(error).split())})", _REMEDY) from error
    except ValidationError as error:
        raise BadInput(f"{path}: {first_mistake(error)}", _REMEDY) from error


def is_working(day: date, overrides: Overrides | None = None) -> WorkingDay:
    """Whether the day is worked: by `overrides` first, then `calendar.yaml`, the library, and at last its weekday."""
    if overrides and day in overrides:
        return WorkingDay(overrides[day], provisional=False)
    if (entered := _entered().working(day)) is not None:
        return WorkingDay(entered, provisional=False)
    if day.year in _KNOWN:
        return WorkingDay(chinese_calendar.is_workday(day), provisional=False)
    return WorkingDay(day.weekday() < 5, provisional=True)


def add_working_days(start: date, n: int, overrides: Overrides | None = None) -> CountedDay:
    """The n-th working day after `start`, which is day 0 whether worked or not. Raises BadInput if n is below 0."""
    return count_days(start, n, partial(is_working, overrides=overrides))


def count_days(start: date, n: int, judge: Callable[[date], WorkingDay]) -> CountedDay:
    """The n-th day after `start` that `judge` counts. Raises BadInput if n is below 0."""
    if n < 0:
        raise BadInput(f"{n} days", "give a number of days from 0 on")
    day, provisional = start, False
    for following in _after(start):
        if n == 0:
            break
        day, judged = following, judge(following)
        provisional |= judged.provisional
        n -= judged.working
    return CountedDay(day, provisional)


def _after(day: date) -> Iterator[date]:
    while True:
        day += timedelta(days=1)
        yield day


@lru_cache(maxsize=1)
def _entered() -> Calendar:
    return load_calendar()
