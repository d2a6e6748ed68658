"""Makes the shipped Word templates, `letter.docx` and `report.docx`: `python -m reports.document.word_templates`.

The letter is set as GB/T 9704-2012 has it for official documents: A4, margins 37/28/35/26 mm, 仿宋 16 pt on a pitch of
28.95 pt, title 小标宋 22 pt, headings 黑体 and 楷体. Word only names these typefaces; the reader's machine has them.
"""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

_GREY, _RED = RGBColor(0x5B, 0x67, 0x70), RGBColor(0xB3, 0x26, 0x1E)
_BODY = (
    "{%p if draft %}",
    "草稿，不得对外发出。待办：{{ draft }}",
    "{%p endif %}",
    "{{ title }}",
    "{%p if subtitle %}",
    "{{ subtitle }}",
    "{%p endif %}",
    "{%p if to %}",
    "{{ to }}：",
    "{%p endif %}",
    "{%p for section in sections %}",
    "{{ section.heading }}",
    "{{p section.body }}",
    "{%p endfor %}",
    "{%p for line in issue %}",
    "{{ line }}",
    "{%p endfor %}",
)
_STYLED = {1: "Draft", 3: "Title", 5: "Subtitle", 8: "Addressee", 11: "Heading 1", 15: "Note"}


@dataclass(frozen=True)
class Setting:
    """How a template is set: margins (top, right, bottom, left, mm), typefaces, sizes and line pitch in points."""

    margins: tuple[float, float, float, float]
    body: str
    head: str
    sub: str
    title: str
    size: float
    title_size: float
    pitch: float
    indent: bool


SETTINGS = {
    "letter": Setting((37, 26, 35, 28), "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体", 16, 22, 28.95, True),
    "report": Setting((20, 20, 22, 20), "微软雅黑", "微软雅黑", "微软雅黑", "微软雅黑", 10.5, 18, 18, False),
}


def make(name: str, path: Path) -> None:
    """Writes the template of that name."""
    setting, document = SETTINGS[name], docx.Document()
    _page(document, setting)
    _styles(document, setting)
    for at, tag in enumerate(_BODY):
        document.add_paragraph(tag, style=_STYLED.get(at))
    _page_number(document, setting)
    document.save(str(path))


def _page(document: Document, setting: Setting) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    top, right, bottom, left = (Mm(each) for each in setting.margins)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = top, right, bottom, left


def _styles(document: Document, s: Setting) -> None:
    small = 10.5 if s.indent else 9
    _style(document, "Normal", s.body, s.size, s, indent=s.indent)
    _style(document, "Title", s.title, s.title_size, s, centred=True, pitch=s.title_size * 1.6, bold=not s.indent)
    for level, face in ((1, s.head), (2, s.sub)):
        size = s.size if s.indent else s.size + 4 - level
        style = _style(
            document, f"Heading {level}", face, size, s, indent=s.indent, pitch=size * 1.8, bold=not s.indent
        )
        style.paragraph_format.keep_with_next = True
    _style(document, "Addressee", s.body, s.size, s)
    _style(document, "Note", s.body, small, s, colour=_GREY, pitch=small * 1.6)
    _style(document, "Subtitle", s.body, small, s, colour=_GREY, centred=True)
    _style(document, "Strong Text", s.head, s.size, s, indent=s.indent, bold=True)
    for name in ("Draft", "Warning"):
        _style(document, name, s.head, small, s, colour=_RED, pitch=small * 1.7)
    _style(document, "Table Text", s.body, small, s, pitch=small * 1.35)
    _style(document, "Table Head", s.head, small, s, pitch=small * 1.35)
    _style(document, "Caption", s.head, small, s, pitch=small * 1.8).paragraph_format.keep_with_next = True
    for name in ("List Bullet", "Quote"):
        _style(document, name, s.body, s.size, s)
    picture = _style(document, "Picture", s.body, small, s, centred=True)
    picture.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE


def _style(
    document: Document,
    name: str,
    face: str,
    size: float,
    setting: Setting,
    *,
    indent: bool = False,
    centred: bool = False,
    bold: bool = False,
    colour: RGBColor | None = None,
    pitch: float | None = None,
) -> ParagraphStyle:
    known = name in [style.name for style in document.styles]
    style = document.styles[name] if known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)  # noqa: S101 - python-docx types all styles alike
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = colour or RGBColor(0, 0, 0)
    for border in style.element.xpath("w:pPr/w:pBdr"):
        border.getparent().remove(border)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for which in [key for key in fonts.attrib if "heme" in key]:
        del fonts.attrib[which]
    for which, of in (("ascii", "Times New Roman"), ("hAnsi", "Times New Roman"), ("eastAsia", face)):
        fonts.set(qn(f"w:{which}"), of if setting.indent else face)
    spacing = style.paragraph_format
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(pitch or setting.pitch)
    spacing.space_before = spacing.space_after = Pt(0 if setting.indent else 3)
    spacing.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else None
    if indent or name != "Normal":
        _first_line(style, 200 if indent else 0)
    return style


def _first_line(style: ParagraphStyle, hundredths: int) -> None:
    """Indents the first line by characters, which keeps to two whatever their size."""
    properties = style.element.get_or_add_pPr()
    indent = properties.get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(hundredths))
    indent.set(qn("w:firstLine"), str(int(hundredths * 3.2)))


def _page_number(document: Document, setting: Setting) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.style = document.styles["Addressee"]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("— ")
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = text or None
        run._r.append(element)
    paragraph.add_run(" —")


if __name__ == "__main__":
    for template in SETTINGS:
        make(template, Path(str(files("reports.document") / "templates" / f"{template}.docx")))
