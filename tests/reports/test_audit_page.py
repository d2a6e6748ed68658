"""The audit report: whole, self-contained, honest about what it does not know, safe against what it quotes."""

import base64
import io
import re
import shutil
import subprocess
from pathlib import Path

import av
import pytest
from sqlmodel import select

from audit import trail
from audit.calls.models import Call
from audit.findings.service import outcomes
from audit.store.database import transaction


@pytest.fixture
def page(audited: Path) -> str:
    """The demo's report."""
    return (audited / "audit-report.html").read_text(encoding="utf-8")


@pytest.fixture
def judged(audited: Path, monkeypatch: pytest.MonkeyPatch, forget):
    """The outcomes that the report is about, and the trail's head."""
    monkeypatch.setenv("SHENGJIAN_HOME", str(audited))
    forget()
    with transaction() as session:
        return outcomes(session), trail.head(session)


def test_every_call_and_finding_stands_in_it(page: str, judged) -> None:
    calls, head = judged
    assert len(calls) == 8
    for outcome in calls:
        assert f"<h3>{outcome.call.call_id}</h3>" in page
        assert outcome.call.source == "demo"
        for finding in outcome.findings:
            assert f"<mark>{finding.quote}</mark>" in page
    assert page.count("<audio") == sum(len(outcome.findings) for outcome in calls)
    for version in (head.hash, calls[0].pack.sha256, "faster-whisper"):
        assert version in page


def test_it_says_that_the_demo_is_synthetic(page: str) -> None:
    assert page.count(">演示</span>") == 8
    assert "合成语音" in page


def test_it_needs_nothing_beside_it(page: str) -> None:
    assert set(re.findall(r"(?:src|href)=.{6}|url\(", page)) == {'src="data:'}
    assert "<script" not in page


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
        session.exec(select(Call)).one().agency = "<script>alert(1)</script>"
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
