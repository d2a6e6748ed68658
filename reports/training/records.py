"""The training records of a period (培训档案): who was trained by which syllabus, when, with what result."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from audit.parties.models import Agency, Collector
from audit.store.types import local_day
from audit.trail import AuditEvent
from reports.document.model import Column, Content, Document, Facts, Form, Paragraph, Section, Sheet, Table, Value
from reports.models import TrainingFeedback
from reports.period import Period
from reports.training.keeping import ACKNOWLEDGED, KEPT, is_passed, subject
from reports.training.lessons import library
from reports.training.sheet import unfinished

COLUMNS = [
    Column(name="工号"),
    Column(name="姓名"),
    Column(name="机构", width=1.4),
    Column(name="反馈期间"),
    Column(name="大纲（版本 摘要）", width=1.8),
    Column(name="发出"),
    Column(name="培训"),
    Column(name="培训师"),
    Column(name="得分", form=Form.share),
    Column(name="结果"),
    Column(name="补考", form=Form.count, width=0.6),
    Column(name="签收"),
]
_RESULTS = {True: "合格", False: "不合格，需补训", None: "未测验"}


def training_records(session: Session, period: Period) -> Content:
    """All feedback made or acknowledged in the period, usually a year, by day and staff number."""
    rows = record_rows(session, period)
    signed = sum(row[-1] != "未签收" for row in rows)
    facts = [
        ("期间", f"{period.first} 至 {period.last}"),
        ("现行大纲", f"{library().version}，SHA-256 {library().digest}"),
        ("合格线", f"{library().pass_from:.0%}"),
        ("反馈单", f"{len(rows):,} 份，已签收 {signed:,} 份，未签收 {len(rows) - signed:,} 份"),
    ]
    note = "大纲按反馈单发出时的版本登记；补考为签收后再次测验的次数；每次发出与签收均在留痕链中。"
    blocks = [Facts(rows=facts), Table(caption="培训记录", columns=COLUMNS, rows=rows, note=note)]
    never = Paragraph(text="本档案只记催收员反馈单及其培训；未发反馈单的人员不在其中，不视为已培训。", tone="note")
    document = Document(
        kind="training-records",
        title="催收员培训档案",
        subtitle=period.name,
        open=unfinished(session, period),
        fields={"period": period.text, "syllabus": library().syllabus},
        sections=[Section(id="records", title="培训记录", blocks=[*blocks, never])],
    )
    return Content(document, (Sheet("培训记录明细", COLUMNS, lambda: iter(rows)),))


def record_rows(session: Session, period: Period) -> list[list[Value]]:
    """The rows of the table, in the order of COLUMNS."""
    wanted: Any = select(TrainingFeedback, Collector, Agency.name)
    wanted = wanted.join(Collector, col(Collector.id) == TrainingFeedback.collector_id)
    found = session.execute(wanted.outerjoin(Agency, col(Agency.id) == Collector.agency_id)).all()
    acts = _acts(session)
    within = [row for row in found if any(period.first <= day <= period.last for day in _days(row[0]))]
    within.sort(key=lambda row: (_days(row[0])[-1], row[1].staff_no, row[0].id))
    return [_row(row, acts[subject(row[0])]) for row in within]


def _row(row: tuple[TrainingFeedback, Collector, str | None], acts: Sequence[AuditEvent]) -> list[Value]:
    feedback, collector, agency = row
    kept = [act.body["syllabus"] for act in acts if act.action == KEPT]
    quizzes = sum(act.action == ACKNOWLEDGED and act.body["quiz"] for act in acts)
    signed = feedback.acknowledged_at
    return [
        collector.staff_no,
        collector.name,
        agency,
        feedback.period,
        kept[-1] if kept else None,
        str(local_day(feedback.made_at)),
        str(feedback.coached_on) if feedback.coached_on else None,
        feedback.coach,
        feedback.score,
        _RESULTS[is_passed(feedback)],
        max(quizzes - 1, 0),
        str(local_day(signed)) if signed else "未签收",
    ]


def _days(feedback: TrainingFeedback) -> list[date]:
    """When it was made and, if it was, acknowledged."""
    return [local_day(at) for at in (feedback.made_at, feedback.acknowledged_at) if at]


def _acts(session: Session) -> dict[str, list[AuditEvent]]:
    """What the trail holds of each feedback, in order."""
    by_subject: dict[str, list[AuditEvent]] = defaultdict(list)
    wanted = select(AuditEvent).where(col(AuditEvent.action).in_([KEPT, ACKNOWLEDGED]))
    for event in session.exec(wanted.order_by(col(AuditEvent.seq))):
        by_subject[event.subject].append(event)
    return by_subject
