"""The first five parts of the letter: what came in, from whom, about what, and how it was looked into."""

from collections.abc import Iterable

from audit.calls.models import Call
from audit.parties.numbers import shown
from audit.store.types import local_day
from complaints.clock_count import Clock
from complaints.clock_rules import ClockKind
from complaints.vocabulary import EventKind
from reports.document.model import Block, Column, Facts, Heading, Items, Paragraph, Table
from reports.masking import masked, masked_person
from reports.names import CHANNELS, NOT_LISTED
from reports.reply.exhibits import moment
from reports.reply.facts import CaseFacts
from reports.reply.items import items
from reports.reply.wording import wording

_CLOCKS = {
    ClockKind.decision: "办理时限",
    ClockKind.own_due: "来文要求时限",
    ClockKind.recheck_request: "申请核查期限",
    ClockKind.recheck_decision: "核查时限",
}


def basics(told: CaseFacts) -> list[Block]:
    """一、基本信息: numbers, channel, receipt, time limits and their extension."""
    case, first = told.case, told.first
    rows = [
        ("本机构编号", case.number),
        ("转办（来文）编号", case.external_ref or ""),
        ("渠道", wording().sender(case.channel).name),
        ("事项性质", wording().types[case.type] + ("（重大消费投诉）" if case.major else "")),
        ("收到时间", moment(case.received_at)),
    ]
    if first:
        rows.append(("重复投诉", f"首次投诉 {first.number}，{moment(first.received_at)} 收到"))
    return [Facts(rows=[*rows, *(row for clock in told.clocks for row in _clock(clock))])]


def _clock(clock: Clock) -> Iterable[tuple[str, str]]:
    name = _CLOCKS[clock.kind]
    provisional = "（节假日安排未公布，为暂定）" if clock.provisional else ""
    unit = wording().units[clock.unit]
    yield name, f"自 {local_day(clock.received_at)} 起，至 {clock.due_on} 止（{unit}）{provisional}"
    if clock.kind is ClockKind.decision and not clock.extensions:
        yield f"{name}延长", "无"
    for extension in clock.extensions:
        told = f"审批人 {extension.approver}，{extension.notice_on} 告知投诉人，理由：{masked(extension.reason)}"
        yield f"{name}延长", told
    for pause in clock.pauses:
        known = clock.version.pauses.get(pause.reason) if clock.version else None
        reason, until = known.zh if known else pause.reason, pause.end or "尚未恢复"
        yield f"{name}中止", f"{pause.start} 至 {until}，{pause.told_on} 告知投诉人，理由：{masked(reason)}"
    if clock.met_at:
        yield f"{name}完成", moment(clock.met_at) + ("" if clock.met_at <= clock.due_at else "（逾期）")


def complainant(told: CaseFacts) -> list[Block]:
    """二、投诉人: name masked, relation to the debtor, how the identity was checked, authority."""
    case, names = told.case, wording()
    rows = [
        ("姓名", masked_person(case.complainant or "")),
        ("联系电话", shown(case.phone) if case.phone else ""),
        ("与债务人关系", names.authority[case.authority]),
        ("身份核验方式", ""),
        ("授权材料", names.authority_check[case.authority]),
    ]
    if case.people or case.representatives:
        people, speakers = (f"{n} 人" if n else NOT_LISTED for n in (case.people, case.representatives))
        rows.append(("共同投诉", f"到场 {people}，推选代表 {speakers}"))
    return [Facts(rows=rows)]


def allegations(told: CaseFacts) -> list[Block]:
    """三、投诉事项与诉求: the text as it came, without names and numbers, and what is claimed in it, one by one."""
    claims = [f"{item.kind.names.zh}：" + (f"“{item.claim}”" if item.claim else "承办人认定") for item in items(told)]
    asked = [f"{wording().demands[each.demand]}（“{told.hide(each.quote)}”）" for each in told.demands]
    listed = Items(items=claims, numbered=True) if claims else Paragraph(text="投诉事项尚未逐条整理。", tone="warning")
    return [
        Paragraph(text=f"投诉原文（姓名、号码已遮盖）：“{told.hide(told.case.text)}”"),
        Heading(text="投诉事项"),
        listed,
        Facts(rows=[("诉求", "；".join(asked))]),
    ]


def account(told: CaseFacts) -> list[Block]:
    """四、涉及产品与委外情况: contract, days overdue, agencies and since when, whether the debtor was told."""
    account, debtor = told.account, told.debtor
    rows = [
        ("借据（账户）号", account.account_no if account else ""),
        ("合同号", ""),
        ("出借机构", (account.lender if account else "") or ""),
        ("产品", (account.product if account else "") or ""),
        ("债务人", masked_person((debtor.name if debtor else "") or "")),
        ("逾期起始日", str(account.overdue_since or "") if account else ""),
        ("逾期天数（名册登记）", f"{account.days_overdue} 天" if account and account.days_overdue is not None else ""),
        ("委外前告知债务人", str(told.case.assignment_notice_on or "")),
    ]
    columns = [Column(name="受托机构", width=2), Column(name="委托日期"), Column(name="终止日期")]
    agencies = [[agency.name, str(a.assigned_on), str(a.until or NOT_LISTED)] for a, agency in told.assignments]
    return [Facts(rows=rows), Table(caption="委外记录", columns=columns, rows=agencies, empty="未登记")]


def investigation(told: CaseFacts) -> list[Block]:
    """五、调查过程: what was fetched, listened to and judged, by whom, and what was not."""
    handled = [f"{event.body['handler']}（{local_day(event.at)} 起）" for event in told.of(EventKind.assigned)]
    raised = [f"{local_day(e.at)} 报 {e.body['to']}：{masked(e.body['reason'])}" for e in told.of(EventKind.escalated)]
    visits = {visit for result in told.results for visit in result.visits}
    rows = [
        ("承办人", "、".join(handled)),
        ("调取通话", _calls(told.calls)),
        ("调取消息", _messages(told)),
        ("外访记录", "、".join(sorted(visits))),
        ("联系台账核对", f"涉及 {len(told.results)} 项台账结果"),
        ("人工复核", _reviewed(told)),
        ("复听、复核人", "、".join(told.reviewers)),
        ("未判定的联系", _not_judged(told.not_judged)),
        ("询问当事坐席", ""),
        ("办理记录", "；".join(f"{local_day(e.at)} {told.hide(e.body['text'])}" for e in told.of(EventKind.noted))),
    ]
    if raised:
        rows.append(("上报", "；".join(raised)))
    if not told.proposed:
        return [Facts(rows=rows)]
    return [Facts(rows=rows), Paragraph(text=f"另有系统提出、尚未经人确认的证据 {told.proposed} 项，不作为依据。")]


def _calls(calls: Iterable[Call]) -> str:
    found = list(calls)
    if not found:
        return "0 通"
    recorded = sum(call.recording_id is not None for call in found)
    days = sorted(call.day for call in found if call.day)
    span = f"，{days[0]} 至 {days[-1]}" if days else ""
    numbers = "、".join(sorted({shown(call.number) or NOT_LISTED for call in found}))
    return f"{len(found)} 通，其中有录音 {recorded} 通{span}，对方号码 {numbers}"


def _messages(told: CaseFacts) -> str:
    channels = "、".join(CHANNELS[channel] for channel in sorted({message.channel for message in told.messages}))
    return f"{len(told.messages)} 条" + (f"（{channels}）" if channels else "")


def _not_judged(contacts: int) -> str:
    return f"{contacts} 次（无录音、未转写或录音质量不足），不作为没有问题的依据" if contacts else "0 次"


def _reviewed(told: CaseFacts) -> str:
    return f"确认 {told.confirmed_count} 项；未经复核 {told.unreviewed} 项（不作为事实陈述）"
