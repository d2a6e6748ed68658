"""The sections of complaint statistics with the figures of the whole, their change and their trend."""

from collections.abc import Callable, Sequence

from complaints.vocabulary import Remedy
from reports.document.model import Block, Chart, Column, Form, Heading, Paragraph, Section, Series, Table, Value
from reports.period import Period
from reports.statistics.codes import codes
from reports.statistics.timeliness import Due
from reports.statistics.totals import Flow, Totals, share
from reports.statistics.trend import Month

Measure = tuple[str, Callable[[Totals], float | None]]

_COUNTS: list[Measure] = [
    ("本期收到投诉", lambda one: one.received),
    ("其中：监管转办", lambda one: one.counts["regulator"]),
    ("其中：重复投诉", lambda one: one.counts["repeat"]),
    ("其中：重大投诉", lambda one: one.counts["major"]),
    ("已作决定", lambda one: one.counts["decided"]),
    ("已撤回", lambda one: one.counts["withdrawn"]),
    ("截止时未结", lambda one: one.counts["open"]),
    ("延期办理", lambda one: one.counts["extended"]),
    ("超期", lambda one: one.overdue),
]
_SHARES: list[Measure] = [
    ("办结率", lambda one: one.closed_share),
    ("监管转办占比", lambda one: one.of_received(one.counts["regulator"])),
    ("重复投诉率", lambda one: one.of_received(one.counts["repeat"])),
    ("超期率", lambda one: one.of_received(one.overdue)),
    ("属实率（含部分属实，占已作决定）", lambda one: one.substantiated_share),
    ("回访率（占已作决定或撤回）", lambda one: one.asked_share),
    ("满意率（占已回访）", lambda one: one.satisfied_share),
]
_RATES: list[Measure] = [
    ("每万户投诉件数（按在册账户数）", lambda one: one.per_ten_thousand),
    ("平均处理用时（天）", lambda one: one.mean_days),
    ("处理用时中位数（天）", lambda one: one.median_days),
]


def summary(now: Totals, then: Totals, earlier: Period, others: Sequence[tuple[str, int]]) -> Section:
    """The key figures beside those of the period before, and what is no complaint."""
    counts = [[name, told(now), told(then), (told(now) or 0) - (told(then) or 0)] for name, told in _COUNTS]
    shares = [[name, told(now), told(then), _points(told(now), told(then))] for name, told in _SHARES]
    rates = [[name, told(now), told(then), _less(told(now), told(then))] for name, told in _RATES]
    blocks: list[Block] = [
        *([] if now.received else [Paragraph(text="本期未收到投诉。以下各项如实列示为零或无。", tone="strong")]),
        _compared("主要件数", earlier, counts, Form.count, Column(name="增减", form=Form.count)),
        _compared("主要比率", earlier, shares, Form.share, Column(name="增减（百分点）", form=Form.rate)),
        _compared("强度与用时", earlier, rates, Form.rate, Column(name="增减", form=Form.rate)),
        Paragraph(text=f"在册账户 {now.accounts:,} 户。{codes().definition}", tone="note"),
        _others(others),
    ]
    return Section(id="summary", title="概况", blocks=blocks)


def _compared(caption: str, earlier: Period, rows: list[list[Value]], form: Form, change: Column) -> Table:
    columns = [Column(name="指标", width=2.4), Column(name="本期", form=form), Column(name=earlier.name, form=form)]
    return Table(caption=caption, columns=[*columns, change], rows=rows)


def _others(others: Sequence[tuple[str, int]]) -> Table:
    columns = [Column(name="类型"), Column(name="件数", form=Form.count)]
    return Table(caption="不计入投诉件数的其他来件", columns=columns, rows=[[*one] for one in others])


def handling(now: Totals, flow: Flow, due: Due) -> Section:
    """What was open, came in and was closed, and how the time limits were kept."""
    moved: list[list[Value]] = [
        ["期初未结", flow.opening],
        ["本期收到", flow.received],
        ["往期已结、本期重新受理或申请核查", flow.reopened],
        ["本期办结", flow.closed],
        ["期末未结", flow.open],
    ]
    kept: list[list[Value]] = [
        ["逾期后履行", now.counts["late"], now.of_received(now.counts["late"])],
        ["截止时逾期未履行", now.counts["lapsed"], now.of_received(now.counts["lapsed"])],
        ["超期合计（两者兼有的计一件）", now.overdue, now.of_received(now.overdue)],
        ["延期办理", now.counts["extended"], now.of_received(now.counts["extended"])],
        ["未登记时限、无从核对", now.received - now.counts["clocked"], None],
    ]
    part = Column(name="占收到", form=Form.share)
    return Section(
        id="handling",
        title="受理、办结与时限",
        blocks=[
            Table(caption="结转", columns=_counted("项目"), rows=moved),
            Table(caption="本期收到的投诉", columns=[*_counted("项目"), part], rows=kept),
            _due(due),
        ],
    )


def _due(due: Due) -> Table:
    rows: list[list[Value]] = [[name, n, due.share(n)] for name, n in due.by_name.items()]
    part = Column(name="占到期", form=Form.share)
    return Table(
        caption="本期到期的时限",
        columns=[Column(name="项目", width=2), Column(name="个数", form=Form.count), part],
        rows=rows,
        total=["合计", due.all, due.share(due.all)],
        note="不论投诉何时收到；一件投诉可有数个时限。",
    )


def outcome(now: Totals, remedies: dict[Remedy, int]) -> Section:
    """Verdicts, what was done, what was paid, and what the complainants say of it."""
    named, decided = codes(), sum(now.verdicts.values())
    verdicts: list[list[Value]] = [[named.verdicts[v], n, share(n, decided)] for v, n in now.verdicts.items()]
    done: list[list[Value]] = [[named.remedies[remedy], n] for remedy, n in remedies.items() if n]
    said: list[list[Value]] = [[named.satisfaction[s], n, now.of_received(n)] for s, n in now.satisfaction.items()]
    part = Column(name="占比", form=Form.share)
    paid = f"作出经济补偿 {now.compensated:,} 件，合计 {now.compensation:,.2f} 元。"
    return Section(
        id="outcome",
        title="处理结果",
        blocks=[
            Table(caption="认定结论", columns=[*_counted("结论"), part], rows=verdicts, total=["合计", decided, None]),
            Table(caption="处理措施", columns=_counted("措施"), rows=done, note="一件可有多项措施。"),
            Paragraph(text=paid),
            Table(caption="满意度", columns=[*_counted("评价"), part], rows=said),
        ],
    )


def over_time(months: Sequence[Month]) -> Section:
    """The last twelve months as lines, and as a table."""
    rows: list[list[Value]] = [[*month] for month in months]
    lines = {"收到": [m.received for m in months], "监管转办": [m.regulator for m in months]}
    lines["办结"] = [m.closed for m in months]
    most = max(months, key=lambda month: month.received)
    chart = Chart(
        caption="近十二个月投诉件数",
        form="lines",
        labels=[month.name for month in months],
        series=[Series(name=name, values=[float(n) for n in counts]) for name, counts in lines.items()],
        unit="件",
        alt=f"近十二个月共收到 {sum(lines['收到']):,} 件，最多为 {most.name} 的 {most.received:,} 件。",
    )
    columns = [Column(name="月份"), *(Column(name=name, form=Form.count) for name in lines)]
    total: list[Value] = ["合计", *(sum(counts) for counts in lines.values())]
    return Section(
        id="trend",
        title="趋势",
        blocks=[chart, Heading(text="逐月"), Table(caption="逐月件数", columns=columns, rows=rows, total=total)],
    )


def _counted(what: str) -> list[Column]:
    return [Column(name=what, width=2), Column(name="件数", form=Form.count)]


def _points(now: float | None, then: float | None) -> float | None:
    less = _less(now, then)
    return None if less is None else 100 * less


def _less(now: float | None, then: float | None) -> float | None:
    return None if now is None or then is None else now - then
