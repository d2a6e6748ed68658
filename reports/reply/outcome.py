"""Parts six to nine of the letter: what was found, on what ground, what was said to the complainant, the decision."""

from collections.abc import Iterator

from audit.findings.models import Finding
from audit.ledger.limits import limits
from audit.ledger.models import LedgerResult
from complaints.vocabulary import CaseState, EventKind, Satisfaction, Substantiated
from reports.articles import Cited
from reports.document.model import Block, Column, Facts, Heading, Items, Paragraph, Quote, Table, Value
from reports.masking import masked
from reports.names import CHECKED, NOT_LISTED, SPEAKERS, in_words
from reports.reply.exhibits import moment, numbers
from reports.reply.facts import CaseFacts
from reports.reply.items import Item, items
from reports.reply.wording import wording


def facts(told: CaseFacts) -> list[Block]:
    """六、查明事实: each allegation with what was found of it and its evidence; then what was confirmed."""
    blocks: list[Block] = []
    for number, item in enumerate(items(told), 1):
        blocks += [Heading(text=f"（{number}）{item.kind.names.zh}"), *_item(item)]
    if not blocks:
        blocks.append(Paragraph(text="投诉事项尚未与通话、消息比对，没有查明的事实可以陈述。", tone="warning"))
    blocks += [Heading(text="经人工确认的问题"), *_confirmed(told)]
    if told.unreviewed:
        text = f"另有机器提出、未经人工复核的发现 {told.unreviewed} 项，不作为事实，未写入本文件。"
        blocks.append(Paragraph(text=text, tone="warning"))
    return blocks


def _item(item: Item) -> Iterator[Block]:
    claim = f"“{item.claim}”" if item.claim else "承办人认定，原文未逐字引用"
    evidence = numbers(item.exhibits) or "无"
    yield Facts(rows=[("投诉所称", claim), ("查明结果", item.verdict), ("证据", evidence)])
    if item.why:
        yield Paragraph(text=f"比对说明：{item.why}", tone="note")


def _confirmed(told: CaseFacts) -> Iterator[Block]:
    for finding in told.confirmed:
        yield Quote(text=told.hide(finding.quote), source=_source(told, finding))
    results = [_result(told, result) for result in told.confirmed_results]
    if results:
        yield Items(items=results)
    if not told.confirmed_count:
        yield Paragraph(text="无。")


def _source(told: CaseFacts, finding: Finding) -> str:
    """The kind, when and where in the recording it was said, by whom, and in which piece of evidence."""
    exhibit = next(each for each in told.exhibits if each.run == finding.run_id)
    at = "" if finding.at_ms is None else f"，录音 {finding.at_ms // 60_000:02}:{finding.at_ms // 1000 % 60:02} 处"
    return (
        f"{finding.kind_now.names.zh}，{moment(exhibit.at)}{at}，{SPEAKERS[finding.speaker]}（证据 {exhibit.number}）"
    )


def _result(told: CaseFacts, result: LedgerResult) -> str:
    linked = [exhibit for exhibit in told.exhibits if exhibit.result == result.id]
    found = numbers([*told.exhibits_of([*result.calls, *result.messages]), *linked])
    return f"{rule_title(result)}：{masked(in_words(result.why['zh']))}" + (f"（{found}）" if found else "")


def rule_title(result: LedgerResult) -> str:
    """What the rule of a result is called."""
    rule = limits().rule(result.rule)
    return rule.title.zh if rule else str(result.rule)


def basis(told: CaseFacts) -> list[Block]:
    """七、争议焦点与依据: articles as in force on the day; those that nobody checked stand apart and are not cited."""
    columns = [Column(name="法规、标准", width=3), Column(name="条款", width=2), *map(_column, ("施行日", "核对"))]
    rows: list[list[Value]] = [
        [*each.article, str(each.since or NOT_LISTED), _checked(each)] for each in told.articles if each.is_sure
    ]
    doubtful = [f"{each.text}（{CHECKED[each.checked]}）" for each in told.articles if not each.is_sure]
    disputed = "、".join(dict.fromkeys(item.kind.names.zh for item in items(told)))
    blocks: list[Block] = [
        Facts(rows=[("争议焦点", f"是否存在{disputed}" if disputed else "")]),
        Table(caption="处理依据（按联系当日有效的版本）", columns=columns, rows=rows, empty="无"),
    ]
    if doubtful:
        text = "以下条文尚未与原文核对，在有人核对并确认之前，本文件不引为依据："
        blocks += [Paragraph(text=text, tone="warning"), Items(items=doubtful)]
    if changed := sum(finding.reviewed_kind is not None for finding in told.confirmed):
        text = f"有 {changed} 项问题的类别由复核人改定，规则所引条文不再对应，未引用。"
        blocks.append(Paragraph(text=text, tone="note"))
    return blocks


def _checked(article: Cited) -> str:
    if article.confirmed_by:
        return f"经 {article.confirmed_by} 与 {article.confirmed_from} 核对"
    return CHECKED[article.checked]


def _column(name: str) -> Column:
    return Column(name=name)


def communication(told: CaseFacts) -> list[Block]:
    """八、与投诉人沟通情况: each contact with the complainant, and what they say of the handling."""
    columns = [Column(name="时间", width=2), _column("方式"), Column(name="内容", width=5), _column("经办人")]
    rows: list[list[Value]] = [
        [moment(event.at), event.body["how"], told.hide(event.body["text"]), event.actor]
        for event in told.of(EventKind.contacted)
    ]
    case = told.case
    said = wording().satisfaction[case.satisfaction]
    on = f"（{case.satisfaction_on} 回访）" if case.satisfaction is not Satisfaction.unasked else ""
    return [
        Table(caption=f"沟通记录（共 {len(rows)} 次）", columns=columns, rows=rows, empty="未登记"),
        Facts(rows=[("沟通录音", ""), ("投诉人满意度", f"{said}{on}")]),
    ]


def decision(told: CaseFacts) -> list[Block]:
    """九、处理意见: what was decided, why, and what is done."""
    case, names = told.case, wording()
    if case.state is CaseState.withdrawn:
        event = told.of(EventKind.withdrawn)[-1]
        text = f"投诉人于 {moment(event.at)} 撤回投诉（{told.hide(event.body['reason'])}），办理当日终止。"
        return [Paragraph(text=text)]
    blocks: list[Block] = []
    if not told.decided:
        rechecking = case.state is CaseState.rechecking
        text = "投诉人已申请核查，尚未作出核查决定；以下为原处理决定。" if rechecking else "尚未作出处理决定。"
        blocks.append(Paragraph(text=text, tone="warning"))
        if not rechecking:
            return blocks
    measures = [names.remedies[remedy] for remedy in case.remedies]
    rows = [
        ("认定", names.found[str(case.substantiated)]),
        ("理由", told.hide(case.reason or "")),
        ("处理措施", "、".join(measures) or ("不予支持" if case.substantiated is Substantiated.false else "")),
        ("赔偿金额", f"{case.compensation:,.2f} 元" if case.compensation else "无"),
        ("决定时间", moment(case.decided_at)),
        ("决定人", told.of(EventKind.decided)[-1].actor),
    ]
    return [*blocks, Facts(rows=rows)]
