"""The complaint statistics of a period as a document."""

from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from reports.document.model import Column, Content, Document, Form, Items, Section, Sheet
from reports.period import Period
from reports.statistics import breakdown_part, figures_part
from reports.statistics.allegations import allegations, limits_broken, roots, unaccepted, unread
from reports.statistics.axes import AXES, combinations, cross, places, sources
from reports.statistics.cases import Cases
from reports.statistics.codes import codes
from reports.statistics.listing import listing
from reports.statistics.parties import Against, by_agency, by_collector, by_lender
from reports.statistics.remedies import remedies
from reports.statistics.timeliness import timeliness
from reports.statistics.totals import Totals, flow, totals
from reports.statistics.trend import trend
from reports.statistics.window import Window, window

_CROSSED = (("cause", "business"), ("cause", "business_channel"), ("business_channel", "business"))


def statistics(session: Session, period: Period) -> Content:
    """The complaints that a period received: how many, of what, against whom, and what came of them. One that still
    runs is counted up to the present and stays a draft.
    """
    span, earlier = window(session, period), period.before
    cases = Cases(session, span)
    now, then = totals(cases), totals(Cases(session, window(session, earlier)))
    against = {"出借方": by_lender(cases), "受托机构": by_agency(cases), "被投诉催收员": by_collector(cases)}
    crosses = [(down, across, cross(cases, down, across)) for down, across in _CROSSED]
    sections = [
        figures_part.summary(now, then, earlier, _others(session, span)),
        figures_part.handling(now, flow(cases), timeliness(cases)),
        breakdown_part.origins(sources(cases)),
        breakdown_part.classified({axis: places(cases, axis) for axis in AXES}, crosses),
        figures_part.outcome(now, remedies(cases)),
        breakdown_part.concerned(against),
        breakdown_part.alleged(allegations(cases), unread(cases)),
        breakdown_part.causes(roots(cases), limits_broken(cases), unaccepted(cases)),
        figures_part.over_time(trend(session, period)),
        Section(id="method", title="统计口径", blocks=[Items(items=[*codes().method], numbered=True)]),
    ]
    document = Document(
        kind="complaints",
        title="投诉统计分析报告",
        subtitle=f"{period.name}（{period.first} 至 {period.last}，统计截止 {min(span.last_day, period.last)}）",
        open=[] if span.is_over else [f"{period.name}尚未结束，数据统计至 {span.last_day}"],
        fields=_fields(period, now),
        sections=sections,
    )
    return Content(document, (*_sheets(session, span, cases), *_of_parties(against)))


def _others(session: Session, span: Window) -> list[tuple[str, int]]:
    """The cases that are no complaints, by type."""
    rows = Cases(session, span, everything=True).rows()
    found: Any = session.execute(select(rows.c.type, func.count()).group_by(rows.c.type)).all()
    counts = dict(found)
    return [(name, counts.get(one, 0)) for one, name in codes().types.items() if one not in codes().counted]


def _fields(period: Period, now: Totals) -> dict[str, str]:
    named = {"received": now.received, "closed": now.received - now.counts["open"], "overdue": now.overdue}
    counts = {name: str(count) for name, count in (named | now.counts).items()}
    return {"period": period.text, "period_name": period.name, **counts}


def _sheets(session: Session, span: Window, cases: Cases) -> tuple[Sheet, ...]:
    columns = [*(Column(name=name) for name in AXES.values()), Column(name="件数", form=Form.count)]
    everything = Cases(session, span, everything=True)
    return listing(everything), Sheet("三轴交叉", columns, lambda: combinations(cases))


def _of_parties(against: dict[str, list[Against]]) -> list[Sheet]:
    return [
        breakdown_part.party_sheet(caption, found)
        for caption, found in against.items()
        if len(found) > breakdown_part.MOST
    ]
