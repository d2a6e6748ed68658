"""The audit report: whole, self-contained, honest about what it does not know, safe against what it quotes."""

import base64
import html
import io
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import av
import pytest
from sqlmodel import col, select

from audit import trail
from audit.calls.models import Call
from audit.findings.service import message_outcomes, outcomes
from audit.ledger.limits import limits
from audit.ledger.listing import NO_DATA, rows
from audit.parties.models import Agency
from audit.store.database import snapshot, transaction
from reports import audit_page, chosen, ledger_part, registers_part
from reports.document.written import Issue
from reports.kinds import Order
from reports.masking import masked

ISSUE = Issue(1, datetime(2026, 11, 2, 4, tzinfo=UTC), 1, "ab" * 32, "cd" * 32)


@pytest.fixture
def page(audited: Path) -> str:
    """The demo's report."""
    return (audited / "audit-report.html").read_text(encoding="utf-8")


@pytest.fixture
def judged(audited: Path, monkeypatch: pytest.MonkeyPatch, forget):
    """The outcomes that the report is about, and the event of its export."""
    monkeypatch.setenv("SHENGJIAN_HOME", str(audited))
    forget()
    with transaction() as session:
        exported = select(trail.AuditEvent).where(trail.AuditEvent.subject == "report:audit:")
        return outcomes(session), session.exec(exported.order_by(col(trail.AuditEvent.seq))).first()


def test_every_call_and_finding_stands_in_it(page: str, judged) -> None:
    calls, exported = judged
    assert len(calls) == 8
    for outcome in calls:
        assert f"<h3>{outcome.call.call_id}</h3>" in page
        assert outcome.call.source == "demo"
        for finding in outcome.findings:
            assert f"<mark>{masked(finding.quote)}</mark>" in page
    assert section(page, "calls").count("<audio") == sum(len(outcome.findings) for outcome in calls)
    for version in (exported.prev_hash, calls[0].pack.sha256, "faster-whisper"):
        assert version in page


def section(page: str, name: str) -> str:
    """The part of the page under a heading."""
    return page.split(f'<h2 id="{name}">')[1].split("<h2", maxsplit=1)[0]


def test_messages_with_findings_stand_in_full_and_the_others_are_counted(page: str, judged) -> None:
    with transaction() as session:
        read = message_outcomes(session)
    found = [outcome for outcome in read if outcome.findings]
    part = section(page, "messages")
    assert set(re.findall(r"<h3>(.+?)</h3>", part)) == {outcome.message.message_id for outcome in found}
    assert f"已判定 {len(read)} 条" in part
    for outcome in found:
        said = part.split(f"<h3>{outcome.message.message_id}</h3>")[1].split('<p class="said">')[1].split("</p>")[0]
        marks = re.findall("<mark>(.+?)</mark>", said)
        assert html.unescape(re.sub("</?mark>", "", said)) == masked(outcome.message.text)
        assert all(any(masked(f.quote) in html.unescape(mark) for mark in marks) for f in outcome.findings)
        assert all(html.escape(f.explanation["why"]) in part for f in outcome.findings)


def test_the_ledger_stands_rule_by_rule(page: str, judged) -> None:
    with transaction() as session:
        found = rows(session)
    part = section(page, "ledger")
    assert len(found) > 10
    for rule in {row.rule for row in found}:
        of_rule = [row for row in found if row.rule == rule]
        card = part.split(f'id="{rule}"')[1].split("<section")[0]
        assert f"<h3>{of_rule[0].title['zh']}</h3>" in card
        assert card.count("<tr><td") == sum(row.verdict != NO_DATA for row in of_rule)
        assert ("无数据：" in card) == any(row.verdict == NO_DATA for row in of_rule)
        for row in of_rule:
            assert row.account_no in card
            assert all(number in card for number in (*row.calls, *row.messages, *row.visits))
            assert all(f"《{law['title']}》{law['article']}" in html.unescape(card) for law in row.laws)


def test_codes_have_chinese_names(page: str) -> None:
    shown = re.sub(r'"data:[^"]+"|<style>.*?</style>|<[^>]+>|cn/[a-z/-]+', "", page, flags=re.DOTALL)
    codes = {"self", "friend", "colleague", "sibling", "spouse", "no_answer", "connected", "outbound", "wechat", "sms"}
    assert not codes & set(re.findall("[a-z_]+", shown))
    assert {"本人", "朋友", "同事", "呼出", "微信", "短信"} <= {
        name for name in re.split(r"[^\u4e00-\u9fff]", shown) if name
    }


def test_numbers_of_people_are_never_whole(page: str) -> None:
    shown = re.sub(r'"data:[^"]+"', "", page)
    assert re.findall(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])", shown) == []
    assert re.search(r"1[3-9]\d\*{4}\d{4}", shown)


def test_policies_past_their_review_are_marked(page: str) -> None:
    part = section(page, "policies")
    assert '<span class="late">2026-09-01 已逾期</span>' in part
    assert "顾岚" in part
    assert ">2027-03-10</td>" in part


def test_figures_gaps_and_coverage_stand_in_it(page: str) -> None:
    assert re.findall("<h4>(.+?)</h4>", section(page, "figures")) == [
        f"按{name}" for name in ("机构", "小组", "催收员", "出借方", "逾期阶段")
    ]
    assert "通话：已接通，没有录音" in section(page, "gaps")
    coverage = section(page, "coverage")
    assert limits().digest in coverage
    assert all(rule.title.zh in coverage for _, rule in limits().rules())
    assert "不在其内" not in coverage


def test_a_period_shows_only_what_was_in_it(shengjian, judged, tmp_path: Path) -> None:
    made = {}
    for period in ("2026-10", "2026Q3"):
        assert shengjian("report", "audit", "--period", period, "--format", "html", "--out", tmp_path).code == 0
        made[period] = (tmp_path / f"audit-report-{period}.html").read_text(encoding="utf-8")
    assert "（2026年10月）</h1>" in made["2026-10"]
    contacts, _, accounts = section(made["2026-10"], "ledger").partition('id="rate-over-cap"')
    days = r"(20\d\d-\d\d)-\d\d</td><td><span"
    assert (set(re.findall(days, contacts)), "2026-08" in re.findall(days, accounts)) == ({"2026-10"}, True)
    assert "（2026年第三季度）</h1>" in made["2026Q3"]
    assert "本期没有审计过的通话" in made["2026Q3"]
    assert "本期没有判定过的消息" in made["2026Q3"]


def test_a_wrong_period_is_one_line(shengjian, tmp_path: Path) -> None:
    shengjian("db", "upgrade")
    ran = shengjian("report", "audit", "--period", "2026-13", "--out", tmp_path)
    assert (ran.code, ran.err.count("\n"), "2026-13" in ran.err) == (2, 1, True)


def test_long_lists_are_cut_and_say_so(judged, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (chosen, ledger_part, registers_part, audit_page):
        monkeypatch.setattr(module, "MOST", 1)
    order = Order("audit")
    with snapshot() as session:
        page = order.page(session, order.content(session), ISSUE).decode()
    assert page.count('<article class="card" id="c') == page.count('<article class="card" id="m') == 1
    assert "共 8 通，按最重的违规排列，以下列出 1 通，其余 7 通" in page
    ledger = section(page, "ledger")
    assert ledger.count("<tr><td") == ledger.count("<table")
    assert re.search(r"以上列出 1 项，另有 \d+ 项未列出", ledger)
    assert "未列出 56 项" in section(page, "gaps")


def test_it_says_that_the_demo_is_synthetic(page: str) -> None:
    assert section(page, "calls").count(">演示</span>") == 8
    assert "合成语音" in page


def test_it_needs_nothing_beside_it(page: str) -> None:
    assert set(re.findall(r'(?:src|href)="(?:#|.{5})|url\(', page)) == {'src="data:', 'href="#'}
    assert "<script" not in page


def test_every_link_leads_somewhere_on_the_page(page: str) -> None:
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r' id="([^"]+)"', page))


def test_a_clip_holds_the_words_with_a_little_around(page: str, judged) -> None:
    calls, _ = judged
    clips = re.findall(r'src="data:audio/mpeg;base64,([^"]+)"', page)
    spans = sorted(f.until_ms - f.at_ms for outcome in calls for f in outcome.findings)
    lengths = []
    for clip in clips:
        with av.open(io.BytesIO(base64.b64decode(clip))) as container:
            lengths.append(sum(frame.samples for frame in container.decode(audio=0)) / 16)
    assert sorted(lengths)[-1] == pytest.approx(spans[-1] + 1800, abs=150)
    assert min(lengths) > 500


def test_what_is_quoted_cannot_become_markup(shengjian, recordings: dict[str, Path], tmp_path: Path) -> None:
    shengjian("audit", recordings["call-05"])
    with transaction() as session:
        session.add(agency := Agency(name="<script>alert(1)</script>"))
        session.flush()
        session.exec(select(Call)).one().agency_id = agency.id
    ran = shengjian("report", "audit", "--out", tmp_path / "out")
    page = (tmp_path / "out" / "audit-report.html").read_text(encoding="utf-8")
    assert (ran.code, "<script" in page, "&lt;script&gt;" in page) == (0, False, True)


def test_an_empty_workspace_gives_an_honest_page(shengjian, tmp_path: Path) -> None:
    shengjian("db", "upgrade")
    assert shengjian("report", "audit", "--out", tmp_path).code == 0
    assert "还没有审计过的通话" in (tmp_path / "audit-report.html").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_one_line(shengjian, tmp_path: Path) -> None:
    shengjian("db", "upgrade")
    (tmp_path / "file").touch()
    ran = shengjian("report", "audit", "--out", tmp_path / "file" / "sub")
    assert (ran.code, ran.err.count("\n")) == (2, 1)


def test_a_browser_prints_it(audited: Path, tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("no Chromium here: apt-get install chromium")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}"]
    target = tmp_path / "report.pdf"
    command = [chromium, *flags, f"--print-to-pdf={target}", (audited / "audit-report.html").as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert target.read_bytes().count(b"/Type /Page\n") > 3
