"""The first five parts of the letter: what came in, from whom, about what, and how it was looked into."""

from collections.abc import Iterable

from audit.parties.numbers import shown
from audit.store.types import local_day
from classifiers.taxonomy import Kind
from complaints.clock_count import Clock
from complaints.clock_rules import ClockKind
from complaints.vocabulary import EventKind
from reports.document.model import Block, Column, Facts, Items, Paragraph, Table
from reports.masking import masked, masked_person
from reports.names import CHANNELS, NOT_LISTED
from reports.reply.exhibits import moment
from reports.reply.facts import CaseFacts
from reports.reply.wording import wording


def basics(told: CaseFacts) -> list[Block]:
    """一、基本信息: numbers, channel, receipt, time limits and their extension."""
    case = told.case
    rows = [
        ("本机构编号", case.number),
        ("转办（来文）编号", case.external_ref or ""),
        ("渠道", wording().sender(case.channel).name),
        ("事项性质", wording().types[case.type]),
        ("收到时间", moment(case.received_at)),
    ]
    return [Facts(rows=[*rows, *(row for clock in told.clocks for row in _clock(clock))])]


def _clock(clock: Clock) -> Iterable[tuple[str, str]]:
    name = _CLOCKS[clock.kind]
    provisional = "（节假日安排未公布，为暂定）" if clock.provisional else ""
    unit = wording().units[clock.unit]
    yield name, f"自 {local_day(clock.received_at)} 起，至 {clock.due_on} 止（{unit}）{provisional}"
    for extension in clock.extensions:
        yield (
            f"{name}延长",
            f"审批人 {extension.approver}，{extension.notice_on} 告知投诉人，理由：{masked(extension.reason)}",
        )
    for pause in clock.pauses:
        until = pause.end or "尚未恢复"
        yield f"{name}中止", f"{pause.start} 至 {until}，{pause.told_on} 告知投诉人，理由：{masked(pause.reason)}"
    if clock.met_at:
        yield f"{name}完成", moment(clock.met_at) + ("" if clock.met_at <= clock.due_at else "（逾期）")


_CLOCKS = {
    ClockKind.decision: "办理时限",
    ClockKind.own_due: "来文要求时限",
    ClockKind.recheck_request: "申请核查期限",
    ClockKind.recheck_decision: "核查时限",
}


def complainant(told: CaseFacts) -> list[Block]:
    """二、投诉人: name masked, relation to the debtor, how the identity was checked, authority."""
    case, names = told.case, wording()
    rows = [
        ("姓名", masked_person(case.complainant or "")),
        ("联系电话", shown(case.phone) if case.phone else ""),
        ("与债务人关系", names.authority[case.authority]),
        ("身份核验、授权材料", names.authority_check[case.authority]),
    ]
    if case.people:
        rows.append(("共同投诉", f"{case.people} 人，推选代表 {case.representatives or NOT_LISTED} 人"))
    return [Facts(rows=rows)]


def allegations(told: CaseFacts) -> list[Block]:
    """三、投诉事项与诉求: the text as it came, masked, and what is claimed in it, one by one."""
    claims = [f"{Kind(each['kind']).names.zh}：“{masked(each['claim'])}”" for each in told.allegations]
    asked = [f"{wording().demands[each.demand]}（“{masked(each.quote)}”）" for each in told.demands]
    return [
        Paragraph(text=f"投诉原文（个人号码已遮盖）：“{masked(told.case.text)}”"),
        *(
            [Items(items=claims, numbered=True)]
            if claims
            else [Paragraph(text="投诉事项尚未逐条整理。", tone="warning")]
        ),
        Facts(rows=[("诉求", "；".join(asked))]),
    ]


def account(told: CaseFacts) -> list[Block]:
    """四、涉及产品与委外情况: contract, days overdue, agencies and since when, whether the debtor was told."""
    account, debtor = told.account, told.debtor
    rows = [
        ("借据（账户）号", account.account_no if account else ""),
        ("出借机构", (account.lender if account else "") or ""),
        ("产品", (account.product if account else "") or ""),
        ("债务人", masked_person((debtor.name if debtor else "") or "")),
        ("逾期起始日", str(account.overdue_since or "") if account else ""),
        ("逾期天数（名册登记）", f"{account.days_overdue} 天" if account and account.days_overdue is not None else ""),
        ("委外前告知债务人", str(told.case.assignment_notice_on or "")),
    ]
    columns = [Column(name="受托机构", width=2), Column(name="委托日期"), Column(name="终止日期")]
    agencies = [[agency.name, str(a.assigned_on), str(a.until or "")] for a, agency in told.assignments]
    return [Facts(rows=rows), Table(caption="委外记录", columns=columns, rows=agencies, empty="未登记")]


def investigation(told: CaseFacts) -> list[Block]:
    """五、调查过程: what was fetched and listened to, by whom."""
    recorded = sum(call.recording_id is not None for call in told.calls)
    channels = [f"{CHANNELS[channel]}" for channel in sorted({message.channel for message in told.messages})]
    handled = [f"{event.body['handler']}（{local_day(event.at)} 起）" for event in told.of(EventKind.assigned)]
    rows = [
        ("承办人", "、".join(handled)),
        ("调取通话", f"{len(told.calls)} 通，其中有录音 {recorded} 通" if told.calls else "0 通"),
        ("调取消息", f"{len(told.messages)} 条" + (f"（{'、'.join(channels)}）" if channels else "")),
        ("联系台账核对", f"{len(told.results)} 项超限结果"),
        ("机器判定与人工复核", _reviewed(told)),
        ("询问当事人员", "；".join(f"{local_day(e.at)} {masked(e.body['text'])}" for e in told.of(EventKind.noted))),
    ]
    if told.proposed:
        return [Facts(rows=rows), Paragraph(text=f"另有系统提出、尚未经人确认的证据 {told.proposed} 项，不作为依据。")]
    return [Facts(rows=rows)]


def _reviewed(told: CaseFacts) -> str:
    done = len(told.confirmed) + len(told.confirmed_results)
    return f"人工确认 {done} 项；未经复核 {told.unreviewed} 项（不作为事实陈述）"
