"""Every case of a period, one row each, for the workbook."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import col

from audit.parties.models import Account, Agency
from audit.store.types import local_day
from complaints.models import Complaint
from reports.document.model import Column, Form, Sheet, Value
from reports.masking import masked_person
from reports.names import NOT_LISTED
from reports.statistics.cases import Cases
from reports.statistics.codes import codes
from reports.statistics.parties import assigned_agency

_AT_ONCE = 2000  # rows held in memory
COLUMNS = [
    Column(name="编号"),
    Column(name="收到日"),
    Column(name="类型"),
    Column(name="来源"),
    Column(name="来源渠道"),
    Column(name="办理渠道"),
    Column(name="业务类别"),
    Column(name="投诉原因"),
    Column(name="投诉人"),
    Column(name="出借方"),
    Column(name="受托机构"),
    Column(name="当前状态"),
    Column(name="截止时未结"),
    Column(name="超期"),
    Column(name="延期"),
    Column(name="重复"),
    Column(name="结论"),
    Column(name="处理用时（天）", form=Form.rate),
    Column(name="满意度"),
    Column(name="补偿（元）", form=Form.money),
]


def listing(cases: Cases) -> Sheet:
    """All cases in order of receipt; names are masked."""
    return Sheet("投诉明细", COLUMNS, lambda: _rows(cases))


def _rows(cases: Cases) -> Iterator[list[Value]]:
    timed = cases.timed()
    agency: Any = select(col(Agency.name)).where(col(Agency.id) == assigned_agency(cases, timed)).scalar_subquery()
    wanted: list[Any] = [timed, Complaint.number, Complaint.complainant, Account.lender, agency.label("agency")]
    told = select(*wanted).join(Complaint, col(Complaint.id) == timed.c.id)
    told = told.outerjoin(Account, col(Account.id) == timed.c.account_id)
    ordered = told.order_by(timed.c.received_at, timed.c.id)
    for row in cases.session.execute(ordered, execution_options={"yield_per": _AT_ONCE}):
        yield _row(row)


def _row(row: Row[Any]) -> list[Value]:
    named = codes()
    return [
        row.number,
        local_day(row.received_at).isoformat(),
        named.types[row.type],
        *named.channel(row.channel),
        row.business_channel,
        row.business,
        row.cause,
        masked_person(row.complainant or "") or NOT_LISTED,
        row.lender or NOT_LISTED,
        row.agency or NOT_LISTED,
        named.states[row.state],
        _yes(row.open),
        _yes(row.late or row.lapsed) if row.clocked else NOT_LISTED,
        _yes(row.extended),
        _yes(row.repeat),
        named.verdicts[row.verdict] if row.verdict else None,
        None if row.days is None else float(row.days),
        named.satisfaction[row.satisfaction],
        None if row.compensation is None else float(row.compensation),
    ]


def _yes(held: int) -> str:
    return "是" if held else "否"
