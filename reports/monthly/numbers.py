"""The parts of the monthly report that are numbers: overview, coverage, violations, who and where, hours and ledger."""

from collections.abc import Callable

from classifiers.taxonomy import Kind, Severity, Verdict
from reports.counts import Counts
from reports.dimensions import Dimension
from reports.document.model import Block, Chart, Column, Facts, Form, Paragraph, Series, Table, Value
from reports.document.written import written
from reports.intervals import wilson
from reports.monthly.facts import MonthlyFacts, by_hour
from reports.names import DIMENSIONS, LEDGER_VERDICTS, SEVERITIES
from reports.reviewed import Reviewed

MOST = 20  # groups of a dimension that are shown; the workbook has all
_COUNT, _SHARE, _RATE = Form.count, Form.share, Form.rate


def overview(told: MonthlyFacts) -> list[Block]:
    """The key figures beside those of the period before."""
    now, before = told.figures.total, told.before.total if told.before else None
    rows: list[list[Value]] = [
        [name, written(get(now), form), written(get(before), form) if before else None, _change(get, now, before)]
        for name, get, form in _KEY
    ]
    columns = [
        Column(name="指标", width=3),
        *(Column(name=name, form=_COUNT) for name in ("本期", "上期", "变化")),
    ]
    blocks: list[Block] = [Table(caption="主要指标", columns=columns, rows=rows)]
    if not now.contacts:
        blocks.insert(0, Paragraph(text="本期没有通话、消息和外访记录。", tone="warning"))
    if told.summary.synthetic:
        text = "标有“演示”的通话与消息为虚构，通话由合成语音在电话线路上录制。"
        blocks.append(Paragraph(text=text, tone="warning"))
    return blocks


_KEY: tuple[tuple[str, Callable[[Counts], float | None], Form], ...] = (
    ("呼叫", lambda c: c.calls, _COUNT),
    ("接通", lambda c: c.connected, _COUNT),
    ("消息", lambda c: c.messages, _COUNT),
    ("外访", lambda c: c.visits, _COUNT),
    ("已判定通话", lambda c: c.judged, _COUNT),
    ("接通通话覆盖率", lambda c: c.coverage, _SHARE),
    ("无法判定率", lambda c: c.not_judgeable_share, _SHARE),
    ("通话中的违规", lambda c: c.found(), _COUNT),
    ("违规（每千通已判定通话）", lambda c: c.per_thousand(), _RATE),
    ("台账违规", lambda c: c.ledger, _COUNT),
    ("台账违规（每千次联系）", lambda c: c.ledger_per_thousand, _RATE),
)


def _change(get: Callable[[Counts], float | None], now: Counts, before: Counts | None) -> str:
    new, old = get(now), get(before) if before else None
    if new is None or not old:
        return written(None, _COUNT)
    return f"{(new - old) / old:+.1%}"


def method(told: MonthlyFacts) -> list[Block]:
    """What was looked at, by machine and by people, and what was not."""
    total, seen, people = told.figures.total, told.summary, told.reviewed
    rows = [
        ("抽检方式", "全量：凡有录音的通话、凡有文本的消息均由机器判定，人工复核其中一部分"),
        ("录音", f"{seen.audited + seen.waiting:,} 通，已审计 {seen.audited:,} 通，待审计 {seen.waiting:,} 通"),
        ("无法判定", f"{seen.calls[Verdict.not_judgeable]:,} 通，须人工收听"),
        ("接通而未按录音判定", f"{total.connected - total.covered:,} 通（没有录音、尚未审计或无法判定），内容不明"),
        ("消息", f"{total.messages:,} 条，已判定 {total.read:,} 条"),
        ("录音时长", f"{seen.seconds / 3600:,.1f} 小时"),
        (
            "人工复核",
            f"{people.decided:,} 项：确认 {people.confirmed:,}，改判 {people.changed:,}，否决 {people.rejected:,}",
        ),
        ("未经复核", f"{people.waiting:,} 项，以下数字含未经复核的机器判定，不含已否决的"),
        ("机器判定被认可的比例", _upheld(told)),
        ("漏报", "未估计：没有对未报出的通话抽样复听"),
    ]
    if seen.undated:
        rows.append(("无日期的录音", f"{seen.undated:,} 通没有通话记录，不属任何期间"))
    return [Facts(rows=rows)]


def _decisions(people: Reviewed) -> str:
    return f"确认 {people.confirmed:,}，改判 {people.changed:,}，否决 {people.rejected:,}"


def _upheld(told: MonthlyFacts) -> str:
    """Of what people decided on, the share that they upheld, with its interval."""
    people = told.reviewed
    if not people.decided:
        return "无复核，无法计算"
    low, high = wilson(people.confirmed, people.decided, 0.95)
    return f"{people.confirmed / people.decided:.1%}（95% 区间 {low:.1%}—{high:.1%}）"


def offences(told: MonthlyFacts) -> list[Block]:
    """Violations in calls and messages by kind and severity, and over the months."""
    total = told.figures.total
    kinds = [kind for kind in Kind if not kind.is_signal and (total.found(kind) or _in_messages(total, kind))]
    columns = [Column(name="类别", width=2), *(Column(name=SEVERITIES[s], form=_COUNT) for s in Severity)]
    columns += [Column(name=name, form=form) for name, form in _OF_KIND]
    rows: list[list[Value]] = [
        [
            kind.names.zh,
            *(total.found(kind, severity) for severity in Severity),
            total.found(kind),
            total.per_thousand(kind),
            _in_messages(total, kind),
        ]
        for kind in kinds
    ]
    blocks: list[Block] = [
        Table(
            caption="违规类别",
            columns=columns,
            rows=rows,
            empty="本期未发现违规。",
            note="按严重程度列出的为通话中的违规。",
        )
    ]
    if kinds and total.judged:
        values = [total.per_thousand(kind) for kind in kinds]
        names = [kind.names.zh for kind in kinds]
        blocks.append(_bars("每千通已判定通话的违规", names, values, "次／千通"))
    labels, rates = [month.name for month in told.months], [month.per_thousand for month in told.months]
    series = [Series(name="违规", values=rates)]
    text = "；".join(f"{name} {written(rate, _RATE)}" for name, rate in zip(labels, rates, strict=True))
    trend = Chart(caption="近十二个月", form="lines", labels=labels, series=series, unit="次／千通", alt=text)
    return [*blocks, trend] if any(rates) else blocks


_OF_KIND = (("通话合计", _COUNT), ("每千通", _RATE), ("消息", _COUNT))


def _in_messages(counts: Counts, kind: Kind) -> int:
    return sum(n for (of_kind, _), n in counts.message_violations.items() if of_kind is kind)


def _bars(caption: str, labels: list[str], values: list[float | None], unit: str) -> Chart:
    text = "；".join(f"{name} {written(value, _RATE)}" for name, value in zip(labels, values, strict=True))
    return Chart(caption=caption, labels=labels, series=[Series(name=caption, values=values)], unit=unit, alt=text)


def distribution(told: MonthlyFacts) -> list[Block]:
    """Who and where: by agency, team, collector, lender and stage."""
    return [_by(told, dimension) for dimension in Dimension if told.figures.by[dimension]] or [Paragraph(text="无。")]


def _by(told: MonthlyFacts, dimension: Dimension) -> Table:
    groups = told.figures.by[dimension]
    rest = f"另有 {len(groups) - MOST} 项未列出，见工作簿。" if len(groups) > MOST else ""
    name = DIMENSIONS[dimension]
    rows = [group_row(group.name, group.agency, group.counts) for group in groups[:MOST]]
    return Table(caption=f"按{name}", columns=group_columns(name), rows=rows, note=rest)


def group_columns(name: str) -> list[Column]:
    """The columns of a table of groups."""
    numbers = (("接通", _COUNT), ("已判定", _COUNT), ("覆盖率", _SHARE), ("违规", _COUNT), ("每千通", _RATE))
    more = (("其中严重", _COUNT), ("台账违规", _COUNT), ("台账／千次", _RATE))
    return [Column(name=name, width=2.2), *(Column(name=each, form=form) for each, form in (*numbers, *more))]


def group_row(name: str, agency: str | None, c: Counts) -> list[Value]:
    """The figures of a group."""
    critical = c.found(severity=Severity.critical)
    called = f"{name}（{agency}）" if agency else name
    return [
        called,
        c.connected,
        c.judged,
        c.coverage,
        c.found(),
        c.per_thousand(),
        critical,
        c.ledger,
        c.ledger_per_thousand,
    ]


def ledger(told: MonthlyFacts) -> list[Block]:
    """Hours, frequency, third persons and the other rules of the ledger: looked at, found, kept."""
    counted = {part.title: part.counted for part in told.rules}
    columns = [Column(name="规则", width=2.5), *(Column(name=n, form=_COUNT) for n in ("应判记录", "缺登记未判"))]
    columns += [*(Column(name=LEDGER_VERDICTS[v], form=_COUNT) for v in _OUTCOMES), Column(name="合规率", form=_SHARE)]
    rows: list[list[Value]] = []
    for rule in told.covered:
        found = counted.get(rule.title, {})
        judged = (rule.looked or 0) - (rule.missing or 0)
        broken = sum(found.get(verdict, 0) for verdict in _OUTCOMES)
        kept = max(0.0, 1 - broken / judged) if judged else None
        rows.append([rule.title, rule.looked, rule.missing, *(found.get(v, 0) for v in _OUTCOMES), kept])
    note = "合规率：可判记录中未发现超限、亦无待核实的比例。“—”：没有可判的记录，不等于合规。"
    hours = by_hour(told.session, told.period)
    blocks: list[Block] = [Table(caption="联系台账", columns=columns, rows=rows, note=note, empty="没有启用的规则。")]
    if any(hours):
        blocks.append(_bars("接通通话的时刻分布", [str(h) for h in range(24)], list(hours), "通（横轴为起始的小时）"))
    return blocks


_OUTCOMES = ("finding", "unclear")
