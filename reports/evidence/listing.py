"""The list of evidence (证据清单): one row for each thing in the pack, and for each that is missing, why."""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from audit.calls.models import Call
from complaints.cases.showing import plain
from reports.evidence.gathering import Item
from reports.names import CHANNELS, NOT_LISTED

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute


@dataclass(frozen=True)
class Row:
    """One row; the fields are the columns."""

    no: int
    name: str
    file: str
    source: str
    formed_at: str
    summary: str
    length: str
    sha256: str
    purpose: str
    extracted_by: str
    missing: str = ""
    redacted: str = ""
    not_redacted: str = ""


COLUMNS = {
    "no": "序号",
    "name": "名称",
    "file": "文件",
    "source": "来源系统",
    "formed_at": "形成时间",
    "summary": "内容摘要",
    "length": "页数或时长",
    "sha256": "SHA-256",
    "purpose": "证明目的",
    "extracted_by": "提取人",
    "missing": "缺失原因",
    "redacted": "脱敏件",
    "not_redacted": "未脱敏原因",
}
assert list(COLUMNS) == [field.name for field in fields(Row)]  # noqa: S101


def purpose(item: Item) -> str:
    """What a contact is to prove: the allegations that it is linked to, and why."""
    return (
        "；".join(": ".join(filter(None, (link.kind and link.kind.names.zh, link.why))) for link in item.links)
        or NOT_LISTED
    )


def formed_at(item: Item) -> str:
    """When a contact was, by the local clock."""
    at = item.contact.started_at if isinstance(item.contact, Call) else item.contact.sent_at
    return str(plain(at)) if at else NOT_LISTED


def summary(item: Item) -> str:
    """What a contact is, in a line."""
    if isinstance(item.contact, Call):
        talk = item.contact.talk_seconds
        return f"通话 {item.number}，登记通话 {NOT_LISTED if talk is None else f'{talk} 秒'}"
    return f"{CHANNELS[item.contact.channel]} {item.number}，{len(item.contact.text)} 字"


def as_csv(rows: Iterable[Row]) -> str:
    """The list for spreadsheets; no cell of it is computed."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS.values())
    writer.writerows([_cell(value) for value in asdict(row).values()] for row in rows)
    return written.getvalue()


def as_text(rows: Iterable[Row]) -> str:
    """The list for reading and printing."""
    return "\n\n".join("\n".join(_told(row)) for row in rows) + "\n"


def _told(row: Row) -> Iterable[str]:
    return (f"{COLUMNS[name]}：{value}" for name, value in asdict(row).items() if value != "")


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
