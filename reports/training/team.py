"""The pack of a coach for a session with a team (小组培训包)."""

from collections.abc import Iterator

from sqlmodel import Session

from classifiers.taxonomy import Kind
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
    Signature,
    Table,
    Value,
)
from reports.names import SEVERITIES
from reports.period import Period
from reports.training.figures_part import coverage, figures_table
from reports.training.hits import Hit, LimitPoint, Point, limit_points, points
from reports.training.lesson_part import Sound, Telling, basis, clip, instead, no_sound, reasons
from reports.training.lessons import Lesson, Library, Matter, library, title
from reports.training.measured import measured
from reports.training.quiz import answers, drawn, questions
from reports.training.sheet import unfinished
from reports.training.whose import Team, find_team

_BLANK = "　"  # to be filled in by hand
_QUOTES = 2  # of one kind, by different collectors where there are some


def team_pack(session: Session, team: str, agency: str | None, period: Period, sound: Sound = no_sound) -> Content:
    """A plan for a session: the team's figures, its commonest points with words of nobody in particular, role play,
    quiz, list of who attended, and answers. Raises BadInput for a team that is not on file or in several agencies.
    """
    known, whose = library(), find_team(session, team, agency)
    days, tell = (period.first, period.last), Telling(session, known, sound, period.last)
    found = points(session, whose.ids, *days)
    limits = [limit for limit in limit_points(session, whose.ids, *days) if limit.results]
    common = sorted(found, key=lambda point: (-len(point.hits), point.severity.rank))[: known.points]
    matters: list[Matter] = [*(point.kind for point in common), *(point.rule for point in limits)]
    hit: list[tuple[Matter, str]] = [(point.kind, point.hits[0].line(session, frozenset())) for point in common]
    quiz = drawn(known, [*hit, *((limit.rule, "") for limit in limits)], (), f"{whose.agency} {team} {period.text}")
    sections = [
        _figures(session, whose, period),
        Section(id="points", title="讲解要点", blocks=[*_points(tell, common, limits)]),
        Section(id="practice", title="情景演练", blocks=[*_practice(known, matters)]),
        Section(id="quiz", title="小测验", blocks=questions(quiz)),
        Section(id="attendance", title="签到", blocks=[_attendance(whose), Signature(lines=["培训师签名及日期"])]),
        Section(id="answers", title="参考答案", blocks=answers(quiz)),
    ]
    document = Document(
        kind="training-team",
        title="小组培训包",
        subtitle=f"{whose.agency or ''} {team} {period.name}".strip(),
        open=unfinished(session, period),
        fields={"team": team, "agency": whose.agency or "", "period": period.text, "syllabus": known.syllabus},
        sections=sections,
    )
    return Content(document)


def _figures(session: Session, team: Team, period: Period) -> Section:
    own = measured(session, team.ids, period.first, period.last)
    before = measured(session, team.ids, period.before.first, period.before.last)
    about = [
        ("机构", team.agency or ""),
        ("小组", team.name),
        ("人数", f"名册 {len(team.members):,} 人，本期有判定通话的 {own.people:,} 人"),
        ("培训大纲", library().syllabus),
    ]
    blocks: list[Block] = [
        Facts(rows=about),
        figures_table("本期违规", own, {f"上期（{period.before.name}）": before}),
        coverage(own),
        Paragraph(text="本包不含回款数据，不作排名；举例不指明何人所说。", tone="note"),
    ]
    return Section(id="figures", title="本期情况", blocks=blocks)


def _points(tell: Telling, common: list[Point], limits: list[LimitPoint]) -> Iterator[Block]:
    if not (common or limits):
        yield Paragraph(text="本期没有经人工复核确认的违规。以下演练与测验按大纲安排。", tone="strong")
    for n, point in enumerate(common, 1):
        yield from _point(tell, n, point)
    for n, limit in enumerate(limits, len(common) + 1):
        yield Heading(text=f"{n}. {title(limit.rule)}（已确认 {len(limit.results):,} 件）")
        lesson = tell.library.rules[limit.rule]
        yield Paragraph(text=f"{lesson.wrong}{basis(tell.session, limit.laws)}")
        yield from instead(lesson)


def _point(tell: Telling, n: int, point: Point) -> Iterator[Block]:
    lesson, shown = tell.library.kinds[point.kind], _different(point)
    yield Heading(text=f"{n}. {point.kind.names.zh}（程度{SEVERITIES[point.severity]}，已确认 {len(point.hits):,} 处）")
    for hit in shown:
        yield Quote(text=hit.line(tell.session, frozenset()), source=hit.medium)
        yield from clip(tell, hit, "录音片段（已脱敏）")
    yield Paragraph(text=lesson.wrong)
    yield reasons(tell, shown, point.kind)
    yield from instead(lesson)


def _different(point: Point) -> tuple[Hit, ...]:
    """A few hits, no two of one collector while there are others."""
    first = {hit.contact.collector_id: hit for hit in reversed(point.hits)}
    ones = [hit for hit in point.hits if first[hit.contact.collector_id] is hit]
    others = [hit for hit in point.hits if hit not in ones]
    return tuple([*ones, *others][:_QUOTES])


def _practice(known: Library, matters: list[Matter]) -> Iterator[Block]:
    """Lines for two: one plays the other side, one answers; without points, those that every call begins with."""
    yield Paragraph(text="两人一组：一人念对方的话，一人应答，第三人对照“应当怎么说”点评，然后轮换。")
    lessons = known.lessons()
    chosen = matters or [Kind.identity_omission, Kind.privacy_leak, Kind.abuse]
    yield Items(items=[line for matter in chosen for line in _lines(matter, lessons[matter])], numbered=True)


def _lines(matter: Matter, lesson: Lesson) -> Iterator[str]:
    return (f"{title(matter)}——{each.scene}：“{each.line}”" for each in lesson.practice)


def _attendance(team: Team) -> Table:
    columns = [Column(name=name) for name in ("工号", "姓名", "签名")]
    columns.append(Column(name="测验答对", form=Form.count))
    rows: list[list[Value]] = [[member.staff_no, member.name, _BLANK, _BLANK] for member in team.members]
    return Table(caption="签到表", columns=columns, rows=rows)
