"""The feedback sheet of a collector (催收员培训反馈单)."""

from collections.abc import Iterator

from sqlmodel import Session

from audit.calls.today import moment
from audit.parties.models import Collector
from audit.store.types import LOCAL, local_day
from reports.document.model import (
    Block,
    Column,
    Content,
    Document,
    Facts,
    Form,
    Heading,
    Items,
    Paragraph,
    Quote,
    Section,
    Sheet,
    Signature,
    Table,
    Value,
)
from reports.masking import masked
from reports.names import SEVERITIES, in_words
from reports.period import Period
from reports.training.facts import CollectorFacts, collector_facts
from reports.training.figures_part import coverage, figures_table
from reports.training.hits import Hit, LimitPoint, Point
from reports.training.lesson_part import Sound, Telling, basis, clip, instead, no_sound, reasons, rule_titles
from reports.training.lessons import title
from reports.training.quiz import answers, questions
from reports.training.whose import agency_of


def feedback(session: Session, collector: Collector, period: Period, sound: Sound = no_sound) -> Content:
    """The sheet: figures, strengths, points out of confirmed findings, quiz, signature, and answers on a section of
    their own. `sound` gives a finding's redacted clip as MP3. No other collector is named, and no recovery counted.
    """
    facts = collector_facts(session, collector, period)
    tell = Telling(session, facts.library, sound, period.last)
    sections = [
        _figures(session, collector, period, facts),
        Section(id="strengths", title="做得好的", blocks=[_strengths(facts)]),
        Section(id="points", title="需要改进的", blocks=[*_points(tell, facts)]),
        Section(id="limits", title="时段、频次与登记", blocks=[*_limits(session, facts)]),
        Section(id="quiz", title="小测验", blocks=[Paragraph(text=_ask(facts)), *questions(facts.quiz)]),
        Section(id="sign", title="签收与说明", blocks=[*_sign(facts)]),
        Section(id="answers", title="参考答案", blocks=answers(facts.quiz)),
    ]
    document = Document(
        kind="training",
        title="催收员培训反馈单",
        subtitle=f"{collector.staff_no} {collector.name or ''} {period.name}".replace("  ", " "),
        open=unfinished(session, period),
        fields={
            "staff_no": collector.staff_no,
            "name": collector.name or "",
            "period": period.text,
            "syllabus": facts.library.syllabus,
        },
        sections=sections,
    )
    return Content(document, (_sheet(session, facts),))


def unfinished(session: Session, period: Period) -> list[str]:
    """Why a document on a period is a draft yet: the period still runs."""
    today = local_day(moment(session))
    return [f"{period.name}尚未结束，数据统计至 {today}"] if today <= period.last else []


def _figures(session: Session, collector: Collector, period: Period, facts: CollectorFacts) -> Section:
    about = [
        ("工号", collector.staff_no),
        ("姓名", collector.name or ""),
        ("机构", agency_of(session, collector) or ""),
        ("小组", collector.team or ""),
        ("期间", f"{period.first} 至 {period.last}"),
        ("培训大纲", facts.library.syllabus),
    ]
    beside = {f"上期（{period.before.name}）": facts.before, "同组其他人员": facts.others}
    few = f"小组中有判定通话的不足 {facts.library.team_from} 人的，不作比较。" if facts.others is None else ""
    blocks: list[Block] = [
        Facts(rows=about),
        figures_table("本期违规", facts.own, beside),
        coverage(facts.own),
        Paragraph(text=f"本单不含回款数据，不作排名。{few}", tone="note"),
    ]
    return Section(id="figures", title="本期情况", blocks=blocks)


def _strengths(facts: CollectorFacts) -> Block:
    if facts.strengths:
        return Items(items=list(facts.strengths))
    if facts.own.judged < (enough := facts.library.praise_from):
        return Paragraph(text=f"已判定通话不足 {enough:,} 通，不作评价。")
    return Paragraph(text="本期没有可由数据说明的。")


def _points(tell: Telling, facts: CollectorFacts) -> Iterator[Block]:
    if not facts.points:
        waiting = f"另有 {facts.waiting:,} 处机器提示未经复核，不作为事实。" if facts.waiting else ""
        yield Paragraph(text=f"本期没有经人工复核确认的违规。{waiting}", tone="strong")
        return
    yield Paragraph(text="以下各条均经人工复核确认；原话已隐去个人信息。", tone="note")
    for n, point in enumerate(facts.shown, 1):
        yield from _point(tell, n, point)
    if rest := facts.points[len(facts.shown) :]:
        yield Paragraph(text="另有：" + "、".join(f"{p.kind.names.zh} {len(p.hits):,} 处" for p in rest) + "。")


def _point(tell: Telling, n: int, point: Point) -> Iterator[Block]:
    lesson, hit = tell.library.kinds[point.kind], point.hits[0]
    yield Heading(text=f"{n}. {point.kind.names.zh}（程度{SEVERITIES[point.severity]}，已确认 {len(point.hits):,} 处）")
    yield Quote(text=hit.line(tell.session), source=hit.source)
    yield from clip(tell, hit, f"F{hit.finding.id} 的录音片段（已脱敏）")
    yield Paragraph(text=f"{lesson.wrong}命中规则：{rule_titles(point.rules)}。")
    yield reasons(tell, [hit], point.kind)
    yield from instead(lesson)


def _limits(session: Session, facts: CollectorFacts) -> Iterator[Block]:
    columns = [
        Column(name="规则", width=1.4),
        Column(name="已确认", form=Form.count, width=0.6),
        Column(name="未经复核", form=Form.count, width=0.7),
        Column(name="最近一次", width=2.4),
        Column(name="应当", width=2.4),
        Column(name="依据", width=2),
    ]
    note = "频次类规则合计各机构、各人员对同一债务人的联系，本人的联系在其中的也列出。"
    rows = [_limit(session, facts, point) for point in facts.limits if point.results]
    waiting = sum(point.waiting for point in facts.limits)
    yield Table(caption="时段、频次与登记", columns=columns, rows=rows, note=f"{note}{_open(waiting)}")


def _open(waiting: int) -> str:
    return f"各规则共有 {waiting:,} 件未经复核，不作为事实。" if waiting else ""


def _limit(session: Session, facts: CollectorFacts, point: LimitPoint) -> list[Value]:
    latest, lesson = point.results[-1], facts.library.rules[point.rule]
    why = f"{latest.day}：{masked(in_words(latest.why['zh']))}"
    say = "；".join(f"{say.when}：{say.words.rstrip('。')}" for say in lesson.say)
    return [title(point.rule), len(point.results), point.waiting, why, say, basis(session, point.laws)]


def _ask(facts: CollectorFacts) -> str:
    passed = f"{facts.library.pass_from:.0%}"
    return f"每题只有一个正确答案，答对 {passed} 以上为合格。答案见末页，请先作答。"


def _sign(facts: CollectorFacts) -> Iterator[Block]:
    yield Items(items=list(facts.library.objection), numbered=True)
    if (kept := facts.kept) and kept.acknowledged_at:
        score = "" if kept.score is None else f"{kept.score:.0%}"
        on = f"{kept.acknowledged_at.astimezone(LOCAL):%Y-%m-%d}"
        rows = [("签收日期", on), ("培训师", kept.coach or ""), ("测验得分", score)]
        yield Facts(rows=[*rows, ("本人说明", masked(kept.answer or "") or "无")])
    yield Signature(lines=["本人说明或异议（可另附页）", "催收员签名及日期", "培训师签名及日期"])


def _sheet(session: Session, facts: CollectorFacts) -> Sheet:
    """All confirmed findings, also those that the sheet has no room for."""
    names = ("编号", "类别", "程度", "规则", "原话（已脱敏）", "出处")
    rows = [[*_hit(hit), hit.line(session), hit.source] for point in facts.points for hit in point.hits]
    return Sheet("已确认的违规", [Column(name=name) for name in names], lambda: iter(rows))


def _hit(hit: Hit) -> list[Value]:
    finding = hit.finding
    kind, grade = finding.kind_now.names.zh, SEVERITIES[finding.severity_now]
    return [f"F{finding.id}", kind, grade, rule_titles([finding.rule])]
