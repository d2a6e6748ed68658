"""The sections of complaint statistics that break the figures down: by source, axis, party, allegation and root."""

from collections.abc import Sequence

from audit.ledger.limits import limits
from complaints.facts import facts
from reports.document.model import Block, Chart, Column, Form, Paragraph, Section, Series, Sheet, Table, Value
from reports.names import CHECKED
from reports.statistics.allegations import Alleged, Limit, Root
from reports.statistics.axes import AXES, Cross, Placed, Through
from reports.statistics.parties import Against

MOST = 20  # parties shown; the workbook has all
_UNKNOWN = "不在编码表"
_PARTIES = [
    Column(name="名称", width=2),
    *(Column(name=name, form=Form.count) for name in ("收到", "监管转办", "超期", "已作决定", "属实或部分属实")),
    Column(name="属实率", form=Form.share),
]


def origins(through: Sequence[Through]) -> Section:
    """Through whom the complaints came in."""
    columns = [Column(name="来源"), Column(name="渠道", width=2), *_counts("收到", "超期")]
    rows: list[list[Value]] = [[*one] for one in through]
    total: list[Value] = ["合计", None, sum(one.received for one in through), sum(one.overdue for one in through)]
    return Section(
        id="sources",
        title="投诉来源",
        blocks=[Table(caption="来源渠道", columns=columns, rows=rows, total=total if rows else None)],
    )


def classified(places: dict[str, list[Placed]], crosses: Sequence[tuple[str, str, Cross]]) -> Section:
    """The three axes with the mark of each name, then one against another."""
    standard = facts().standard
    cited = f"分类依据：{standard['number']}《{standard['title']}》；名称来源：{standard['source']}。"
    blocks: list[Block] = [
        Paragraph(text=f"{cited}标准的数字编码未见原文，只列名称；“核对”为名称的核对程度。", tone="note"),
        *(_axis(axis, found) for axis, found in places.items()),
        _bars(places["cause"]),
        *(_crossed(down, across, found) for down, across, found in crosses),
    ]
    return Section(id="axes", title="分类统计", blocks=blocks)


def _axis(axis: str, places: Sequence[Placed]) -> Table:
    received = sum(place.received for place in places)
    columns = [Column(name=AXES[axis], width=2), Column(name="核对"), *_counts("收到", "监管转办", "超期")]
    rows: list[list[Value]] = [[one.name, _mark(one), *one[2:], _part(one.received, received)] for one in places]
    sums = [sum(counts) for counts in zip(*(one[2:] for one in places), strict=True)]
    total: list[Value] = ["合计", None, *sums, _part(received, received)]
    return Table(caption=AXES[axis], columns=[*columns, _share("占比")], rows=rows, total=total)


def _mark(place: Placed) -> str:
    return CHECKED[place.checked] if place.checked else _UNKNOWN


def _bars(causes: Sequence[Placed]) -> Chart:
    found = sorted((cause for cause in causes if cause.received), key=lambda cause: -cause.received)
    most = f"最多为{found[0].name}，{found[0].received:,} 件。" if found else "本期没有投诉。"
    series = [Series(name="收到", values=[float(cause.received) for cause in found])]
    return Chart(caption="投诉原因", labels=[c.name for c in found], series=series, unit="件", alt=most)


def _crossed(down: str, across: str, found: Cross) -> Table:
    rows: list[list[Value]] = [[name, *n, sum(n)] for name, n in zip(found.rows, found.counts, strict=True)]
    total: list[Value] = ["合计", *found.totals, sum(found.totals)]
    return Table(
        caption=f"{AXES[down]}与{AXES[across]}",
        columns=[Column(name=AXES[down], width=2), *_counts(*found.columns, "合计")],
        rows=rows,
        total=total if rows else None,
    )


def concerned(by: dict[str, list[Against]]) -> Section:
    """Lenders, agencies and collectors, those most complained of."""
    return Section(id="parties", title="所涉机构与人员", blocks=[_parties(name, found) for name, found in by.items()])


def _parties(caption: str, found: Sequence[Against]) -> Table:
    more = len(found) - MOST
    note = f"另有 {more:,} 个见工作簿“{sheet_of(caption)}”。" if more > 0 else ""
    return Table(caption=caption, columns=_PARTIES, rows=[_party(one) for one in found[:MOST]], note=note)


def sheet_of(caption: str) -> str:
    """What the sheet with all rows of a table is called."""
    return f"{caption}（全部）"


def party_sheet(caption: str, found: Sequence[Against]) -> Sheet:
    """All parties."""
    return Sheet(sheet_of(caption), _PARTIES, lambda: (_party(one) for one in found))


def _party(one: Against) -> list[Value]:
    counts = (one.received, one.regulator, one.overdue, one.decided, one.substantiated)
    return [one.name, *counts, _part(one.substantiated, one.decided)]


def alleged(found: Sequence[Alleged], unread: int) -> Section:
    """What is alleged and what came of it."""
    counts = _counts("投诉", "属实", "部分属实", "不属实", "未作决定", "已采信证据")
    rows: list[list[Value]] = [[one.kind.names.zh, *one[1:]] for one in found]
    note = "一件投诉可有多项所诉；结论是整件投诉的结论，不是逐项的结论。"
    return Section(
        id="allegations",
        title="所诉事项及处理",
        blocks=[
            Table(caption="所诉事项", columns=[Column(name="所诉事项", width=2), *counts], rows=rows, note=note),
            Paragraph(text=f"尚未读取或更正所诉事项的投诉 {unread:,} 件，未计入上表。", tone="note"),
        ],
    )


def causes(roots: Sequence[Root], broken: Sequence[Limit], unaccepted: int) -> Section:
    """The confirmed findings behind the complaints, and the limits that were not kept."""
    titles = {name: rule.title.zh for name, rule in limits().rules()}
    found: list[list[Value]] = [[one.cause, one.kind.names.zh, *one[2:]] for one in roots]
    kept: list[list[Value]] = [[titles.get(one.rule, one.rule), one.complaints, one.results] for one in broken]
    by_kind = [Column(name="投诉原因", width=2), Column(name="违规类型"), *_counts("投诉", "已确认违规", "未经复核")]
    by_rule = [Column(name="规则", width=2), *_counts("投诉", "已确认结果")]
    return Section(
        id="roots",
        title="溯源",
        blocks=[
            Paragraph(text="下列违规见于经办人采信为投诉证据的通话和消息；“投诉”为有已确认违规的件数。", tone="note"),
            Table(caption="已确认违规与投诉原因", columns=by_kind, rows=found, empty="采信的证据中没有已确认的违规"),
            Table(caption="已确认的时段与频次问题", columns=by_rule, rows=kept),
            Paragraph(text=f"只有系统建议、尚无经办人采信证据的投诉 {unaccepted:,} 件，未计入上两表。", tone="note"),
        ],
    )


def _counts(*names: str) -> list[Column]:
    return [Column(name=name, form=Form.count) for name in names]


def _share(name: str) -> Column:
    return Column(name=name, form=Form.share)


def _part(part: int, whole: int) -> float | None:
    return part / whole if whole else None
