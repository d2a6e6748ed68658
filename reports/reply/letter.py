"""投诉处理情况报告 (to a body that transferred the complaint) or 答复意见书 (to the complainant), for one case."""

from collections.abc import Callable, Iterator

from sqlmodel import Session

from complaints.vocabulary import CaseState, Substantiated
from reports.document.model import Block, Content, Document, Section
from reports.masking import masked_person
from reports.reply import closing, opening, outcome
from reports.reply.exhibits import moment
from reports.reply.facts import CaseFacts, case_facts
from reports.reply.items import items
from reports.reply.wording import wording

_PARTS: dict[str, tuple[str, Callable[[CaseFacts], list[Block]]]] = {
    "basics": ("基本信息", opening.basics),
    "complainant": ("投诉人", opening.complainant),
    "allegations": ("投诉事项与诉求", opening.allegations),
    "account": ("涉及产品与委外情况", opening.account),
    "investigation": ("调查过程", opening.investigation),
    "facts": ("查明事实", outcome.facts),
    "basis": ("争议焦点与依据", outcome.basis),
    "communication": ("与投诉人沟通情况", outcome.communication),
    "decision": ("处理意见", outcome.decision),
    "rectification": ("整改与问责", closing.rectification),
    "remedies": ("救济途径", closing.remedies),
    "attachments": ("附件清单与声明", closing.attachments),
}
_UNDECIDED = {
    CaseState.withdrawn: "投诉已撤回，未作出处理决定",
    CaseState.rechecking: "投诉人已申请核查，尚未作出核查决定",
}


def reply(session: Session, number: str) -> Content:
    """The letter for a case, by our number or the sender's. Raises BadInput where there is none."""
    told = case_facts(session, number)
    to = wording().sender(told.case.channel).to
    who = masked_person(told.case.complainant or "") or "投诉人"
    sections = [Section(id=name, title=title, blocks=write(told)) for name, (title, write) in _PARTS.items()]
    return Content(
        Document(
            kind="reply",
            title=f"关于{who}投诉处理情况的报告" if to else f"关于{who}投诉的答复意见书",
            to=to or who,
            style="letter",
            open=list(_open(told)),
            fields=fields(told),
            sections=sections,
        )
    )


def _open(told: CaseFacts) -> Iterator[str]:
    """Why it is a draft yet."""
    state, found = told.case.state, items(told)
    if not told.decided:
        yield _UNDECIDED.get(state, "尚未作出处理决定")
    if not found and state is not CaseState.withdrawn:
        yield "投诉事项尚未与通话、消息比对"
    if told.unreviewed:
        yield f"证据所涉 {told.unreviewed} 项发现未经人工复核"
    if told.proposed:
        yield f"系统提出的 {told.proposed} 项证据尚未确认采用或剔除"
    if waiting := [each.text for each in told.articles if not each.is_sure]:
        yield f"引用条文待核：{'、'.join(waiting)}"
    if told.decided and told.case.substantiated is Substantiated.false and any(item.borne_out for item in found):
        yield "处理决定认定不属实，但投诉事项有经人工确认的问题"


def fields(told: CaseFacts) -> dict[str, str]:
    """What a house template may name; `fields.yaml` says what each is."""
    case, account = told.case, told.account
    return {
        "case_number": case.number,
        "external_ref": case.external_ref or "",
        "channel": wording().sender(case.channel).name,
        "received": moment(case.received_at),
        "due": str(told.clocks[0].due_on) if told.clocks else "",
        "complainant": masked_person(case.complainant or ""),
        "account_no": account.account_no if account else "",
        "lender": (account.lender if account else "") or "",
        "agency": told.assignments[-1][1].name if told.assignments else "",
        "handler": case.handler or "",
        "substantiated": wording().found[str(case.substantiated)] if told.decided else "",
        "reason": told.hide(case.reason or ""),
        "decided": moment(case.decided_at) if told.decided else "",
        "evidence_count": str(len(told.exhibits)),
        "confirmed_count": str(told.confirmed_count),
        "unreviewed_count": str(told.unreviewed),
    }
