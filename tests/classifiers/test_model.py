"""The shipped model: what it says of lines, and that nothing odd stops it."""

import json
import shutil
from pathlib import Path

import pytest

from classifiers import Classifier, Turn, Using, load_pack
from classifiers.errors import MissingModel
from classifiers.evaluate import evaluate
from classifiers.model import SHIPPED, Model, load_model
from classifiers.reading import Said
from classifiers.taxonomy import Audience, Kind, Speaker
from classifiers.turns import LabelledTurn

CORPUS = Path(__file__).parents[2] / "classifiers" / "corpus"
VEILED = "你孩子每天四点半自己走回家吧，今天的事你可得想清楚"


def said(text: str, speaker: Speaker = Speaker.collector, audience: Audience = Audience.debtor) -> Said:
    return Said(text, speaker, audience)


def test_a_veiled_threat_is_a_threat_from_the_collector_only() -> None:
    collector, debtor = load_model().opinions([said(VEILED), said(VEILED, Speaker.debtor)])
    assert collector.chances[Kind.threat] > 0.7
    assert debtor.chances[Kind.threat] < 0.3


def test_one_threat_is_told_once_and_quotes_what_decided() -> None:
    classifier = Classifier.using(Using.both, load_pack())
    (found,) = classifier.judge([Turn(id="1", text=VEILED, speaker=Speaker.collector)])[0].findings
    assert (found.rule, found.quote) == ("cn/threat/by-meaning", "你孩子每天四点半自己走回家吧")
    assert {evidence.detector for evidence in found.evidence} == {"model", "patterns"}


def test_who_hears_decides_what_is_a_leak() -> None:
    text = "贷款那边已经拖了四个月，一共三万二"
    debtor, mother = load_model().opinions([said(text), said(text, audience=Audience.third_party)])
    assert debtor.chances[Kind.privacy_leak] < 0.3 < 0.7 < mother.chances[Kind.privacy_leak]


def test_it_says_where_it_saw_it() -> None:
    (opinion,) = load_model().opinions([said(f"您好，这里是远桥公司。{VEILED}。再见。")])
    place = opinion.places[Kind.threat]
    assert f"您好，这里是远桥公司。{VEILED}。再见。"[place.start : place.end] in VEILED


@pytest.mark.parametrize(
    "text",
    ["", " ", "。", "\x00\x07\x1b[31m", "😀😀🧨", "ДОЛГ платить now 你還錢", "还" * 20_000, "a1" * 5_000, "\u202e还钱"],
)
def test_nothing_odd_stops_it(text: str) -> None:
    classifier = Classifier.using(Using.both, load_pack())
    (judgement,) = classifier.judge([Turn(id="1", text=text, speaker=Speaker.collector)])
    assert all(text[d.start : d.end] == d.quote != "" for d in (*judgement.findings, *judgement.suggestions))


def test_the_order_and_company_of_lines_changes_nothing() -> None:
    lines = [said("你好"), said(VEILED), said("好的，那我明天还"), said("请转告他回电", audience=Audience.third_party)]
    together, alone = load_model().opinions(lines), [load_model().opinions([line])[0] for line in lines]
    for one, other in zip(together, alone, strict=True):
        assert one.chances == pytest.approx(other.chances, abs=0.05)


def test_a_hard_rule_cannot_be_overruled_and_a_weak_one_can() -> None:
    fusion = load_model().fusion
    threshold = fusion.threshold(Kind.threat, asked=True)
    assert fusion.score(Kind.threat, 0.5, 0.001, hard=True) >= threshold
    assert fusion.score(Kind.threat, 0.8, 0.001) < threshold
    assert (
        fusion.score(Kind.threat, 0.8, 0.7) > fusion.score(Kind.threat, 0.1, 0.7) >= fusion.score(Kind.threat, 0.0, 0.7)
    )


@pytest.mark.parametrize(("broken", "named"), [("model.onnx", "does not load"), ("card.json", "does not load")])
def test_a_damaged_model_is_named(tmp_path: Path, broken: str, named: str) -> None:
    shutil.copytree(SHIPPED, tmp_path / "m")
    (tmp_path / "m" / broken).write_bytes((SHIPPED / broken).read_bytes()[:200])
    with pytest.raises(MissingModel, match=named):
        Model(tmp_path / "m")
    (tmp_path / "m" / broken).unlink()
    with pytest.raises(MissingModel, match=f"{broken} is missing"):
        Model(tmp_path / "m")


def test_the_weights_stay_small() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 40_000_000


def test_the_corpus_is_broad_and_its_hard_lines_many() -> None:
    rows = [
        json.loads(line)
        for path in sorted(CORPUS.glob("*.jsonl"))
        if not path.name.startswith("held")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    counted = {kind: sum(kind in row["labels"] for row in rows) for kind in Kind}
    assert len(rows) >= 3000
    assert min(n for kind, n in counted.items() if kind not in {Kind.identity_omission, Kind.procedure}) >= 100
    assert sum(not row["labels"] for row in rows) >= len(rows) / 3


def test_lines_held_out_are_judged_as_well_as_is_printed() -> None:
    """The gate: docs/accuracy.md prints more; below this something is broken."""
    lines = (CORPUS / "held-test.jsonl").read_text(encoding="utf-8").splitlines()
    turns = [LabelledTurn.model_validate_json(line) for line in lines]
    judged = Classifier.using(Using.both, load_pack()).judge(turns)
    found = [frozenset(d.kind for d in judgement.findings) for judgement in judged]
    result = evaluate(zip((turn.labels for turn in turns), found, strict=True))
    assert result.macro_f1 > 0.84
    assert result.fpr < 0.04
