"""The last three parts of the letter: what was mended, where the complainant may turn, and the list of evidence."""

from audit.calls.models import Call
from audit.parties.models import Collector
from audit.store.types import local_day
from complaints.clock_rules import ClockKind
from complaints.vocabulary import EventKind, Redress, Remedy
from reports.document.model import Block, Column, Facts, Items, Paragraph, Signature, Table, Value
from reports.names import NOT_LISTED
from reports.reply.exhibits import Exhibit, moment
from reports.reply.facts import CaseFacts
from reports.reply.outcome import rule_title
from reports.reply.wording import wording

_DIGESTS = "SHA-256：录音与附件为原始文件的摘要；消息为原文（UTF-8）的摘要；无录音的话单与台账结果为登记内容的摘要。"


def rectification(told: CaseFacts) -> list[Block]:
    """十、整改与问责: whom it concerns, what they were taught since, what was done, and what is not on file."""
    columns = _columns("工号", 1, "小组", 1, "已确认问题", 3, "培训反馈", 2)
    rows: list[list[Value]] = [
        [who.staff_no, who.team or NOT_LISTED, _problems(told, who), _taught(told, who)] for who in told.collectors
    ]
    disciplined = Remedy.discipline in told.case.remedies
    decided_at = told.case.decided_at
    later = [event for event in told.of(EventKind.noted) if decided_at and event.at >= decided_at]
    registered = [
        ("对责任人员问责", "已决定问责，具体措施未登记" if disciplined else "未登记"),
        ("对机构的处理", ""),
        ("制度整改", ""),
        ("复听验证", _remeasured(told)),
        ("决定后的整改记录", "；".join(f"{local_day(one.at)} {told.hide(one.body['text'])}" for one in later)),
        ("整改责任人与时限", ""),
    ]
    return [Table(caption="涉及人员", columns=columns, rows=rows, empty="未登记"), Facts(rows=registered)]


def _problems(told: CaseFacts, who: Collector) -> str:
    contacts = [contact for contact in told.contacts if contact.collector_id == who.id]
    runs = {contact.run_id for contact in contacts}
    own = {contact.call_id if isinstance(contact, Call) else contact.message_id for contact in contacts}
    kinds = [finding.kind_now.names.zh for finding in told.confirmed if finding.run_id in runs]
    kinds += [rule_title(one) for one in told.confirmed_results if own & {*one.calls, *one.messages}]
    return "、".join(dict.fromkeys(kinds)) or "无"


def _taught(told: CaseFacts, who: Collector) -> str:
    given = [each for each in told.feedback if each.collector_id == who.id]
    if not given:
        return NOT_LISTED
    latest = given[-1]
    signed = "已由本人确认" if latest.acknowledged_at else "待本人确认"
    score = "" if latest.score is None else f"，测验 {latest.score:.0%}"
    return f"{local_day(latest.made_at)} 出具（{latest.period}），{signed}{score}"


def _remeasured(told: CaseFacts) -> str:
    days = sorted({day for each in told.feedback for day in each.remeasure_on})
    return f"计划于 {'、'.join(days)} 复测" if days else ""


def remedies(told: CaseFacts) -> list[Block]:
    """十一、救济途径: where the complainant may turn next, and until when."""
    named = [f"{wording().redress[way]}{_until(told, way)}" for way in told.case.redress]
    return [Items(items=named, numbered=True)] if named else [Paragraph(text="处理决定作出后告知。")]


def _until(told: CaseFacts, way: str) -> str:
    """The time limit of a re-check, by the clock that the decision started."""
    asked = [clock for clock in told.clocks if clock.kind is ClockKind.recheck_request]
    if way != Redress.recheck or not asked or not asked[-1].version:
        return ""
    return wording().within.format(days=asked[-1].version.days, until=asked[-1].due_on)


def attachments(told: CaseFacts) -> list[Block]:
    """十二、附件清单: the evidence list, the promise, the signatures."""
    first = _columns("序号", 0.6, "名称", 1.5, "来源系统", 1.1, "形成时间", 1.3, "内容摘要", 2)
    columns = [*first, *_columns("页数或时长", 0.9, "SHA-256", 1.9, "证明目的", 1.6, "提取人", 0.9)]
    rows = [_row(told, exhibit) for exhibit in told.exhibits]
    blocks: list[Block] = [
        Table(caption="证据清单", columns=columns, rows=rows, note=_DIGESTS, empty="没有经人确认的证据。"),
        Paragraph(text=wording().promise),
        Signature(lines=["负责人（签字）", "单位（公章）", "联系人", "联系电话", "日期"]),
    ]
    return [*blocks, Paragraph(text=wording().synthetic, tone="warning")] if told.synthetic else blocks


def _row(told: CaseFacts, exhibit: Exhibit) -> list[Value]:
    """A piece of evidence with the kinds that people confirmed in it."""
    kinds = dict.fromkeys(one.kind_now.names.zh for one in told.confirmed if one.run_id == exhibit.run)
    summary = f"{exhibit.summary}；经确认：{'、'.join(kinds)}" if kinds else exhibit.summary
    return [
        str(exhibit.number),
        exhibit.name,
        wording().systems[exhibit.system],
        moment(exhibit.at),
        summary,
        exhibit.extent,
        exhibit.sha256,
        exhibit.purpose,
        exhibit.taken_by,
    ]


def _columns(*told: str | float) -> list[Column]:
    """Columns from names and widths in turn."""
    return [Column(name=str(name), width=float(width)) for name, width in zip(told[::2], told[1::2], strict=True)]
