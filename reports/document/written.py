"""How values are written, in all formats alike; and what a document says of its own making."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.store.types import LOCAL
from reports.document.model import Clip, Column, Document, Form, Table, Value

NONE = "—"
_FORMS = {Form.text: "", Form.count: ",.0f", Form.share: ".1%", Form.rate: ",.1f", Form.money: ",.2f"}


@dataclass(frozen=True)
class Issue:
    """A version of a document: when its facts were read, where the trail ended then, the SHA-256 of what it says."""

    version: int
    made_at: datetime
    trail_seq: int
    trail_hash: str
    digest: str

    @property
    def lines(self) -> list[str]:
        """What is printed of it at the end of the document."""
        made = self.made_at.astimezone(LOCAL).strftime("%Y年%-m月%-d日 %H:%M")
        return [
            f"本文件为第 {self.version} 版，由声鉴生成于 {made}，所据事实截至留痕链第 {self.trail_seq} 号事件"
            f"（SHA-256 {self.trail_hash}）。",
            f"内容摘要 SHA-256 {self.digest}。事实不变，再次导出得到同一文件；事实变更，另成新版。",
        ]


def written(value: Value, form: Form) -> str:
    """A value of a column in words; text that is no number stays as it is."""
    if value is None or value == "":
        return NONE
    return value if isinstance(value, str) else format(value, _FORMS[form])


def rows_written(table: Table) -> list[list[str]]:
    """The rows of a table in words."""
    return [row_written(row, table.columns) for row in table.rows]


def row_written(row: list[Value], columns: list[Column]) -> list[str]:
    """A row in words."""
    return [written(value, column.form) for value, column in zip(row, columns, strict=True)]


def told(document: Document) -> dict[str, Any]:
    """The document for writers that want nothing but words: table cells written, sounds left out."""
    plain = document.model_dump(mode="json", exclude={"fields": True})
    for section, parts in zip(plain["sections"], document.sections, strict=True):
        for block, part in zip(section["blocks"], parts.blocks, strict=True):
            if isinstance(part, Table):
                block["rows"] = rows_written(part)
                block["total"] = part.total and row_written(part.total, part.columns)
            elif isinstance(part, Clip):
                block["has_sound"] = block.pop("sound") is not None
    return plain
