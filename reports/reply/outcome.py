"""The other seven parts of the letter: what was found, on what ground, what is done, and the list of evidence."""

from collections.abc import Iterator, Sequence
from typing import Any

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.findings.models import Finding
from audit.ledger.limits import limits
from audit.ledger.models import LedgerResult
from audit.parties.models import Collector
from audit.store.types import local_day
from classifiers.taxonomy import Kind
from complaints.vocabulary import CaseState, EventKind, Remedy, Satisfaction
from reports.articles import Cited
from reports.document.model import Block, Column, Facts, Heading, Items, Paragraph, Quote, Signature, Table, Value
from reports.masking import masked
from reports.names import CHECKED, NOT_LISTED
from reports.reply.exhibits import Exhibit, moment
from reports.reply.facts import CaseFacts
from reports.reply.wording import wording


def facts(told: CaseFacts) -> list[Block]:
    """六、查明事实: each allegation with what was found of it and its evidence; then what was confirmed."""
    blocks: list[Block] = []
    for number, allegation in enumerate(told.allegations, 1):
        blocks += [Heading(text=f"（{number}）{Kind(allegation['kind']).names.zh}"), *_allegation(told, allegation)]
    if not blocks:
        blocks.append(Paragraph(text="投诉事项尚未与通话、消息比对，没有查明的事实可以陈述。", tone="warning"))
    blocks += [Heading(text="经人工确认的问题"), *_confirmed(told)]
    if told.unreviewed:
        text = f"另有机器提出、未经人工复核的发现 {told.unreviewed} 项，不作为事实，未写入本文件。"
        blocks.append(Paragraph(text=text, tone="warning"))
    return blocks


def _allegation(told: CaseFacts, allegation: dict[str, Any]) -> Iterator[Block]:
    exhibits = told.exhibits_of([*allegation["calls"], *allegation["messages"]])
    yield Facts(
        rows=[
            ("投诉所称", f"“{masked(allegation['claim'])}”"),
            ("查明结果", _verdict(told, allegation)),
            ("证据", numbers(exhibits) or "无"),
        ]
    )
    if told.bears_out(allegation) or told.decided:
        yield Paragraph(text=f"比对说明：{masked(allegation['why'])}", tone="note")


def _verdict(told: CaseFacts, allegation: dict[str, Any]) -> str:
    """What was found; the machine's comparison is called that until a person bears it out or the case is decided."""
    verdict = wording().verdicts[allegation["verdict"]]
    if told.bears_out(allegation) or (told.decided and allegation["verdict"] != "supported"):
        return verdict
    return f"待人工确认（系统比对：{verdict}）"


def _confirmed(told: CaseFacts) -> Iterator[Block]:
    for finding in told.confirmed:
        exhibit = next(each for each in told.exhibits if each.run == finding.run_id)
        yield Quote(text=masked(finding.quote), source=f"{finding.kind_now.names.zh}，{_place(exhibit, finding)}")
    results = [_result(told, result) for result in told.confirmed_results]
    if results:
        yield Items(items=results)
    if not told.confirmed and not results:
        yield Paragraph(text="无。")


def _place(exhibit: Exhibit, finding: Finding) -> str:
    at = "" if finding.at_ms is None else f"，录音 {finding.at_ms // 60_000:02}:{finding.at_ms // 1000 % 60:02} 处"
    return f"{moment(exhibit.at)}{at}（证据 {exhibit.number}）"


def _result(told: CaseFacts, result: LedgerResult) -> str:
    rule = limits().rule(result.rule)
    title = rule.title.zh if rule else result.rule
    found = numbers(told.exhibits_of([*result.calls, *result.messages]))
    return f"{title}：{masked(result.why['zh'])}" + (f"（{found}）" if found else "")


def basis(told: CaseFacts) -> list[Block]:
    """七、争议焦点与依据: articles as in force on the day; those that nobody checked stand apart and are not cited."""
    sure = [each for each in told.articles if each.is_sure]
    doubtful = [each for each in told.articles if not each.is_sure]
    columns = _columns("法规、标准", 3, "条款", 2, "施行日", 1, "核对", 1)
    rows: list[list[Value]] = [
        [
            each.article.title,
            each.article.article,
            str(each.since or NOT_LISTED),
            _checked(each),
        ]
        for each in sure
    ]
    disputed = "、".join(dict.fromkeys(Kind(each["kind"]).names.zh for each in told.allegations))
    blocks: list[Block] = [
        Facts(rows=[("争议焦点", f"是否存在{disputed}" if disputed else "")]),
        Table(caption="处理依据（按联系当日有效的版本）", columns=columns, rows=rows, empty="无"),
    ]
    if doubtful:
        blocks += [
            Paragraph(text="以下条文尚未与原文核对（待核），在有人核对并确认之前，本文件不引为依据：", tone="warning"),
            Items(items=[each.text for each in doubtful]),
        ]
    return blocks


def _checked(article: Cited) -> str:
    return f"经{article.confirmed_by}核对" if article.confirmed_by else CHECKED[article.checked]


def _columns(*told: str | float) -> list[Column]:
    """Columns from names and widths in turn."""
    return [Column(name=str(name), width=float(width)) for name, width in zip(told[::2], told[1::2], strict=True)]


def communication(told: CaseFacts) -> list[Block]:
    """八、与投诉人沟通情况."""
    columns = _columns("时间", 2, "方式", 1, "内容", 5, "经办人", 1)
    rows: list[list[Value]] = [
        [moment(event.at), event.body["how"], masked(event.body["text"]), event.actor]
        for event in told.of(EventKind.contacted)
    ]
    case = told.case
    asked = f"{case.satisfaction_on} 回访" if case.satisfaction is not Satisfaction.unasked else ""
    said = wording().satisfaction[case.satisfaction]
    return [
        Table(caption=f"沟通记录（共 {len(rows)} 次）", columns=columns, rows=rows, empty="未登记"),
        Facts(rows=[("投诉人满意度", f"{said}（{asked}）" if asked else said)]),
    ]


def decision(told: CaseFacts) -> list[Block]:
    """九、处理意见: what was decided, why, and what is done."""
    case, names = told.case, wording()
    if case.state is CaseState.withdrawn:
        event = told.of(EventKind.withdrawn)[-1]
        return [
            Paragraph(text=f"投诉人于 {moment(event.at)} 撤回投诉（{masked(event.body['reason'])}），办理当日终止。")
        ]
    if not told.decided:
        return [Paragraph(text="尚未作出处理决定。", tone="warning")]
    measures = [names.remedies[remedy] for remedy in case.remedies]
    rows = [
        ("认定", names.found[str(case.substantiated)]),
        ("理由", masked(case.reason or "")),
        ("处理措施", "、".join(measures) or "不予支持"),
        ("赔偿金额", f"{case.compensation:,.2f} 元" if case.compensation else "无"),
        ("决定时间", moment(case.decided_at)),
        ("决定人", told.of(EventKind.decided)[-1].actor),
    ]
    return [Facts(rows=rows)]


def rectification(told: CaseFacts) -> list[Block]:
    """十、整改与问责: whom it concerns, what they were taught since, and what is not on file."""
    columns = _columns("工号", 1, "小组", 1, "已确认问题", 3, "培训反馈", 2)
    rows: list[list[Value]] = [
        [who.staff_no, who.team or NOT_LISTED, _problems(told, who), _taught(told, who)] for who in told.collectors
    ]
    disciplined = told.decided and Remedy.discipline in told.case.remedies
    return [
        Table(caption="涉及人员", columns=columns, rows=rows, empty="未登记"),
        Facts(
            rows=[
                ("对责任人员问责", "已决定问责，具体措施未登记" if disciplined else "未登记"),
                ("对机构的处理", ""),
                ("制度整改", ""),
                ("复听验证", _remeasured(told)),
                ("整改责任人与时限", ""),
            ]
        ),
    ]


def _problems(told: CaseFacts, who: Collector) -> str:
    everything: list[Call | Message] = [*told.calls, *told.messages]
    contacts = [contact for contact in everything if contact.collector_id == who.id]
    runs = {contact.run_id for contact in contacts}
    told_of = {contact.call_id if isinstance(contact, Call) else contact.message_id for contact in contacts}
    kinds = [finding.kind_now.names.zh for finding in told.confirmed if finding.run_id in runs]
    for result in told.confirmed_results:
        if told_of & {*result.calls, *result.messages}:
            rule = limits().rule(result.rule)
            kinds.append(rule.title.zh if rule else str(result.rule))
    return "、".join(dict.fromkeys(kinds)) or "无"


def _taught(told: CaseFacts, who: Collector) -> str:
    given = [each for each in told.feedback if each.collector_id == who.id]
    if not given:
        return NOT_LISTED
    signed = "已确认" if given[-1].acknowledged_at else "待本人确认"
    return f"{local_day(given[-1].made_at)} 出具，{signed}"


def _remeasured(told: CaseFacts) -> str:
    days = sorted({day for each in told.feedback for day in each.remeasure_on})
    return f"计划于 {'、'.join(days)} 复测" if days else ""


def remedies(told: CaseFacts) -> list[Block]:
    """十一、救济途径: where the complainant may turn next."""
    named = [wording().redress[way] for way in told.case.redress]
    return [Items(items=named, numbered=True)] if named else [Paragraph(text="处理决定作出后告知。")]


def attachments(told: CaseFacts) -> list[Block]:
    """十二、附件清单: the evidence list, the promise, the signatures."""
    first = _columns("序号", 0.6, "名称", 1.5, "来源系统", 1.1, "形成时间", 1.3, "内容摘要", 2)
    columns = [*first, *_columns("页数或时长", 0.9, "SHA-256", 1.9, "证明目的", 1.6, "提取人", 0.9)]
    rows: list[list[Value]] = [_row(exhibit) for exhibit in told.exhibits]
    note = "SHA-256：录音与附件为原始文件的摘要；消息为原文的摘要；无录音的话单与台账结果为登记内容的摘要。"
    return [
        Table(caption="证据清单", columns=columns, rows=rows, note=note, empty="没有经人确认的证据。"),
        Paragraph(text=wording().promise),
        Signature(lines=["负责人（签字）", "单位（公章）", "联系人", "联系电话", "日期"]),
        *([Paragraph(text=wording().synthetic, tone="warning")] if told.synthetic else []),
    ]


def _row(exhibit: Exhibit) -> list[Value]:
    return [
        str(exhibit.number),
        exhibit.name,
        wording().systems[exhibit.system],
        moment(exhibit.at),
        exhibit.summary,
        exhibit.extent,
        exhibit.sha256,
        masked(exhibit.purpose),
        exhibit.taken_by,
    ]


def numbers(exhibits: Sequence[Exhibit]) -> str:
    """How the text refers to pieces of evidence."""
    return f"证据 {'、'.join(str(exhibit.number) for exhibit in exhibits)}" if exhibits else ""
