"""Documents as one HTML page that needs nothing beside it."""

import base64
from collections.abc import Collection
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.document.model import Chart, Clip, Document, Table
from reports.document.pdf import figure
from reports.document.written import Issue, row_written, rows_written

_DIGITS = "零一二三四五六七八九"


def page(document: Document, issue: Issue) -> bytes:
    """The document as a page."""
    return _pages().get_template("document.html").render(doc=_written(document), issue=issue, numbered=True).encode()


def sections_html(document: Document, wanted: Collection[str]) -> Markup:
    """Some sections of a document by id, without numbers, for a page that has more than them."""
    some = document.model_copy(update={"sections": [s for s in document.sections if s.id in wanted]})
    html = _pages().get_template("sections.html").render(doc=_written(some), numbered=False)
    return Markup(html)  # noqa: S704 - escaped there


def numeral(number: int) -> str:
    """一, 二, … 十, 十一, … as sections are numbered, up to 99."""
    tens, ones = divmod(number, 10)
    return (_DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (_DIGITS[ones] if ones else "")


@lru_cache(maxsize=1)
def _pages() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports.document"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "numeral": numeral,
        "drawn": lambda chart: _address("image/svg+xml", figure(chart, "svg")),
        "playable": lambda sound: _address("audio/mpeg", sound),
    }
    return environment


def _address(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _written(document: Document) -> dict[str, object]:
    """The document with its cells in words; charts and clips stay what they are."""
    sections = [{**dict(section), "blocks": [_block(part) for part in section.blocks]} for section in document.sections]
    return {**dict(document), "sections": sections}


def _block(part: object) -> object:
    if isinstance(part, Table):
        total = part.total and row_written(part.total, part.columns)
        return {**dict(part), "rows": rows_written(part), "total": total}
    return part if isinstance(part, Chart | Clip) else dict(part)  # type: ignore[call-overload]
