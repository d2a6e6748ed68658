"""Documents from the demo's facts by whole commands: versions, stored bytes, refusals; and the month."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from sqlmodel import col, select

from audit import jobs
from audit.store.database import snapshot
from audit.trail import AuditEvent
from reports.document.model import Document, Table
from reports.models import Report
from reports.monthly import monthly
from reports.period import Period

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


def table(document: Document, caption: str) -> Table:
    blocks = (block for section in document.sections for block in section.blocks)
    return next(block for block in blocks if isinstance(block, Table) and block.caption == caption)


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("audit", ("--period", "2026-10")),
        ("reply", (CASE,)),
        ("scorecard", ("--period", "2026-10")),
        ("complaints", ("--period", "2019")),
        ("training", ("--period", "2026-10", "--collector", "GH8002")),
        ("training", ("--period", "2026-10", "--team", "一组")),
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
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "report.export")).all()[-1]
    assert (event.actor, event.body["version"]) == ("林一", 1)
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


def test_a_report_is_made_while_another_process_holds_the_queue(desk, tmp_path: Path) -> None:
    desk("db", "check")
    with jobs.working():
        desk("report", "scorecard", "--period", "2026-10", "--format", "pdf", "--out", tmp_path)
    assert (tmp_path / "scorecard-2026-10.pdf").read_bytes().startswith(b"%PDF")


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
