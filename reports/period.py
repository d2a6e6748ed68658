"""The stretch of time that a report is about: a month, a quarter or a year."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from classifiers.errors import BadInput

_WRITTEN = re.compile(r"(?P<year>[1-9]\d{3})(?:-(?P<month>0[1-9]|1[0-2])|[Qq](?P<quarter>[1-4]))?", re.ASCII)
_LAST_YEAR = 9998  # the calendar ends after the next one
_QUARTERS = "一二三四"


@dataclass(frozen=True)
class Period:
    """From the first to the last local day, both in it; `text` is how it was written, `name` what people call it."""

    text: str
    name: str
    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> Self:
        """The period written as 2026-10, 2026Q4 or 2026. Raises BadInput for anything else."""
        written = _WRITTEN.fullmatch(text.strip())
        if written is None or int(written["year"]) > _LAST_YEAR:
            raise BadInput(f"{text!r} is no period", "give a month, quarter or year: 2026-10, 2026Q4, 2026")
        year, month, quarter = int(written["year"]), written["month"], int(written["quarter"] or 0)
        name, since, months = f"{year}年", 1, 12
        if month:
            name, since, months = f"{year}年{int(month)}月", int(month), 1
        elif quarter:
            name, since, months = f"{year}年第{_QUARTERS[quarter - 1]}季度", 3 * quarter - 2, 3
        return cls(written[0].upper(), name, date(year, since, 1), _before(year, since + months))

    @property
    def before(self) -> Self:
        """The period of the same length just before."""
        day = self.first - timedelta(days=1)
        if "Q" in self.text:
            return self.parse(f"{day.year}Q{(day.month + 2) // 3}")
        return self.parse(f"{day:%Y-%m}" if "-" in self.text else str(day.year))


def _before(year: int, month: int) -> date:
    """The day before the first of a month; the 13th month is the next January."""
    return date(year + month // 13, month % 12 or 12, 1) - timedelta(days=1)
