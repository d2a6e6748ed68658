"""The reply to a complaint, section by section, from a small case that each test carries on in its own way."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from time import process_time
from typing import Any

import pytest
import yaml
from sqlmodel import Session, select

from audit.calls.models import Call, Layout, Recording
from audit.contacts.models import Message
from audit.findings.models import Decision, Finding, Run, State, UsedPack
from audit.findings.reviews import Said, decide_finding
from audit.imports.mapping import load_mapping
from audit.imports.registers import RegisterName
from audit.imports.service import import_file
from audit.ledger.limits import limits
from audit.ledger.models import LedgerResult, LedgerVerdict, RuleId
from audit.parties.models import Collector
from audit.store import database, secrets
from audit.store.types import LOCAL
from audit.trail import AuditEvent
from classifiers.errors import BadInput
from classifiers.taxonomy import Kind, Severity, Speaker, Verdict
from complaints.cases import deciding, handling, timing
from complaints.cases.attachments import attach
from complaints.cases.deciding import Decision as Ending
from complaints.cases.events import By, find
from complaints.cases.evidence import Link, accept, drop, store_proposal
from complaints.given import Given
from complaints.intake import receive
from complaints.models import Complaint
from complaints.vocabulary import Redress, Remedy, Satisfaction, Substantiated
from reports.articles import Article, all_cited, confirm
from reports.document.model import Content, Document, Facts, Items, Quote, Table
from reports.document.page import page
from reports.document.written import Issue
from reports.models import ArticleCheck, TrainingFeedback
from reports.reply import reply
from reports.reply.facts import case_facts
from reports.reply.letter import fields
from reports.reply.wording import SHIPPED, wording

REGISTERS = {
    "collectors": "collector_no,name,team,agency\nGH8001,徐静,一组,衡诺\n",
    "debtors": "debtor_no,name,gender,phone,id_no,address,employer\nD1,林可心,女,13800001002,,,\n",
    "accounts": "account_no,debtor_no,lender,product,overdue_since,agency,assigned_on\n"
    "AC1,D1,青禾银行,消费贷,2026-08-20,衡诺,2026-09-10\n",
    "calls": "call_id,collector_no,account_no,callee_phone,callee_relation,direction,started_at,duration_s,recording\n"
    "CR1,GH8001,AC1,13800001002,self,outbound,2026-10-20T10:00:00+08:00,60,\n"
    "CR2,GH8001,AC1,13800001002,self,outbound,2026-10-20T15:00:00+08:00,30,\n",
    "messages": "message_id,collector_no,account_no,to_phone,to_relation,channel,sent_at,text\n"
    "MS1,GH8001,AC1,13800001002,self,sms,2026-10-20T11:00:00+08:00,林可心你等着，13800001002随时打\n",
}
TOLD = {
    "channel": "12378",
    "received_at": "2026-10-21 09:30",
    "text": "昨天徐静打电话骂我是废物，还威胁我，电话13800001002，要求道歉。",
    "external_ref": "ZB001",
    "complainant": "林可心",
    "phone": "13800001002",
    "account_no": "AC1",
}
TEXT = {"law": "civil-code", "title": "中华人民共和国民法典", "article": "第一千零三十二条", "checked": "text"}
RECALLED = {
    "law": "public-security-2025",
    "title": "中华人民共和国治安管理处罚法（2025年修订）",
    "article": "第五十条第一款第（一）项",
    "checked": "recalled",
}
BY, CHIEF = By("周岚"), By("邓予")
ISSUE = Issue(1, datetime(2026, 11, 2, 12, tzinfo=LOCAL), 1, "0" * 64, "0" * 64)
NUMBER = "TS20261021-0001"
SECTIONS = [
    *("basics", "complainant", "allegations", "account", "investigation", "facts", "basis", "communication"),
    *("decision", "rectification", "remedies", "attachments"),
]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the registers, one judged and recorded call, one judged message, and the complaint."""
    folder = tmp_path_factory.mktemp("reply")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHENGJIAN_HOME", str(folder / "home"))
        clear()
        database.upgrade()
        with database.transaction() as session:
            for name, rows in REGISTERS.items():
                (folder / name).write_text(rows, encoding="utf-8")
                assert not import_file(session, RegisterName(name), folder / name, load_mapping()).refused
            receive(session, Given.model_validate(TOLD))
            session.add(UsedPack(name="cn", version="0", sha256="0", canonical=""))
            record(session)
        database.engine().dispose()
    clear()
    return folder / "home"


@pytest.fixture
def desk(template: Path, home: Path, forget: Callable[[], None]) -> Iterator[Session]:
    """A session in a copy of it."""
    shutil.copytree(template, home)
    forget()
    with database.transaction() as session:
        yield session
    database.engine().dispose()


def clear() -> None:
    database.engine.cache_clear()
    database.settings.cache_clear()
    secrets.forget()


def record(session: Session) -> None:
    kept = {"codec": "pcm", "seconds": 61.0, "channels": 2, "layout": Layout.stereo}
    recording = Recording(sha256="a" * 64, blob="b", name="13800001002-CR1.wav", **kept)
    session.add(recording)
    session.flush()
    for number in ("CR1", "MS1"):
        contact = contact_of(session, number)
        subject = {"call_id": contact.id} if isinstance(contact, Call) else {"message_id": contact.id}
        told = {"model": "", "relation": "self", "day": contact.day, "verdict": Verdict.violation, "rule_pack_id": 1}
        run = Run(**subject, **told)
        session.add(run)
        session.flush()
        contact.run_id = run.id
        if isinstance(contact, Call):
            contact.recording_id = recording.id


def contact_of(session: Session, number: str) -> Call | Message:
    if number.startswith("CR"):
        return session.exec(select(Call).where(Call.call_id == number)).one()
    return session.exec(select(Message).where(Message.message_id == number)).one()


def found(session: Session, number: str, kind: Kind, state: State = State.confirmed, **law: str) -> Finding:
    """A finding in a contact, with what was decided on it."""
    where = {"start": 0, "end": 2, "quote": "林可心你这个废物", "at_ms": 61_000, "until_ms": 62_000}
    said = {"speaker": Speaker.collector, "score": 0.9, "explanation": {"laws": [law or TEXT]}}
    run_id = contact_of(session, number).run_id or 0
    finding = Finding(run_id=run_id, rule=f"cn/{kind}", kind=kind, severity=Severity.high, state=state, **where, **said)
    session.add(finding)
    session.flush()
    return finding


def alleged(session: Session, *told: tuple[Kind, str, str], links: tuple[str, ...] = ()) -> Complaint:
    """What the matching made of it: each kind with its verdict and the one contact that it is about."""
    case = find(session, NUMBER)
    allegations = [
        {"kind": kind, "claim": "徐静骂我", "verdict": verdict, "visits": [], "why": "比对所见", **about(number)}
        for kind, verdict, number in told
    ]
    links_of = [Link(subject, None, 0.9, "当日联系") for subject in links]
    store_proposal(session, case, "AC1", links_of, found={"substantiated": True, "allegations": allegations})
    return case


def about(number: str) -> dict[str, list[str]]:
    numbers = number.split()
    return {
        "calls": [each for each in numbers if each.startswith("CR")],
        "messages": [each for each in numbers if each.startswith("MS")],
    }


def decide(session: Session, case: Complaint, verdict: Substantiated = Substantiated.true, **more: Any) -> None:
    ending = Ending(verdict, "录音证实", (Redress.recheck, Redress.litigation), **more)
    deciding.decide(session, case, By("邓予", datetime(2026, 10, 28, 9, tzinfo=LOCAL)), ending)


def letter(session: Session) -> Document:
    return reply(session, NUMBER).document


def rows(document: Document, section: str) -> dict[str, str]:
    blocks = next(each for each in document.sections if each.id == section).blocks
    return {label: value for block in blocks if isinstance(block, Facts) for label, value in block.rows}


def table(document: Document, caption: str) -> list[list[Any]]:
    blocks = (block for section in document.sections for block in section.blocks)
    return next(block.rows for block in blocks if isinstance(block, Table) and block.caption.startswith(caption))


def finished(session: Session) -> Complaint:
    """The whole way: accepted, confirmed, told, decided, taught."""
    case = alleged(session, (Kind.abuse, "supported", "CR1"), links=("call:CR1",))
    handling.assign(session, case, BY, "周岚")
    accept(session, case, BY, "call:CR1", kind=Kind.abuse, why="通话中辱骂")
    found(session, "CR1", Kind.abuse)
    handling.contact(session, case, BY, "电话", "致电林可心，说明核查进展")
    decide(session, case, remedies=(Remedy.apology, Remedy.discipline), compensation=Decimal("1200.5"))
    handling.satisfaction(session, case, By("周岚", datetime(2026, 10, 30, 9, tzinfo=LOCAL)), Satisfaction.satisfied)
    handling.note(session, case, BY, "已停岗复训")
    who = session.exec(select(Collector)).one()
    told = {"findings": [1], "strengths": [], "points": [], "quiz": [], "remeasure_on": ["2026-12-01"]}
    at = datetime(2026, 10, 31, 9, tzinfo=LOCAL)
    session.add(TrainingFeedback(collector_id=who.id or 0, period="2026-10", made_at=at, **told))
    session.flush()
    return case


COMPLETE = {
    ("basics", "转办（来文）编号"): "ZB001",
    ("basics", "渠道"): "12378 银行保险消费者投诉维权热线转办",
    ("basics", "收到时间"): "2026年10月21日 09:30",
    ("basics", "办理时限"): "自 2026-10-21 起，至 2026-11-05 止（自然日）",
    ("basics", "办理时限延长"): "无",
    ("basics", "办理时限完成"): "2026年10月28日 09:00",
    ("complainant", "姓名"): "林**",
    ("complainant", "联系电话"): "138****1002",
    ("allegations", "诉求"): "道歉（“道歉”）",
    ("account", "借据（账户）号"): "AC1",
    ("account", "出借机构"): "青禾银行",
    ("account", "债务人"): "林**",
    ("account", "委外前告知债务人"): "",
    ("investigation", "调取通话"): "1 通，其中有录音 1 通，2026-10-20 至 2026-10-20，对方号码 138****1002",
    ("investigation", "人工复核"): "确认 1 项；未经复核 0 项（不作为事实陈述）",
    ("investigation", "询问当事坐席"): "",
    ("facts", "查明结果"): "属实",
    ("facts", "证据"): "证据 1",
    ("basis", "争议焦点"): "是否存在辱骂侮辱",
    ("communication", "投诉人满意度"): "满意（2026-10-30 回访）",
    ("decision", "处理措施"): "向投诉人致歉、赔偿、对责任人员问责",
    ("decision", "赔偿金额"): "1,200.50 元",
    ("decision", "决定人"): "邓予",
    ("rectification", "对责任人员问责"): "已决定问责，具体措施未登记",
    ("rectification", "复听验证"): "计划于 2026-12-01 复测",
}  # by section and label


def test_each_section_says_what_is_on_file(desk: Session) -> None:
    finished(desk)
    told = letter(desk)
    assert {(section, label): rows(told, section)[label] for section, label in COMPLETE} == COMPLETE


def test_a_decided_case_with_all_reviewed_and_checked_is_final_and_reads_as_one(desk: Session) -> None:
    finished(desk)
    told = letter(desk)
    assert (told.open, told.title, told.to) == ([], "关于林**投诉处理情况的报告", "国家金融监督管理总局派出机构")
    assert [section.id for section in told.sections] == SECTIONS
    assert table(told, "沟通记录（共 1 次）")[0][1:] == ["电话", "致电〔债务人〕，说明核查进展", "周岚"]
    assert table(told, "涉及人员") == [["GH8001", "一组", "辱骂侮辱", "2026-10-31 出具（2026-10），待本人确认"]]
    assert ["中华人民共和国民法典", "第一千零三十二条", "2021-01-01", "已核对原文"] in table(told, "处理依据")
    quote = next(block for section in told.sections for block in section.blocks if isinstance(block, Quote))
    assert quote.text == "〔债务人〕你这个废物"
    assert quote.source == "辱骂侮辱，2026年10月20日 10:00，录音 01:01 处，催收员（证据 1）"
    remedies = told.sections[10].blocks[0]
    assert isinstance(remedies, Items)
    assert remedies.items[0] == "向本机构上级单位申请核查（自处理决定作出之日起 30 日内，至 2026-11-27 止）"
    assert "已停岗复训" in rows(told, "rectification")["决定后的整改记录"]
    assert all(secret not in told.model_dump_json() for secret in ("林可心", "徐静", "13800001002"))


SUPPORTED, NO_RECORD = "supported", "no_record"
CONFIRMED, REJECTED, OPEN, SUGGESTED = State.confirmed, State.rejected, State.open, State.suggested


@pytest.mark.parametrize(
    ("machine", "states", "decided", "says"),
    [
        (SUPPORTED, {"CR1": CONFIRMED}, True, "属实"),
        (SUPPORTED, {"CR1": CONFIRMED}, False, "属实"),
        (SUPPORTED, {"CR1": CONFIRMED, "MS1": REJECTED}, True, "部分属实（部分联系经人工复核未予确认）"),
        (SUPPORTED, {"CR1": REJECTED}, True, "不属实（经人工复核，未确认所称问题）"),
        (SUPPORTED, {"CR1": OPEN}, True, "待人工确认（系统比对：属实）"),
        (SUPPORTED, {"CR1": SUGGESTED}, True, "无法核实（尚无经人工确认的证据）"),
        (SUPPORTED, {}, True, "无法核实（尚无经人工确认的证据）"),
        ("contradicted", {}, True, "不属实"),
        ("contradicted", {}, False, "待人工确认（系统比对：不属实）"),
        ("contradicted", {"MS1": CONFIRMED}, True, "属实"),
        (NO_RECORD, {}, True, "无法核实（未查到相应记录）"),
        ("not_judgeable", {}, True, "无法核实（有记录，但无法判定）"),
    ],
)
def test_what_was_found_of_an_allegation(
    desk: Session, machine: str, states: dict[str, State], decided: bool, says: str
) -> None:
    case = alleged(desk, (Kind.threat, machine, "CR1 MS1"))
    for subject in ("call:CR1", "message:MS1"):
        accept(desk, case, BY, subject)
    for number, state in states.items():
        found(desk, number, Kind.threat, state)
    if decided:
        decide(desk, case)
    assert rows(letter(desk), "facts")["查明结果"] == says


def test_an_officers_kinds_replace_those_read_from_the_text(desk: Session) -> None:
    case = alleged(desk, (Kind.abuse, SUPPORTED, "CR1"), (Kind.threat, SUPPORTED, "CR1"))
    handling.correct(desk, case, BY, handling.Corrections(kinds=[Kind.abuse, Kind.privacy_leak]))
    accept(desk, case, BY, "message:MS1", kind=Kind.privacy_leak)
    found(desk, "MS1", Kind.privacy_leak)
    told = letter(desk)
    assert rows(told, "basis")["争议焦点"] == "是否存在辱骂侮辱、泄露隐私"
    assert rows(told, "facts") == {"投诉所称": "承办人认定，原文未逐字引用", "查明结果": "属实", "证据": "证据 1"}


def test_a_result_of_the_ledger_bears_out_what_it_counts(desk: Session) -> None:
    case = alleged(desk, (Kind.harassment, SUPPORTED, "CR1"))
    accept(desk, case, BY, "call:CR1")
    why = {"zh": "10:00 呼叫 parent，处于静默时段", "en": "quiet"}
    of = {"calls": ["CR1"], "messages": [], "visits": ["V1"], "account_id": case.account_id}
    result = LedgerResult(
        rule=RuleId.quiet_hours, scope="CR1", day=date(2026, 10, 20), verdict=LedgerVerdict.finding, why=why,
        counted=1, limits=limits().digest, state=State.confirmed, **of,
    )  # fmt: skip
    desk.add(result)
    desk.flush()
    accept(desk, case, BY, f"ledger:L{result.id}")
    told = letter(desk)
    assert rows(told, "facts")["查明结果"] == "属实"
    assert rows(told, "investigation")["外访记录"] == "V1"
    assert "静默时段联系：10:00 呼叫 父母，处于静默时段（证据 1、2）" in told.sections[5].model_dump_json()
    assert [row[2] for row in table(told, "证据清单")] == [wording().systems["call"], wording().systems["ledger"]]
    assert "催收时间要求" in str(table(told, "处理依据"))


def undecided(session: Session) -> None:
    alleged(session, (Kind.abuse, NO_RECORD, ""))


def unreviewed(session: Session) -> None:
    accept(session, alleged(session, (Kind.abuse, SUPPORTED, "CR1")), BY, "call:CR1")
    found(session, "CR1", Kind.abuse, State.open)


def unchecked(session: Session) -> None:
    accept(session, alleged(session, (Kind.abuse, SUPPORTED, "CR1")), BY, "call:CR1")
    found(session, "CR1", Kind.abuse, **RECALLED)


def proposed(session: Session) -> None:
    alleged(session, (Kind.abuse, SUPPORTED, "CR1"), links=("call:CR1", "message:MS1"))


def withdrawn(session: Session) -> None:
    deciding.withdraw(session, find(session, NUMBER), BY, "林可心已达成分期")


def rechecked(session: Session) -> None:
    deciding.appeal(session, finished(session), BY, "不服")


def against_the_facts(session: Session) -> None:
    accept(session, case := alleged(session, (Kind.abuse, SUPPORTED, "CR1")), BY, "call:CR1")
    found(session, "CR1", Kind.abuse)
    decide(session, case, Substantiated.false)


def paused(session: Session) -> None:
    day = date(2026, 10, 22)
    timing.stop(session, find(session, NUMBER), BY, reason="external-appraisal", told_on=day, start=day)


@pytest.mark.parametrize(
    ("state_of", "reasons"),
    [
        (undecided, ["尚未作出处理决定"]),
        (unreviewed, ["尚未作出处理决定", "证据所涉 1 项发现未经人工复核"]),
        (unchecked, ["尚未作出处理决定", f"引用条文待核：《{RECALLED['title']}》{RECALLED['article']}"]),
        (proposed, ["尚未作出处理决定", "系统提出的 2 项证据尚未确认采用或剔除"]),
        (withdrawn, ["投诉已撤回，未作出处理决定"]),
        (
            rechecked,
            [
                "投诉人已申请核查，尚未作出核查决定",
                "引用条文待核：《银行业保险业消费投诉处理管理办法》第二十三条",
            ],
        ),
        (against_the_facts, ["处理决定认定不属实，但投诉事项有经人工确认的问题"]),
        (
            paused,
            [
                "尚未作出处理决定",
                "投诉事项尚未与通话、消息比对",
                "引用条文待核：《银行业保险业消费投诉处理管理办法》第二十条（外部鉴定期间）",
            ],
        ),
    ],
)
def test_why_a_letter_is_a_draft_yet(desk: Session, state_of: Callable[[Session], None], reasons: list[str]) -> None:
    state_of(desk)
    assert letter(desk).open == reasons


def test_what_nobody_reviewed_is_counted_and_not_told(desk: Session) -> None:
    unreviewed(desk)
    told = letter(desk)
    assert "废物" not in told.sections[5].model_dump_json()
    assert "未经人工复核的发现 1 项" in told.sections[5].model_dump_json()
    assert table(told, "涉及人员")[0][2] == "无"


def test_a_withdrawn_case_says_so_and_decides_nothing(desk: Session) -> None:
    withdrawn(desk)
    told = letter(desk)
    assert "撤回投诉（〔债务人〕已达成分期）" in told.sections[8].model_dump_json()
    assert rows(told, "decision") == {}


def test_a_repeated_complaint_names_the_first(desk: Session) -> None:
    again = {**TOLD, "external_ref": "ZB002", "received_at": "2026-10-25 10:00", "text": "再次反映骂人一事。"}
    second = receive(desk, Given.model_validate(again))
    handling.correct(desk, second, BY, handling.Corrections(repeat_of=NUMBER))
    told = rows(reply(desk, "ZB002").document, "basics")
    assert told["重复投诉"] == f"首次投诉 {NUMBER}，2026年10月21日 09:30 收到"
    assert "重复投诉" not in rows(letter(desk), "basics")


def test_an_extension_is_told_with_who_approved_it_and_when_the_complainant_knew(desk: Session) -> None:
    day = date(2026, 11, 2)
    timing.lengthen(desk, find(desk, NUMBER), BY, approver="邓予", notice_on=day, reason="案情复杂")
    told = rows(letter(desk), "basics")
    assert told["办理时限"] == "自 2026-10-21 起，至 2026-11-20 止（自然日）"
    assert told["办理时限延长"] == "审批人 邓予，2026-11-02 告知投诉人，理由：案情复杂"


def test_what_no_register_holds_is_left_empty_and_nothing_is_claimed(desk: Session) -> None:
    case = receive(desk, Given.model_validate({k: TOLD[k] for k in ("received_at", "text")} | {"channel": "网页"}))
    told = reply(desk, case.number).document
    assert (told.title, told.to) == ("关于投诉人投诉的答复意见书", "投诉人")
    assert set(rows(told, "account").values()) == {""}
    assert table(told, "证据清单") == table(told, "委外记录") == []
    assert len(told.sections) == 12


def test_a_contact_that_could_not_be_judged_is_counted(desk: Session) -> None:
    accept(desk, find(desk, NUMBER), BY, "call:CR2")
    assert rows(letter(desk), "investigation")["未判定的联系"].startswith("1 次")
    assert table(letter(desk), "证据清单")[0][1] == "通话 CR2 话单（无录音）"


def test_the_list_of_evidence_has_each_piece_once_with_its_digest(desk: Session, tmp_path: Path) -> None:
    case = find(desk, NUMBER)
    finding = found(desk, "MS1", Kind.threat)
    accept(desk, case, BY, "call:CR1", why="当日接通")
    accept(desk, case, BY, "message:MS1", kind=Kind.threat)
    accept(desk, case, CHIEF, f"finding:F{finding.id}", why="原文威胁")
    accept(desk, case, BY, "call:CR2")
    drop(desk, case, BY, "call:CR2", "与投诉无关")
    (tmp_path / "授权书.pdf").write_bytes(b"%PDF-1.7 x")
    attach(desk, case, BY, tmp_path / "授权书.pdf", "授权书原件")
    call, message, file = table(letter(desk), "证据清单")
    assert call[5:] == ["0:01:01", "a" * 64, "当日接通", "周岚"]
    assert "坐席 GH8001 呼出 138****1002（本人）" in call[4]
    assert "138****1002-CR1.wav" in call[4]
    assert message[1:3] == ["短信 MS1", wording().systems["message"]]
    assert message[6] == hashlib.sha256("林可心你等着，13800001002随时打".encode()).hexdigest()
    assert message[4].endswith("“〔债务人〕你等着，〔电话号码〕随时打”；经确认：威胁恐吓")
    assert message[7:] == ["拟证明威胁恐吓；拟证明威胁恐吓：原文威胁", "周岚、邓予"]
    assert (file[1], file[5], file[6]) == ("授权书.pdf", "10 字节", hashlib.sha256(b"%PDF-1.7 x").hexdigest())


def test_a_kind_that_a_person_changed_counts_and_cites_nothing(desk: Session) -> None:
    accept(desk, alleged(desk, (Kind.abuse, SUPPORTED, "CR1"), (Kind.threat, NO_RECORD, "CR1")), BY, "call:CR1")
    finding = found(desk, "CR1", Kind.abuse, State.open)
    decide_finding(desk, finding.id or 0, Said(Decision.changed, "是威胁", "邓予", Kind.threat))
    decide(desk, find(desk, NUMBER))
    told = letter(desk)
    verdicts = [block.rows[1][1] for block in told.sections[5].blocks if isinstance(block, Facts)]
    assert verdicts == ["不属实（经人工复核，未确认所称问题）", "属实"]
    assert "第一千零三十二条" not in told.model_dump_json()
    assert rows(told, "investigation")["复听、复核人"] == "邓予"


def test_names_with_markup_and_rare_characters_stay_text(desk: Session) -> None:
    case = find(desk, NUMBER)
    case.complainant = "𠮷<b>&\x0b"
    handling.note(desk, case, BY, "<script>alert(1)</script>{{ title }}")
    told = letter(desk)
    assert told.title == "关于𠮷**投诉处理情况的报告"
    written = page(told, ISSUE).decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ title }}" in written
    assert "<script>alert" not in written


def test_the_same_facts_are_the_same_letter_and_had_at_once(desk: Session) -> None:
    finished(desk)

    def made() -> Content:
        desk.expire_all()
        return reply(desk, NUMBER)

    first, started = made(), process_time()
    assert made().digest() == first.digest()
    assert process_time() - started < 0.5


def test_an_article_that_a_person_confirmed_is_cited(desk: Session) -> None:
    unchecked(desk)
    confirm(desk, Article(RECALLED["title"], RECALLED["article"]), "周敏 ", "公报原文")
    told = letter(desk)
    assert told.open == ["尚未作出处理决定"]
    row = next(row for row in table(told, "处理依据") if row[0] == RECALLED["title"])
    assert row[1:] == [RECALLED["article"], "2026-01-01", "经 周敏 与 公报原文 核对"]


@pytest.mark.parametrize(
    ("article", "by", "source", "problem"),
    [
        ("第零条", "周敏", "原文", "nothing cites"),
        (RECALLED["article"], " ", "原文", "nobody or no source"),
        (RECALLED["article"], "周敏", " ", "nobody or no source"),
    ],
)
def test_nobody_confirms_without_name_and_source_or_what_nothing_cites(
    desk: Session, article: str, by: str, source: str, problem: str
) -> None:
    with pytest.raises(BadInput, match=problem):
        confirm(desk, Article(RECALLED["title"], article), by, source)
    assert desk.exec(select(ArticleCheck)).all() == []


def test_an_article_of_a_pack_that_judged_before_can_be_confirmed(desk: Session) -> None:
    canonical = (
        '{"laws":{"old":{"title":"旧办法"}},"rules":[{"laws":[{"law":"old","article":"第一条","checked":"weak"}]}]}'
    )
    desk.add(UsedPack(name="cn", version="1", sha256="1", canonical=canonical))
    old = Article("旧办法", "第一条")
    assert old in {each.article for each in all_cited(desk)}
    assert old not in {each.article for each in all_cited(desk, date(2026, 10, 20))}
    confirm(desk, old, "周敏", "原文")


def test_articles_are_listed_and_confirmed_by_command(shengjian) -> None:
    article = (RECALLED["title"], RECALLED["article"])
    ran = shengjian("articles", "confirm", *article, "--source", "公报", "--by", "周敏")
    assert (ran.code, ran.out) == (0, f"{article[0]} {article[1]}: may be cited\n")
    again = shengjian("articles", "confirm", *article, "--source", "法律原文", "--by", "邓予")
    assert again.code == 0
    listed = shengjian("articles", "list").out
    assert "邓予" in listed
    assert "周敏" not in listed
    with database.transaction() as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.action == "article.confirm")).all()
        assert [(event.actor, event.body["source"]) for event in events] == [("周敏", "公报"), ("邓予", "法律原文")]
    refused = shengjian("articles", "confirm", article[0], "第零条", "--source", "公报")
    assert (refused.code, len(refused.err.splitlines())) == (2, 1)


def test_every_field_for_house_templates_has_its_meaning(desk: Session) -> None:
    listed = yaml.safe_load(SHIPPED.with_name("fields.yaml").read_text(encoding="utf-8"))
    told = fields(case_facts(desk, NUMBER))
    assert list(told) == list(listed)
    assert (told["case_number"], told["due"], told["agency"], told["substantiated"]) == (
        NUMBER,
        "2026-11-05",
        "衡诺",
        "",
    )


@pytest.mark.parametrize("number", ["TS0", ""])
def test_no_letter_without_a_case(desk: Session, number: str) -> None:
    with pytest.raises(BadInput, match="no complaint"):
        reply(desk, number)
