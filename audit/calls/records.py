"""Call records from a CSV file: what the dialler knows of each call."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PureWindowsPath
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from classifiers.errors import BadInput, first_mistake

LOCAL = ZoneInfo("Asia/Shanghai")
_EARLIEST, _LATEST = 1990, 2100  # what lies outside is an export's empty date


class CallRecord(BaseModel):
    """One row. `callee_relation` says who was called: `self` for the debtor, anything else is a third person."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    call_id: str = Field(min_length=1)
    collector_no: str | None = None
    account_no: str | None = None
    callee_relation: str = Field(min_length=1)
    direction: str = Field(pattern="^(outbound|inbound)$")
    started_at: AwareDatetime
    duration_s: int = Field(ge=0, le=86_400)
    recording: str | None = None
    disposition: str | None = None
    agency: str | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if "\0" in value:
            raise ValueError("holds a NUL character")
        return value.strip() or None

    @field_validator("callee_relation")
    @classmethod
    def _lower_case(cls, value: str) -> str:
        return value.lower()

    @field_validator("started_at")
    @classmethod
    def _of_our_time(cls, value: datetime) -> datetime:
        if not _EARLIEST <= value.year <= _LATEST:
            raise ValueError(f"the year {value.year} cannot be")
        return value

    @property
    def recording_name(self) -> str | None:
        """The file's name without the folders that some diallers put before it."""
        return PureWindowsPath(self.recording).name if self.recording else None

    @field_validator("started_at", mode="before")
    @classmethod
    def _local_without_zone(cls, value: object) -> object:
        """A time without a zone is local time in China."""
        if not isinstance(value, str):
            return value
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)


_REMEDY = "mend the row"
_REQUIRED = [name for name, field in CallRecord.model_fields.items() if field.is_required()]


def read_records(path: Path) -> tuple[list[CallRecord], list[BadInput]]:
    """The rows of a CSV file in UTF-8 that hold, and a refusal naming line and field for each that does not.

    Raises BadInput when the file as a whole cannot be used.
    """
    good: dict[str, CallRecord] = {}
    refused = []
    recordings: dict[str, str] = {}
    for line, row in _rows(path):
        try:
            record = CallRecord.model_validate(row)
        except ValidationError as error:
            refused.append(BadInput(f"{path}:{line}: {first_mistake(error)}", _REMEDY))
            continue
        if record.call_id in good:
            refused.append(BadInput(f"{path}:{line}: call_id: {record.call_id} stands above already", _REMEDY))
        elif (name := record.recording_name) in recordings:
            refused.append(BadInput(f"{path}:{line}: recording: {name} is {recordings[name]}'s already", _REMEDY))
        else:
            good[record.call_id] = record
            recordings |= {name: record.call_id} if name else {}
    return list(good.values()), refused


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in _REQUIRED if name not in (reader.fieldnames or ())]
            if missing:
                raise BadInput(f"{path}: no column {', '.join(missing)}", "add it, or export the call records again")
            for row in reader:
                yield reader.line_num, row
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "give a file that can be read") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path}: not a CSV file in UTF-8 ({error})", "export it as CSV UTF-8") from error
