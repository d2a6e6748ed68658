"""The section of a scorecard about one agency: its measures, and what lies behind them."""

from collections.abc import Iterator

from audit.findings.models import State
from classifiers.taxonomy import Severity
from reports.document.model import Block, Column, Form, Paragraph, Section, Table, Value
from reports.document.written import written
from reports.names import SEVERITIES
from reports.period import Period
from reports.scorecard.cards import Card, PartScore, Scored
from reports.scorecard.totals_part import remarks
from reports.scorecard.weights import PER

COLUMNS = [
    Column(name="指标", width=3),
    Column(name="发生", form=Form.rate),
    Column(name="基数", form=Form.count),
    Column(name="数值"),
    Column(name="区间", width=1.4),
    Column(name="得分", form=Form.rate),
    Column(name="说明", width=1.4),
]


def agency(n: int, card: Card, then: Card | None, earlier: Period) -> Section:
    """One agency: total, each part's measures with intervals and marks, violations by severity."""
    before = {part.part.title: part.score for part in then.parts} if then else {}
    was = written(then.total if then else None, Form.rate)
    told = "；".join([f"总分 {written(card.total, Form.rate)}（{earlier.name}：{was}）", *remarks(card)])
    blocks: list[Block] = [
        Paragraph(text=f"{told}。", tone="strong"),
        *(_part(part, before.get(part.part.title), earlier) for part in card.parts),
        _found(card),
        Paragraph(text=_coverage(card), tone="note"),
    ]
    return Section(id=f"agency-{n}", title=card.agency, blocks=blocks)


def measures(card: Card) -> Iterator[list[Value]]:
    """The rows of all parts, each with the part's title in front."""
    for part in card.parts:
        for scored in part.measures:
            yield [part.part.title, *_row(scored)]


def _part(part: PartScore, before: float | None, earlier: Period) -> Table:
    note = f"{earlier.name}：{written(before, Form.rate)}。“区间”为置信区间，计算方法见“评分方法”。"
    total: list[Value] = ["得分", None, None, None, None, part.score, None]
    rows = [_row(scored) for scored in part.measures]
    return Table(
        caption=f"{part.part.title}（权重 {part.part.weight:g}）", columns=COLUMNS, rows=rows, total=total, note=note
    )


def _row(scored: Scored) -> list[Value]:
    form = Form.rate if scored.id in PER else Form.share
    between = "—".join(written(bound, form) for bound in scored.interval) if scored.interval else None
    count, base = scored.counted
    return [scored.measure.title, count, base, written(scored.value, form), between, scored.points, _mark(scored)]


def _mark(scored: Scored) -> str:
    if scored.value is None:
        return "无数据，不得分" if scored.counts else "本期无此情形，不计"
    if not scored.reviewed:
        return "复核不足，不得分"
    return "" if scored.enough else f"样本不足（少于 {scored.measure.minimum:,}）"


def _found(card: Card) -> Table:
    """Violations by severity: confirmed in calls and messages, those not yet reviewed apart; and the ledger's."""
    rows = [_severity(card, severity) for severity in Severity]
    limits, sure = len(card.conduct.limits), len(card.conduct.limits_confirmed)
    contacts = card.counts.contacts
    once, all_told = _rate(sure, contacts), _rate(limits, contacts)
    rows.append(["时段、频次等（每千次联系）", sure, None, once, limits - sure, all_told])
    columns = [
        Column(name="程度", width=2),
        *(Column(name=name, form=Form.count) for name in ("已确认（通话）", "已确认（消息）")),
        Column(name="每千通（已确认）", form=Form.rate),
        Column(name="未经复核", form=Form.count),
        Column(name="每千通（含未经复核）", form=Form.rate),
    ]
    note = "得分只计已确认的；未经复核的单列，不作为事实。每千通以已判定通话为基数，只计通话中的违规。"
    return Table(caption="违规程度", columns=columns, rows=rows, note=note)


def _severity(card: Card, severity: Severity) -> list[Value]:
    calls, messages = card.conduct.calls, card.conduct.messages
    sure, waiting = calls[severity, State.confirmed], calls[severity, State.open]
    judged = card.counts.judged
    return [
        SEVERITIES[severity],
        sure,
        messages[severity, State.confirmed],
        _rate(sure, judged),
        waiting + messages[severity, State.open],
        _rate(sure + waiting, judged),
    ]


def _rate(count: int, base: int) -> float | None:
    return 1000 * count / base if base else None


def _coverage(card: Card) -> str:
    counts = card.counts
    reviewed = written(card.conduct.reviewed, Form.share)
    return (
        f"通话 {counts.calls:,} 通，接通 {counts.connected:,} 通，已判定 {counts.judged:,} 通，"
        f"无法判定 {counts.not_judgeable:,} 通，接通通话的判定覆盖率 {written(counts.coverage, Form.share)}；"
        f"消息 {counts.messages:,} 条；外访 {counts.visits:,} 次。违规的复核率 {reviewed}。未判定的不视为合规。"
    )
