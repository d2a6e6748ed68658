"""Documents from the demo's facts by whole commands: versions, stored bytes, refusals; the reply and the month."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
import yaml
from sqlmodel import col, select

from audit.store.database import snapshot
from audit.store.types import local_day
from audit.trail import AuditEvent
from complaints.cases.events import find
from reports.articles import all_cited
from reports.document.model import Document, Facts, Items, Table
from reports.models import ArticleCheck, Report
from reports.monthly import monthly
from reports.period import Period
from reports.reply import reply
from reports.reply.facts import case_facts
from reports.reply.letter import fields
from reports.reply.wording import SHIPPED, wording

CASE = "TS20261015-0001"


@pytest.fixture
def desk(audited: Path, home: Path, shengjian, forget) -> Callable[..., str]:
    """Runs commands in a copy of the demo; what they print."""
    shutil.copytree(audited, home)

    def done(*arguments: str | Path) -> str:
        ran = shengjian(*arguments)
        assert ran.code == 0, ran.err
        return ran.out

    return done


def letter(number: str = CASE) -> Document:
    with snapshot() as session:
        return reply(session, number).document


def rows(document: Document, section: str) -> dict[str, str]:
    blocks = next(each for each in document.sections if each.id == section).blocks
    return {label: value for block in blocks if isinstance(block, Facts) for label, value in block.rows}


def table(document: Document, caption: str) -> Table:
    blocks = (block for section in document.sections for block in section.blocks)
    return next(block for block in blocks if isinstance(block, Table) and block.caption == caption)


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("audit", ("--period", "2026-10")),
        ("reply", (CASE,)),
        ("complaints", ("--period", "2026Q4")),
        ("scorecard", ("--period", "2026-10")),
        ("complaints", ("--period", "2019")),
    ],
)
def test_each_report_is_written_in_every_format_and_again_with_the_same_bytes(
    desk, tmp_path: Path, kind: str, about: tuple[str, ...]
) -> None:
    formats = ("html", "docx", "pdf", "xlsx")
    for folder in ("one", "two"):
        desk("report", kind, *about, "--format", ",".join(formats), "--out", tmp_path / folder, "--by", "林一")
    first, second = (sorted((tmp_path / folder).iterdir()) for folder in ("one", "two"))
    assert sorted(path.suffix[1:] for path in first) == sorted(formats)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    with snapshot() as session:
        report = session.exec(select(Report)).all()[-1]
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "report.export")).all()[-1]
    assert (report.kind, report.version, report.made_by) == (kind, 1, "林一")
    assert event.body["files"] == {p.suffix[1:]: hashlib.sha256(p.read_bytes()).hexdigest() for p in first}


def test_changed_facts_make_a_new_version_and_the_old_one_is_kept(desk, tmp_path: Path) -> None:
    desk("report", "reply", CASE, "--out", tmp_path)
    desk("complaints", "satisfaction", CASE, "neutral", "--by", "周岚")
    desk("report", "reply", CASE, "--out", tmp_path)
    with snapshot() as session:
        kept = session.exec(select(Report).where(Report.kind == "reply").order_by(col(Report.version))).all()
    assert [report.version for report in kept] == [1, 2]
    assert kept[0].files != kept[1].files
    assert kept[0].trail_seq < kept[1].trail_seq


def test_what_cannot_be_written_is_one_line_and_leaves_nothing(desk, shengjian, tmp_path: Path, monkeypatch) -> None:
    own = docx.Document()
    own.add_paragraph("{{ no_such_field }}")
    own.save(str(tmp_path / "reply.docx"))
    monkeypatch.setenv("SHENGJIAN_TEMPLATES", str(tmp_path))
    for arguments, problem in (
        (("reply", CASE), "no_such_field"),
        (("reply", "TS0"), "no complaint TS0"),
        (("reply", CASE, "--format", "odt"), "'odt' is no format"),
        (("complaints", "--period", "soon"), "'soon' is no period"),
        (("scorecard", "--period", "2026-10", "--agency", "无此机构"), "无此机构"),
        (("training", "--period", "2026-10"), "one collector or one team"),
    ):
        ran = shengjian("report", *arguments, "--out", tmp_path / "out")
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1), ran.err
        assert problem in ran.err
    assert not (tmp_path / "out").exists()


def test_a_reply_states_only_what_a_person_confirmed(desk) -> None:
    """The case was decided, but its evidence was only proposed: nothing is claimed of it."""
    told = letter()
    assert [section.id for section in told.sections][:3] == ["basics", "complainant", "allegations"]
    assert len(told.sections) == 12
    assert rows(told, "basics")["转办（来文）编号"] == "TS260001"
    assert rows(told, "complainant")["姓名"] == "吴**"
    assert rows(told, "facts")["查明结果"] == "待人工确认（系统比对：属实）"
    assert table(told, "证据清单").rows == []
    assert told.open == ["系统提出的 1 项证据尚未确认采用或剔除"]
    assert told.to == "国家金融监督管理总局派出机构"


def test_accepted_and_reviewed_evidence_makes_it_a_statement_of_facts(desk) -> None:
    desk("complaints", "reopen", CASE, "--reason", "补充证据", "--by", "周岚")
    desk("complaints", "accept", CASE, "call:CR0013", "--kind", "harassment", "--why", "话单证实", "--by", "周岚")
    told = letter()
    assert told.open[0] == "尚未作出处理决定"
    assert any("未经人工复核" in reason for reason in told.open)
    with snapshot() as session:
        result = case_facts(session, CASE).results[0]
    desk("findings", "decide", f"L{result.id}", "confirmed", "--reason", "已核对话单", "--by", "邓予")
    redress = ("--redress", "recheck", "--by", "周岚")
    desk("complaints", "decide", CASE, "true", "--reason", "话单证实", "--remedy", "discipline", *redress)
    told = letter()
    assert rows(told, "facts")["查明结果"] == "属实"
    assert rows(told, "facts")["证据"] == "证据 1"
    exhibit = table(told, "证据清单").rows[0]
    assert (exhibit[0], exhibit[2], len(str(exhibit[6]))) == ("1", wording().systems["call"], 64)
    assert "静默时段" in str([block for block in told.sections[5].blocks if isinstance(block, Items)])
    assert table(told, "涉及人员").rows[0][2] == "静默时段联系"
    assert told.open == []
    assert not told.is_draft


def test_an_unchecked_article_is_not_cited_until_a_person_confirms_it(desk, shengjian) -> None:
    with snapshot() as session:
        found = find(session, CASE)
        doubtful = next(each for each in all_cited(session, local_day(found.received_at)) if not each.is_sure)
    title, article = doubtful.article
    assert shengjian("articles", "confirm", title, "第零条", "--source", "原文").code == 2
    desk("articles", "confirm", title, article, "--source", "公报原文", "--by", "周敏")
    with snapshot() as session:
        check = session.exec(select(ArticleCheck)).one()
        now = next(e for e in all_cited(session, local_day(found.received_at)) if e.article == doubtful.article)
    assert (check.checked_by, check.source, now.is_sure) == ("周敏", "公报原文", True)
    assert "周敏" in desk("articles", "list")


@pytest.mark.parametrize("number", ["TS20261031-0001", "TS20261021-0001", "TS20261027-0001", "TS20261024-0001"])
def test_every_kind_of_case_has_a_letter(desk, number: str) -> None:
    told = letter(number)
    assert len(told.sections) == 12
    assert told.is_draft
    withdrawn = any("撤回投诉" in str(block) for section in told.sections for block in section.blocks)
    assert withdrawn == (number == "TS20261031-0001")


def test_a_letters_fields_are_listed_with_their_meaning(desk) -> None:
    listed = yaml.safe_load(SHIPPED.with_name("fields.yaml").read_text(encoding="utf-8"))
    with snapshot() as session:
        assert set(fields(case_facts(session, CASE))) == set(listed)


def test_the_month_shows_what_the_page_shows(desk) -> None:
    with snapshot() as session:
        content = monthly(session, Period.parse("2026-10"))
        overview = {row[0]: row[1] for row in table(content.document, "主要指标").rows}
        sheets = {sheet.name: list(sheet.rows()) for sheet in content.sheets}
    assert content.document.title == "2026年10月合规质检月报"
    assert (overview["呼叫"], overview["已判定通话"]) == ("124", "8")
    assert int(str(overview["通话中的违规"])) == sum(row[0].startswith("CR") for row in sheets["违规明细"])
    kinds = table(content.document, "违规类别")
    assert sum(row[5] for row in kinds.rows) == int(str(overview["通话中的违规"]))
    assert sum(row[7] for row in kinds.rows) == sum(row[0].startswith("MS") for row in sheets["违规明细"])


def test_a_month_without_contacts_says_so(desk) -> None:
    with snapshot() as session:
        told = monthly(session, Period.parse("2020-01")).document
    assert "本期没有通话、消息和外访记录。" in told.model_dump_json()
    assert len(told.sections) == 12


@pytest.mark.parametrize(
    ("period", "before"), [("2026-10", "2026-09"), ("2026-01", "2025-12"), ("2026Q1", "2025Q4"), ("2026", "2025")]
)
def test_a_period_knows_the_one_before(period: str, before: str) -> None:
    assert Period.parse(period).before == Period.parse(before)
