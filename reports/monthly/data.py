"""The data behind the monthly report, row by row, so that memory does not grow with them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.findings.models import Finding, Run, State
from audit.findings.standing import kind_now, stands
from audit.ledger.limits import limits
from audit.ledger.models import LedgerResult
from audit.parties.models import Account, Agency, Collector
from classifiers.taxonomy import SIGNALS
from reports.document.model import Column, Form, Value
from reports.masking import masked
from reports.names import LEDGER_VERDICTS, NOT_LISTED, SEVERITIES
from reports.period import Period

_STATES = {State.open: "未经复核", State.confirmed: "人工确认"}
_AT_ONCE = 1000  # rows held in memory
FINDINGS = [
    *(Column(name=name) for name in ("通话或消息", "日期", "机构", "小组", "工号", "规则", "类别", "严重程度", "状态")),
    Column(name="把握", form=Form.rate),
    Column(name="原话（个人号码已遮盖）", width=4),
]
LEDGER = [
    *(Column(name=name) for name in ("规则", "日期", "判定", "状态", "账户")),
    Column(name="计数", form=Form.rate),
    Column(name="上限", form=Form.rate),
    Column(name="计入的联系", width=3),
    Column(name="理由", width=4),
]


def findings(session: Session, period: Period | None) -> Iterator[list[Value]]:
    """Every violation that stands, in calls and then in messages."""
    for model, number, agency in ((Call, Call.call_id, func.coalesce(Call.agency_id, Collector.agency_id)), _MESSAGES):
        told: Any = (number, model.day, Agency.name, Collector.team, Collector.staff_no, Finding)
        wanted = select(*told).select_from(Finding).join(Run, col(Run.id) == Finding.run_id)
        wanted = wanted.join(model, col(model.run_id) == Run.id)
        wanted = wanted.outerjoin(Collector, col(Collector.id) == model.collector_id)
        wanted = wanted.outerjoin(Agency, col(Agency.id) == agency).where(stands(), kind_now().not_in(SIGNALS))
        if period:
            wanted = wanted.where(col(model.day).between(period.first, period.last))
        in_order = wanted.order_by(col(model.day), number, col(Finding.id))
        for *who, finding in session.execute(in_order.execution_options(yield_per=_AT_ONCE)):
            yield [*(NOT_LISTED if each is None else str(each) for each in who), *_found(finding)]
            session.expunge(finding)


_MESSAGES: tuple[Any, Any, Any] = (Message, Message.message_id, Collector.agency_id)


def _found(finding: Finding) -> list[Value]:
    return [
        finding.rule,
        finding.kind_now.names.zh,
        SEVERITIES[finding.severity_now],
        _STATES[finding.state],
        finding.score,
        masked(finding.quote),
    ]


def ledger(session: Session, period: Period | None) -> Iterator[list[Value]]:
    """Every result of the ledger that stands."""
    wanted = select(LedgerResult, Account.account_no).outerjoin(Account, col(Account.id) == LedgerResult.account_id)
    wanted = wanted.where(col(LedgerResult.standing), col(LedgerResult.state) != State.rejected)
    if period:
        wanted = wanted.where(col(LedgerResult.day).between(period.first, period.last))
    in_order = wanted.order_by(col(LedgerResult.day), col(LedgerResult.id))
    for result, account in session.execute(in_order.execution_options(yield_per=_AT_ONCE)):
        rule = limits().rule(result.rule)
        yield [
            rule.title.zh if rule else str(result.rule),
            str(result.day),
            LEDGER_VERDICTS[result.verdict_now],
            _STATES[result.state],
            account or NOT_LISTED,
            result.counted,
            result.limit,
            "、".join([*result.calls, *result.messages, *result.visits]),
            masked(result.why["zh"]),
        ]
        session.expunge(result)
