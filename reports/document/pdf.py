"""Documents and charts by typst: tagged PDF/A-2a and PDF/UA-1, which also refuses what no font can show."""

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typst

from audit.store.types import LOCAL
from classifiers.errors import BadInput, BadWorkspace
from reports.document.model import Chart, Document
from reports.document.written import Issue, told

_TEMPLATES = Path(str(files("reports.document") / "templates"))
_FONTS = [str(files("reports") / "fonts")]
_STANDARDS = ["a-2a", "ua-1"]
_NOT_SHOWN = re.compile(r'the text `?"(?P<text>.+?)"`? could not be displayed')


def pdf(document: Document, issue: Issue) -> bytes:
    """The document as PDF. Raises BadInput naming a character that no font has."""
    made = issue.made_at.astimezone(LOCAL)
    about = {"year": made.year, "month": made.month, "day": made.day, "lines": issue.lines, "line": document.title}
    told_all = {"document": told(document), "issue": about}
    return _compiled("document.typ", told_all, "pdf", pdf_standards=_STANDARDS, timestamp=int(made.timestamp()))


def figure(chart: Chart, form: Literal["svg", "png"]) -> bytes:
    """A chart as SVG, or as PNG of 220 dots an inch."""
    more = {"ppi": 220.0} if form == "png" else {}
    return _compiled("figure.typ", chart.model_dump(mode="json"), form, **more)


def _compiled(template: str, told_all: dict[str, Any], form: Any, **more: Any) -> bytes:
    try:
        made: Any = typst.compile(
            _TEMPLATES / template,
            root=_TEMPLATES,
            font_paths=_FONTS,
            ignore_system_fonts=True,
            sys_inputs={"told": json.dumps(told_all, ensure_ascii=False)},
            format=form,
            **more,
        )
    except typst.TypstError as error:
        raise _refusal(error) from error
    return made if isinstance(made, bytes) else b"".join(made)


def _refusal(error: typst.TypstError) -> BadInput | BadWorkspace:
    if missing := _NOT_SHOWN.search(str(error)):
        return BadInput(f"no font has the character {missing['text']!r}", "write it another way in the register")
    return BadWorkspace(f"the PDF could not be set: {str(error).partition(chr(10))[0]}", "report it with the document")
