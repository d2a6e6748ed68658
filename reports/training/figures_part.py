"""The tables of figures on sheets of training."""

from collections.abc import Mapping

from audit.findings.models import State
from classifiers.taxonomy import Kind
from reports.document.model import Column, Form, Paragraph, Table, Value
from reports.training.measured import Measured

_NOTE = (
    "每千通以已判定通话为基数，只计通话中经人工复核确认的违规，括号内为 95% 区间；未经复核的单列，不作为事实。"
    "区间重叠的，不能说有差别。"
)


def figures_table(caption: str, own: Measured, beside: Mapping[str, Measured | None]) -> Table:
    """Violations by kind, confirmed and not yet reviewed apart, beside the rates of others; None prints as —."""
    shown = [measured for measured in (own, *beside.values()) if measured]
    kinds = [kind for kind in Kind if any(kind in measured.kinds for measured in shown)]
    columns = [
        Column(name="类别", width=1.2),
        *(Column(name=name, form=Form.count, width=0.8) for name in ("已确认", "未经复核", "消息中已确认")),
        *(Column(name=name, width=1.6) for name in ("每千通（95% 区间）", *beside)),
    ]
    rows = [_row(kind.names.zh, kind, own, beside) for kind in kinds]
    total = _row("合计", None, own, beside)
    return Table(caption=caption, columns=columns, rows=rows, total=total, note=_NOTE)


def coverage(own: Measured) -> Paragraph:
    """What was judged, and what was not."""
    text = (
        f"通话 {own.calls:,} 通，已判定 {own.judged:,} 通，无法判定 {own.not_judgeable:,} 通，"
        f"未送检 {own.calls - own.audited:,} 通（含未接通与无录音）；消息 {own.messages:,} 条。未判定的不视为合规。"
    )
    return Paragraph(text=text, tone="note")


def _row(name: str, kind: Kind | None, own: Measured, beside: Mapping[str, Measured | None]) -> list[Value]:
    written = sum(n for (k, s), n in own.in_messages.items() if kind in {None, k} and s is State.confirmed)
    rates = [measured.rate(kind).text if measured else "—" for measured in (own, *beside.values())]
    waiting = own.rate(kind, State.open).count + sum(
        n for (k, s), n in own.in_messages.items() if kind in {None, k} and s is State.open
    )
    return [name, own.rate(kind).count, waiting, written, *rates]
