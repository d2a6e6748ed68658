"""The other parts of the monthly report: cases, rectification, complaints, training, policies, gaps, versions."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from audit.calls.models import Call
from audit.contacts.models import Message
from audit.findings.models import Finding, Run, State
from audit.ledger.limits import limits
from audit.parties.models import Collector
from audit.store.types import LOCAL, local_day
from classifiers.taxonomy import SIGNALS, Severity
from complaints.models import Complaint, Deadline
from complaints.vocabulary import CaseState, Substantiated
from reports.articles import cited
from reports.document.model import Block, Clip, Column, Facts, Form, Items, Paragraph, Quote, Table, Value
from reports.masking import masked
from reports.models import TrainingFeedback
from reports.monthly.facts import MonthlyFacts
from reports.names import NOT_LISTED, SEVERITIES
from reports.period import Period
from reports.redaction.clip import clip_of

CASES = 8  # typical cases that are shown
_PASSED = 0.8  # share of a quiz answered rightly that counts as passed


def cases(told: MonthlyFacts) -> list[Block]:
    """The gravest findings that a person confirmed, with the words, the law, and the sound where it can be redacted."""
    found = _gravest(told.session, told.period)
    if not found:
        return [Paragraph(text="本期没有经人工确认的违规，不列举案例。")]
    return [block for finding, contact in found for block in _case(told.session, finding, contact)]


def _gravest(session: Session, period: Period | None) -> Sequence[tuple[Finding, Call | Message]]:
    """Confirmed violations, the gravest first."""
    rank = {severity: severity.rank for severity in Severity}
    found: list[tuple[Finding, Call | Message]] = []
    for model in (Call, Message):
        wanted: Any = (
            select(Finding, model).join(Run, col(Run.id) == Finding.run_id).join(model, col(model.run_id) == Run.id)
        )
        wanted = wanted.where(Finding.state == State.confirmed)
        if period:
            wanted = wanted.where(col(model.day).between(period.first, period.last))
        found += [tuple(row) for row in session.execute(wanted) if row[0].kind_now not in SIGNALS]
    return sorted(found, key=lambda pair: (rank[pair[0].severity_now], pair[0].id or 0))[:CASES]


def _case(session: Session, finding: Finding, contact: Call | Message) -> list[Block]:
    number = contact.call_id if isinstance(contact, Call) else contact.message_id
    about = f"{finding.kind_now.names.zh}（{SEVERITIES[finding.severity_now]}），{number}，{contact.day or NOT_LISTED}"
    articles = cited(session, finding.explanation["laws"])
    laws = "；".join(each.text if each.is_sure else f"{each.text}（待核）" for each in articles)
    why = masked(str(finding.explanation["why"]))
    blocks: list[Block] = [Quote(text=masked(finding.quote), source=about)]
    if isinstance(contact, Call):
        told = f"{number} 的录音（已遮蔽个人信息）"
        blocks.append(Clip(caption=told, sound=clip_of(session, finding), without="无法可靠遮蔽，不提供"))
    return [*blocks, Paragraph(text=f"{why}{f'　条文：{laws}' if laws else ''}", tone="note")]


def rectification(told: MonthlyFacts) -> list[Block]:
    """From what was confirmed to what was taught, acknowledged and measured again."""
    given = feedback(told)
    done = [each for each in given if each.acknowledged_at]
    days = [(local_day(at) - local_day(each.made_at)).days for each in given if (at := each.acknowledged_at)]
    ready = sum(date.fromisoformat(day) <= told.today for each in given for day in each.remeasure_on[:1])
    return [
        Facts(
            rows=[
                ("人工确认的问题", f"{told.reviewed.confirmed + told.reviewed.changed:,} 项"),
                ("出具培训反馈", f"{len(given):,} 份"),
                ("本人已确认", f"{len(done):,} 份" + (f"，平均 {sum(days) / len(days):.1f} 天" if days else "")),
                ("已到复测日", f"{ready:,} 份"),
                ("对机构的通知与处理", ""),
            ]
        )
    ]


def feedback(told: MonthlyFacts) -> Sequence[TrainingFeedback]:
    """The training feedback on periods that lie in this one."""
    kept = told.session.exec(select(TrainingFeedback).order_by(col(TrainingFeedback.id))).all()
    about = told.period
    if about is None:
        return kept
    periods = {each.period: Period.parse(each.period) for each in kept}
    return [each for each in kept if about.first <= periods[each.period].first <= about.last]


def complaints(told: MonthlyFacts) -> list[Block]:
    """A few figures on complaints received; the statistics have a report of their own."""
    cases = select(func.count()).select_from(Complaint)
    late = select(func.count(func.distinct(Deadline.complaint_id))).join(
        Complaint, col(Complaint.id) == Deadline.complaint_id
    )
    late = late.where(func.coalesce(Deadline.met_at, _end(told.today)) > col(Deadline.due_at))
    if told.period:
        received = col(Complaint.received_at).between(_start(told.period.first), _end(told.period.last))
        cases, late = cases.where(received), late.where(received)
    asked: dict[str, int] = {
        "收到": told.session.scalar(cases) or 0,
        "已决定": told.session.scalar(cases.where(Complaint.state == CaseState.decided)) or 0,
        "属实": told.session.scalar(cases.where(Complaint.substantiated == Substantiated.true)) or 0,
        "部分属实": told.session.scalar(cases.where(Complaint.substantiated == Substantiated.partial)) or 0,
        "重复": told.session.scalar(cases.where(col(Complaint.repeat_of).is_not(None))) or 0,
        "超期": told.session.scalar(late) or 0,
    }
    return [Facts(rows=[(name, f"{count:,} 件") for name, count in asked.items()])]


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, LOCAL)


def _end(day: date) -> datetime:
    return datetime.combine(day, time.max, LOCAL)


def training(told: MonthlyFacts) -> list[Block]:
    """Feedback given, quizzes passed, and certificates that ran out."""
    given = feedback(told)
    scores = [each.score for each in given if each.score is not None]
    passed = sum(score >= _PASSED for score in scores)
    staff = told.session.exec(select(Collector).where(col(Collector.listed))).all()
    lapsed = sum(who.certified_until is not None and who.certified_until < told.today for who in staff)
    rows = [
        ("接受反馈", f"{len({each.collector_id for each in given}):,} 人"),
        ("测验", f"{len(scores):,} 人次，{passed:,} 人次达到 {_PASSED:.0%}" if scores else "无"),
        ("培训记录已过期", f"{lapsed:,} 人（在册 {len(staff):,} 人）"),
        ("培训记录未登记", f"{sum(who.certified_until is None for who in staff):,} 人"),
    ]
    return [Facts(rows=rows)]


def policies(told: MonthlyFacts) -> list[Block]:
    """The written policies: who answers for them, and whether their review is due."""
    columns = [Column(name="编号"), Column(name="制度", width=3), Column(name="负责人"), Column(name="版本")]
    columns += [Column(name="生效"), Column(name="下次复审", width=1.5)]
    rows: list[list[Value]] = [
        [
            part.policy.policy_no,
            part.policy.title,
            part.policy.responsible or NOT_LISTED,
            part.policy.version or NOT_LISTED,
            str(part.policy.effective_on or NOT_LISTED),
            f"{part.policy.next_review or NOT_LISTED}{'（已逾期）' if part.overdue else ''}",
        ]
        for part in told.policies
    ]
    return [Table(caption="催收制度", columns=columns, rows=rows, empty="没有登记催收制度。")]


def gaps(told: MonthlyFacts) -> list[Block]:
    """What the registers lack, for which judgements were not made."""
    columns = [Column(name="缺口", width=3), Column(name="数量", form=Form.count), Column(name="例", width=3)]
    rows: list[list[Value]] = [[gap.name, gap.count, "、".join(gap.shown[:3])] for gap in told.gaps]
    return [Table(caption="登记缺口", columns=columns, rows=rows, empty="名册与记录相符，没有缺口。")]


def versions(told: MonthlyFacts) -> list[Block]:
    """What judged: packs, limits and recognisers by digest."""
    asked = limits()
    rows = [(f"规则包 {name} {version}", f"SHA-256 {sha256}") for name, version, sha256 in told.summary.packs]
    rows += [(f"文本模型 {n}", f"SHA-256 {model}") for n, model in enumerate(told.models, 1)]
    rows.append((f"联系限制 {asked.name}", f"{asked.title.zh}，SHA-256 {asked.digest}"))
    rows += [(f"语音识别 {engine}", f"模型 {model}（{options}）") for engine, model, options in told.summary.engines]
    return [Facts(rows=rows), Items(items=["条文按联系当日有效的版本引用；未核对原文的条文在规则包中标明。"])]
