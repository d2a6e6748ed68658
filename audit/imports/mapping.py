"""Which column of ours a heading of an export means, and which code a value; from tables that anyone can edit."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from classifiers.errors import BadInput, first_mistake

_SHIPPED = Path(__file__).with_name("headings.yaml")
_SEE = f"write it like {_SHIPPED.name}"
_UNIT = r"[(\[【](?:单位[:]?)?(?:秒|s|sec|secs|seconds|元|人民币|cny|rmb|年|年化|天|日|days|%|必填|选填|可选)[)\]】]"
_PADDING = re.compile(rf"{_UNIT}|[\s_*:\u200b\ufeff-]")
_LIST_OF = {  # columns whose list of codes is called otherwise, in every register or in one
    "callee_relation": "relation",
    "to_relation": "relation",
    "complaints.channel": "",  # kept as written; its code is looked up at intake
    "complaints.type": "complaint_type",
    "complaints.authority": "complaint_authority",
}


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """The form in which headings and codes are compared: no case, width, spaces, underscores or units in brackets."""
    return _PADDING.sub("", unicodedata.normalize("NFKC", text).casefold())


class _Table(BaseModel):
    """A file of headings and codes as people write it: for all registers, for one of them, and for coded columns."""

    model_config = ConfigDict(extra="forbid")

    columns: dict[str, list[str]] = {}
    registers: dict[str, dict[str, list[str]]] = {}
    values: dict[str, dict[str, str]] = {}


class Mapping(BaseModel):
    """For each register the column of each heading, for each coded column the code of each value; both folded."""

    model_config = ConfigDict(frozen=True)

    columns: dict[str, dict[str, str]]
    values: dict[str, dict[str, str]]

    def headings(self, register: str) -> set[str]:
        """All headings known in the register, folded."""
        return set(self.columns[register])

    def rename(self, register: str, headings: Sequence[str]) -> dict[str, str]:
        """The column of each heading that is known. Raises BadInput when two headings mean one column."""
        renamed: dict[str, str] = {}
        for heading in headings:
            column = self.columns[register].get(folded(heading))
            if first := next((other for other, taken in renamed.items() if taken == column), None):
                raise BadInput(f"{first!r} and {heading!r} both mean {column}", "leave one of the two columns out")
            renamed |= {heading: column} if column else {}
        return renamed

    def code(self, column: str, value: Any, register: str = "") -> Any:
        """Our code for the value where the column has codes and this one is known; otherwise the value as it is."""
        codes = self.values.get(_LIST_OF.get(f"{register}.{column}", _LIST_OF.get(column, column)))
        return codes.get(folded(str(value)), value) if codes and value is not None else value


def load_mapping(path: Path | None = None) -> Mapping:
    """The shipped tables, and over them those of the file given.

    Raises BadInput when the file cannot be read or names a register or column that there is not.
    """
    shipped = _read(_SHIPPED)
    tables = [shipped]
    if path:
        tables.append(_read(path))
        _check(path, tables[1], shipped)
    return Mapping(
        columns={register: _headings(register, list(own), tables) for register, own in shipped.registers.items()},
        values={name: _codes(name, tables) for name in shipped.values},
    )


def _headings(register: str, own: list[str], tables: Iterable[_Table]) -> dict[str, str]:
    """Later tables go before earlier ones, a register's own headings before shared ones, our names before all."""
    found: dict[str, str] = {}
    for table in tables:
        for columns in (table.columns, table.registers.get(register, {})):
            found |= {folded(name): column for column in own for name in columns.get(column, ())}
    return found | {folded(column): column for column in own}


def _codes(name: str, tables: Iterable[_Table]) -> dict[str, str]:
    found: dict[str, str] = {}
    for table in tables:
        values = table.values.get(name, {})
        found |= {folded(code): code for code in values.values()} | {folded(v): code for v, code in values.items()}
    return found


def _read(path: Path) -> _Table:
    try:
        data = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)  # noqa: S506  (only text: `no` is no)
        return _Table.model_validate(data)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "give a file that can be read") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: {' '.join(str(error).split())}", "mend the YAML") from error
    except ValidationError as error:
        raise BadInput(f"{path}: {first_mistake(error)}", _SEE) from error


def _check(path: Path, given: _Table, shipped: _Table) -> None:
    every = {column: None for own in shipped.registers.values() for column in own}
    _refuse_unknown(path, "register", given.registers, shipped.registers)
    _refuse_unknown(path, "column", given.columns, every)
    _refuse_unknown(path, "column with codes", given.values, shipped.values)
    for register, columns in given.registers.items():
        _refuse_unknown(path, f"column in {register}", columns, shipped.registers[register])


def _refuse_unknown(path: Path, what: str, given: Iterable[str], known: Iterable[str]) -> None:
    known = list(known)
    for name in given:
        if name not in known:
            raise BadInput(f"{path}: no {what} {name!r}", f"one of {', '.join(known)}")
