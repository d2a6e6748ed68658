"""The sections of a scorecard that say what it is for and how it is made."""

from collections.abc import Iterator

from reports.document.model import Column, Form, Items, Paragraph, Section, Table, Value
from reports.names import CHECKED
from reports.scorecard.registers import NEEDED_NAMES
from reports.scorecard.weights import PER, Weights, weights


def purpose() -> Section:
    """Why nothing of what was recovered is scored, and by which rules."""
    chosen = weights()
    cited = [f"{one.title}{one.article}：{one.says}（{CHECKED[one.checked]}）。" for one in chosen.basis]
    return Section(
        id="purpose", title="说明", blocks=[Paragraph(text=chosen.no_recovery, tone="strong"), Items(items=cited)]
    )


def method() -> Section:
    """Weights and bounds with their date, and how scores come of them."""
    chosen = weights()
    columns = [
        Column(name="部分"),
        Column(name="权重", form=Form.rate),
        Column(name="指标", width=3),
        Column(name="指标权重", form=Form.rate),
        *(Column(name=name) for name in ("满分线", "零分线")),
        Column(name="最低样本", form=Form.count),
        Column(name="无基数时"),
    ]
    note = f"{chosen.chosen}自 {chosen.since} 起适用。"
    table = Table(caption="权重与分数线", columns=columns, rows=[*_bounds(chosen)], note=note)
    return Section(id="method", title="评分方法", blocks=[Items(items=[*_told(chosen)], numbered=True), table])


def _bounds(chosen: Weights) -> Iterator[list[Value]]:
    for part in chosen.parts.values():
        for id, one in part.measures.items():
            bounds = [f"{bound:g}" if id in PER else f"{bound:.0%}" for bound in (one.full, one.zero)]
            without = "不得分" if one.without == "no_points" else "不计"
            yield [part.title, part.weight, one.title, one.weight, *bounds, one.minimum, without]


def _told(chosen: Weights) -> Iterator[str]:
    yield "每项指标在满分线与零分线之间按比例得分，部分得分为其指标的加权平均，总分为各部分得分的加权和。"
    yield (
        "只计经人工确认的违规。复核率（已确认和已排除占全部违规）低于 "
        + f"{chosen.reviewed_from:.0%} 的，行为合规不得分。"
    )
    yield "没有数据的不得分，不视为良好；本期没有相应情形的（如没有已决定的投诉）不计，其权重由同一部分的其他指标分担。"
    yield f"已确认严重违规达 {chosen.red_lines.from_} 处的，总分不超过 {chosen.red_lines.cap:g} 分。"
    yield f"样本达到最低样本的指标所占权重为可评权重；可评权重低于 {chosen.rank_from:.0%} 的不排名，得分仅供参考。"
    sure = f"{chosen.confidence:.0%}"
    yield f"区间的置信水平为 {sure}：比率用威尔逊（Wilson）区间，千分率、万分率用泊松分布的拜尔（Byar）近似区间。"
    yield f"通话记录要素为：{NEEDED_NAMES}。受托账户为本期任一日在委托期内的账户。"
    yield "投诉的归属、超期和属实按投诉统计分析报告的口径；涉及多家机构的投诉在各家各计一次。"
