"""`classify`, `evaluate` and `rules`: whole commands on text."""

import io
import json
import shutil
import sys
from pathlib import Path

import pytest

from classifiers.loading import PACKS

LINES = [
    {"id": "a", "speaker": "collector", "audience": "debtor", "text": "你这个废物！", "labels": ["abuse"]},
    {"id": "b", "speaker": "debtor", "text": "我要去投诉你们。", "labels": ["complaint_intent"]},
    {"id": "c", "speaker": "collector", "text": "您好，请问您方便接电话吗？", "labels": [], "whatever": 1},
]


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """A file of labelled lines."""
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in LINES), encoding="utf-8")
    return path


def test_lines_in_findings_out_in_order(shengjian, lines: Path) -> None:
    ran = shengjian("classify", lines, "--format", "jsonl")
    assert (ran.code, [row["id"] for row in ran.jsonl]) == (0, ["a", "b", "c"])
    (found,) = ran.jsonl[0]["findings"]
    assert (found["kind"], found["severity"], found["rule"]) == ("abuse", "high", "cn/abuse/insult")
    assert LINES[0]["text"][found["start"] : found["end"]] == found["quote"]  # type: ignore[index]
    assert found["why"]
    assert {"title", "article", "checked"} == set(found["laws"][0])
    assert [f["kind"] for f in ran.jsonl[1]["findings"]] == ["complaint_intent"]
    assert ran.jsonl[2] == {"id": "c", "findings": [], "suggestions": []}


def test_standard_input_and_a_table(shengjian, lines: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + lines.read_bytes())))
    ran = shengjian("classify", "-", "--lang", "en")
    assert ran.code == 0
    assert "cn/abuse/insult" in ran.out
    assert "废物" in ran.out


def test_the_law_is_that_of_the_day_asked_for(shengjian, lines: Path) -> None:
    titles = [
        {law["title"] for row in shengjian("classify", lines, "--format", "jsonl", "--at", day).jsonl
         for found in row["findings"] for law in found["laws"]}
        for day in ("2025-06-01", "2026-06-01")
    ]  # fmt: skip
    assert "金融机构个人消费类贷款催收工作指引（试行）" not in titles[0]
    assert "金融机构个人消费类贷款催收工作指引（试行）" in titles[1]


def test_context_may_be_text_or_objects(shengjian, tmp_path: Path) -> None:
    rows = [
        {"id": str(n), "speaker": "collector", "text": "凭什么告诉你", "context": context}
        for n, context in enumerate([["你工号多少？"], [{"speaker": "debtor", "text": "你工号多少？"}], []])
    ]
    (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = [
        [f["kind"] for f in row["findings"]]
        for row in shengjian("classify", tmp_path / "x.jsonl", "--format", "jsonl").jsonl
    ]
    assert found == [["obstruct_complaint"], ["obstruct_complaint"], []]


def test_a_wrong_line_is_named_and_the_others_are_judged(shengjian, tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    rows = [
        '{"id": "1", "text": "你\u2028好"}',
        "{not json",
        '{"id": "3"}',
        '["list"]',
        '{"id": "5", "text": "x", "speaker": "cat"}',
        r'{"id": "6", "text": "废物\ud83d"}',
        "[" * 100_000,
        json.dumps({"id": 8, "text": "长" * 20_001}),
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    ran = shengjian("classify", path, "--format", "jsonl")
    assert (ran.code, [row["id"] for row in ran.jsonl]) == (2, ["1"])
    assert [line.split(": ")[1:3] for line in ran.err.splitlines()] == [
        [f"{path}:2", "no JSON (Expecting property name enclosed in double quotes"],
        [f"{path}:3", "text"],
        [f"{path}:4", "all of it"],
        [f"{path}:5", "speaker"],
        [f"{path}:6", "text"],
        [f"{path}:7", "no JSON (maximum recursion depth exceeded while decoding a JSON array from a unicode string)"],
        [f"{path}:8", "text"],
    ]


@pytest.mark.parametrize(("content", "complaint"), [(None, "No such file"), (b"\xff\xfe\x00", "not UTF-8")])
def test_a_file_that_cannot_be_read_is_one_line(
    shengjian, tmp_path: Path, content: bytes | None, complaint: str
) -> None:
    if content is not None:
        (tmp_path / "x.jsonl").write_bytes(content)
    ran = shengjian("classify", tmp_path / "x.jsonl")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert complaint in ran.err


def test_evaluate_prints_the_figures(shengjian, lines: Path) -> None:
    ran = shengjian("evaluate", lines, "--format", "json")
    assert ran.json["macro_f1"] == 1.0
    assert ran.json["kinds"]["abuse"] | {"f1_interval": None} == {
        **{"tp": 1, "fp": 0, "fn": 0, "precision": 1.0, "recall": 1.0, "f1": 1.0, "f1_interval": None}
    }
    assert "macro F1 1.000" in shengjian("evaluate", lines).out


def test_evaluate_wants_labels(shengjian, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"id": "7", "text": "x", "labels": ["rude"]}', encoding="utf-8")
    ran = shengjian("evaluate", tmp_path / "x.jsonl")
    assert (ran.code, f"{tmp_path / 'x.jsonl'}:1: labels.0: " in ran.err) == (2, True)
    assert "no *.truth.json" in shengjian("evaluate", tmp_path).err


def test_a_call_is_measured_against_its_truth(shengjian, recordings: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "a.wav").symlink_to(recordings["call-05"])
    turns = [
        {"speaker": "debtor", "start": 2.3, "end": 3.3, "text": "是我，你哪位？", "labels": []},
        {
            "speaker": "collector",
            "start": 10.8,
            "end": 13.9,
            "text": "管我哪个公司，你个老赖还挑上了。",
            "labels": ["abuse"],
        },
        {"speaker": "debtor", "start": 43.4, "end": 45.6, "text": "我要投诉你。", "labels": ["complaint_intent"]},
    ]
    truth = {"id": "a", "callee_relation": "self", "direction": "outbound", "call_labels": [], "turns": turns}
    (tmp_path / "a.truth.json").write_text(json.dumps(truth), encoding="utf-8")
    result = shengjian("evaluate", tmp_path, "--format", "json").json
    (call,) = result["calls"]
    assert {"abuse", "complaint_intent"} <= set(call["found"])
    assert call["missed"] == []
    assert set(call["cer"]) == {"collector", "other"}
    assert result["cer"] > 0


def test_rules_are_listed_checked_and_tested(shengjian) -> None:
    assert "cn/threat/violence" in shengjian("rules", "list").out
    assert "rules hold, sha256" in shengjian("rules", "check").out
    ran = shengjian("rules", "test")
    assert (ran.code, ran.out.strip().endswith("0 complaints")) == (0, True)


def test_a_broken_pack_says_no(shengjian, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENGJIAN_PACK", str(tmp_path))
    ran = shengjian("rules", "check")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "is no rule pack" in ran.err
    assert shengjian("rules", "list").code == 2


def test_a_published_pack_may_not_change_under_its_version(
    shengjian, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forget
) -> None:
    pack = tmp_path / "pack"
    (pack / "abuse").mkdir(parents=True)
    for name in ("pack.yaml", "laws.yaml", "abuse/insult.yaml"):
        shutil.copy(PACKS / "cn" / name, pack / name)
    monkeypatch.setenv("SHENGJIAN_PACK", str(pack))
    forget()
    assert "cn 2030.1: 1 rules" in shengjian("rules", "publish", "2030.1").out
    assert shengjian("rules", "list").code == 0
    rule = pack / "abuse" / "insult.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("severity: high", "severity: low"), encoding="utf-8")
    refused = shengjian("rules", "list")
    assert (refused.code, "changed since version 2030.1 was published" in refused.err) == (2, True)
    assert shengjian("rules", "check").code == 0
    assert "published already" in shengjian("rules", "publish", "2030.1").err
    assert shengjian("rules", "publish", "2030.2").code == shengjian("rules", "list").code == 0


def test_rules_model_or_both_may_judge(shengjian, lines: Path) -> None:
    found = {}
    for using in ("rules", "model", "both"):
        rows = shengjian("classify", lines, "--format", "jsonl", "--using", using).jsonl
        found[using] = {e["detector"] for row in rows for f in row["findings"] for e in f["evidence"]}
    assert "model" not in found["rules"]
    assert found["model"] == {"model"}
    assert {"model", "patterns"} <= found["both"]


def test_a_line_that_is_not_utf_8_is_named_and_the_rest_is_judged(shengjian, tmp_path: Path) -> None:
    good = json.dumps({"id": "1", "text": "你好"}).encode()
    (tmp_path / "x.jsonl").write_bytes(good + b"\n{\xff\xfe}\n" + good.replace(b"1", b"2"))
    ran = shengjian("classify", tmp_path / "x.jsonl", "--format", "jsonl")
    assert (ran.code, [row["id"] for row in ran.jsonl]) == (2, ["1", "2"])
    assert "x.jsonl:2: not UTF-8" in ran.err


@pytest.mark.parametrize("command", ["audit", "transcribe", "classify", "evaluate", "train", "demo"])
def test_help_has_an_example(shengjian, command: str) -> None:
    assert "Example: " in shengjian(command, "--help").out
