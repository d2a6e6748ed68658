"""合规质检月报 as a document, for a month, a quarter, a year or all days, with the findings behind it as data."""

from collections.abc import Callable, Iterator
from functools import partial

from sqlmodel import Session

from reports.dimensions import Dimension
from reports.document.model import Block, Content, Document, Section, Sheet, Value
from reports.monthly import data, matters, numbers
from reports.monthly.facts import MonthlyFacts, monthly_facts
from reports.names import DIMENSIONS
from reports.period import Period

_PARTS: dict[str, tuple[str, Callable[[MonthlyFacts], list[Block]]]] = {
    "overview": ("概要", numbers.overview),
    "method": ("样本与方法", numbers.method),
    "offences": ("违规情况", numbers.offences),
    "distribution": ("分布", numbers.distribution),
    "limits": ("时段、频次与联系对象", numbers.ledger),
    "cases": ("典型案例", matters.cases),
    "rectification": ("整改闭环", matters.rectification),
    "complaints": ("投诉概况", matters.complaints),
    "training": ("培训", matters.training),
    "policies": ("催收制度", matters.policies),
    "gaps": ("登记缺口", matters.gaps),
    "versions": ("版本与依据", matters.versions),
}


def monthly(session: Session, period: Period | None) -> Content:
    """The report on a period, or on all days."""
    told = monthly_facts(session, period)
    sections = [Section(id=name, title=title, blocks=write(told)) for name, (title, write) in _PARTS.items()]
    days = f"{period.first} 至 {period.last}" if period else f"截至 {told.today} 的全部记录"
    title = f"{period.name}合规质检{_called(period)}" if period else "催收合规审计报告"
    return Content(Document(kind="audit", title=title, subtitle=days, sections=sections), _sheets(told))


def _called(period: Period) -> str:
    return "季报" if "Q" in period.text else "月报" if "-" in period.text else "年报"


def _sheets(told: MonthlyFacts) -> tuple[Sheet, ...]:
    groups = (
        Sheet(f"全部{DIMENSIONS[d]}", numbers.group_columns(DIMENSIONS[d]), partial(_groups, told, d))
        for d in Dimension
    )
    return (
        *groups,
        Sheet("违规明细", data.FINDINGS, partial(data.findings, told.session, told.period)),
        Sheet("台账明细", data.LEDGER, partial(data.ledger, told.session, told.period)),
    )


def _groups(told: MonthlyFacts, dimension: Dimension) -> Iterator[list[Value]]:
    for group in told.figures.by[dimension]:
        yield numbers.group_row(group.name, group.agency, group.counts)
