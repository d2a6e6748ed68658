"""The scorecard of agencies as a document."""

from difflib import get_close_matches

from sqlmodel import Session, col, select

from audit.imports.gaps import gaps
from audit.parties.models import Agency
from classifiers.errors import BadInput
from reports.counts import Counts
from reports.dimensions import Dimension
from reports.document.model import Column, Content, Document, Form, Section, Sheet, Table, Value
from reports.figures import figures
from reports.names import GAPS, NOT_LISTED
from reports.period import Period
from reports.scorecard import agency_part, method_part, totals_part
from reports.scorecard.cards import Card, cards, ranks
from reports.statistics.window import Window, window


def scorecard(session: Session, period: Period, agency: str | None = None) -> Content:
    """The scores of all agencies, or the card of one, beside those of the period before. A period that still runs is
    counted up to the present and stays a draft. Raises BadInput for an agency that is not on file.
    """
    span, earlier = window(session, period), period.before
    if agency is not None:
        _known(session, agency)
    now, then = cards(session, period), {card.agency: card for card in cards(session, earlier)}
    ranked, shown = ranks(now), [card for card in now if agency in {None, card.agency}]
    sections = [
        method_part.purpose(),
        totals_part.totals(shown, then, ranked, earlier, alone=agency is not None),
        *(agency_part.agency(n, card, then.get(card.agency), earlier) for n, card in enumerate(shown, 1)),
        _unattributed(session, period),
        method_part.method(),
    ]
    document = Document(
        kind="scorecard",
        title=f"外包机构评分卡：{agency}" if agency else "外包机构评分卡",
        subtitle=f"{period.name}（{period.first} 至 {period.last}，统计截止 {min(span.last_day, period.last)}）",
        open=_still_open(period, span),
        fields={"period": period.text, "period_name": period.name, "agency": agency or "", "agencies": str(len(now))},
        sections=sections,
    )
    return Content(document, (_sheet(shown),))


def _still_open(period: Period, span: Window) -> list[str]:
    return [] if span.is_over else [f"{period.name}尚未结束，数据统计至 {span.last_day}"]


def _known(session: Session, agency: str) -> None:
    names = session.exec(select(Agency.name).order_by(col(Agency.name))).all()
    if agency not in names:
        near = [name for name in names if agency in name] or get_close_matches(agency, names, cutoff=0.4) or names[:5]
        raise BadInput(f"no agency {agency}", f"one of: {', '.join(near)}" if near else "import collectors or accounts")


def _unattributed(session: Session, period: Period) -> Section:
    """What belongs to no agency, and what the registers lack as a whole."""
    groups = figures(session, period).by.get(Dimension.agency, ())
    nobody: Counts | None = next((group.counts for group in groups if group.name == NOT_LISTED), None)
    rows: list[list[Value]] = [
        ["通话", nobody.calls if nobody else 0],
        ["消息", nobody.messages if nobody else 0],
        ["外访", nobody.visits if nobody else 0],
    ]
    lacking: list[list[Value]] = [[GAPS[gap.kind], len(gap.which)] for gap in gaps(session)]
    count = Column(name="数量", form=Form.count)
    without = "本期没有登记所属机构的联系，未计入任何机构的得分。"
    return Section(
        id="gaps",
        title="未计入评分的数据",
        blocks=[
            Table(caption="未登记机构的联系", columns=[Column(name="类别"), count], rows=rows, note=without),
            Table(
                caption="登记缺口",
                columns=[Column(name="缺口", width=3), count],
                rows=lacking,
                note="全库现状，不限本期，也不分机构。",
            ),
        ],
    )


def _sheet(shown: list[Card]) -> Sheet:
    columns = [Column(name="机构"), Column(name="部分"), *agency_part.COLUMNS]
    rows = lambda: ([card.agency, *row] for card in shown for row in agency_part.measures(card))  # noqa: E731
    return Sheet("评分明细", columns, rows)
