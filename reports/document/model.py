"""What a document says, apart from how it is written: every format is made from this, so all show the same numbers."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Value = str | int | float | None
_UNPRINTABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 0xFFFE, 0xFFFF])  # no XML may hold them


class Form(Enum):
    """How the values of a column are written. None is "—" in all of them."""

    text = "text"
    count = "count"  # a whole number
    share = "share"  # a fraction, written in percent
    rate = "rate"  # a number with one decimal
    money = "money"  # yuan, with two decimals


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")

    @model_validator(mode="before")
    @classmethod
    def _printable(cls, told: Any) -> Any:
        return {name: _printable(value) for name, value in told.items()} if isinstance(told, dict) else told


def _printable(value: Any) -> Any:
    """Without characters that no document can hold."""
    if isinstance(value, str):
        return value.translate(_UNPRINTABLE)
    return [_printable(each) for each in value] if isinstance(value, list | tuple) else value


class Column(_Part):
    """A column of a table: its heading, how its values are written, and its share of the width."""

    name: str
    form: Form = Form.text
    width: float = 1.0


class Paragraph(_Part):
    """Running text; a `note` is smaller and grey, a `warning` stands out."""

    block: Literal["paragraph"] = "paragraph"
    text: str
    tone: Literal["plain", "note", "warning", "strong"] = "plain"


class Heading(_Part):
    """A heading below that of the section."""

    block: Literal["heading"] = "heading"
    text: str


class Items(_Part):
    """A list; numbered 1. 2. 3. where the order is part of it."""

    block: Literal["items"] = "items"
    items: list[str]
    numbered: bool = False


class Facts(_Part):
    """Labels with what is said of each; an empty value is written 未登记."""

    block: Literal["facts"] = "facts"
    rows: list[tuple[str, str]]


class Table(_Part):
    """Rows under headings; `total` closes it. In a workbook it becomes a sheet called `caption`."""

    block: Literal["table"] = "table"
    caption: str
    columns: list[Column]
    rows: list[list[Value]]
    total: list[Value] | None = None
    note: str = ""
    empty: str = "无"


class Series(_Part):
    """One line or set of bars of a chart; None is a gap."""

    name: str
    values: list[float | None]


class Chart(_Part):
    """Bars, or lines over time, one value a label and series; `alt` says in words what it shows."""

    block: Literal["chart"] = "chart"
    caption: str
    form: Literal["bars", "lines"] = "bars"
    labels: list[str]
    series: list[Series]
    unit: str = ""
    alt: str


class Clip(_Part):
    """A stretch of a recording as MP3, which only pages play; the other formats write its caption."""

    block: Literal["clip"] = "clip"
    caption: str
    sound: bytes | None = None
    without: str = "录音不在库中"


class Quote(_Part):
    """Somebody's words, with who said them and where."""

    block: Literal["quote"] = "quote"
    text: str
    source: str


class Signature(_Part):
    """Lines to be signed: what each is for."""

    block: Literal["signature"] = "signature"
    lines: list[str]


Block = Annotated[
    Paragraph | Heading | Items | Facts | Table | Chart | Clip | Quote | Signature, Field(discriminator="block")
]


class Section(_Part):
    """A numbered part of a document; house templates call it by its `id`."""

    id: str
    title: str
    blocks: list[Block]


class Document(_Part):
    """A whole document. `open` are the reasons why it is a draft yet; `fields` are values that a house template may
    name; `to` is whom a letter is addressed to; `style` chooses between an official letter and a report.
    """

    kind: str
    title: str
    subtitle: str = ""
    to: str = ""
    style: Literal["letter", "report"] = "report"
    open: list[str] = []
    fields: dict[str, str] = {}
    sections: list[Section]

    @property
    def is_draft(self) -> bool:
        """Whether something still keeps it from being final."""
        return bool(self.open)


@dataclass(frozen=True)
class Sheet:
    """Rows for the workbook alone, read one at a time, so that there may be any number of them."""

    name: str
    columns: list[Column]
    rows: Callable[[], Iterator[list[Value]]]


@dataclass(frozen=True)
class Content:
    """A document with the sheets of data behind it."""

    document: Document
    sheets: tuple[Sheet, ...] = ()

    def digest(self) -> str:
        """SHA-256 of all that it says; the same facts have the same digest."""
        told = hashlib.sha256(self.document.model_dump_json().encode())
        for sheet in self.sheets:
            told.update(json.dumps([sheet.name, [c.name for c in sheet.columns]]).encode())
            for row in sheet.rows():
                told.update(json.dumps(row).encode())
        return told.hexdigest()
