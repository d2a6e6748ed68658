"""The section of a scorecard with the totals and ranks."""

from collections.abc import Mapping, Sequence

from reports.document.model import Block, Chart, Column, Form, Paragraph, Section, Series, Table, Value
from reports.period import Period
from reports.scorecard.cards import Card
from reports.scorecard.weights import weights

_MOST = 20  # agencies in a chart


def totals(
    shown: Sequence[Card], then: Mapping[str, Card], ranked: Mapping[str, int], earlier: Period, *, alone: bool
) -> Section:
    """Total and part scores of each agency, its rank among those that have one, and the change."""
    rows = [_row(card, then.get(card.agency), ranked) for card in shown]
    columns = [
        Column(name="名次"),
        Column(name="机构", width=2.4),
        *(_points(name) for name in ("总分", *(part.title for part in weights().parts.values()), earlier.name, "增减")),
        Column(name="可评权重", form=Form.share),
        Column(name="说明", width=2.4),
    ]
    out_of = f"参与排名的机构共 {len(ranked)} 家。" if alone else ""
    blocks: list[Block] = [
        Table(caption="总分与名次", columns=columns, rows=rows, note=f"{out_of}满分100分。", empty="名册中没有机构"),
        *([_chart(shown[:_MOST])] if any(card.has_data for card in shown) else []),
    ]
    if shown and not any(card.has_data for card in shown):
        blocks.insert(0, Paragraph(text="本期没有可以评分的数据：不得分，也不作合规的表述。", tone="strong"))
    return Section(id="totals", title="总分", blocks=blocks)


def _row(card: Card, then: Card | None, ranked: Mapping[str, int]) -> list[Value]:
    before = then.total if then else None
    change = None if card.total is None or before is None else card.total - before
    rank = ranked.get(card.agency)
    scores = [part.score for part in card.parts]
    return [
        str(rank) if rank else "不排名",
        card.agency,
        card.total,
        *scores,
        before,
        change,
        card.assessed,
        "；".join(remarks(card)),
    ]


def remarks(card: Card) -> list[str]:
    """What must be known beside the total."""
    lines = weights().red_lines
    if not card.has_data:
        return ["无数据，不得分"]
    empty = [part.part.title for part in card.parts if part.score is None]
    few = f"可评权重不足 {weights().rank_from:.0%}，样本不足，得分仅供参考"
    said = {
        f"红线：{lines.says} {card.conduct.red} 处，总分不超过 {lines.cap:g}": card.is_capped,
        f"{'、'.join(empty)}无数据或复核不足，不得分": bool(empty),
        few: not card.has_rank,
    }
    return [remark for remark, holds in said.items() if holds]


def _chart(shown: Sequence[Card]) -> Chart:
    parts = [part.title for part in weights().parts.values()]
    series = [Series(name=name, values=[card.parts[n].score for card in shown]) for n, name in enumerate(parts)]
    told = "；".join(f"{c.agency} {'无数据' if c.total is None else f'{c.total:.1f} 分'}" for c in shown)
    return Chart(
        caption="各部分得分", labels=[c.agency for c in shown], series=series, unit="分", alt=f"总分：{told}。"
    )


def _points(name: str) -> Column:
    return Column(name=name, form=Form.rate)
