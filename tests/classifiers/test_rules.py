"""The shipped pack, rule by rule, and what the loader refuses."""

import shutil
from pathlib import Path

import pytest

from audit.transcripts.engine import PROMPT
from classifiers import Classifier, load_pack
from classifiers.errors import BadPack
from classifiers.examples import failures
from classifiers.loading import PACKS
from classifiers.model import load_model
from classifiers.rules import Rule
from classifiers.taxonomy import Kind

PACK = load_pack()
FAILURES = list(failures(PACK, load_model()))

RULE = """\
title: {zh: 测试, en: Test}
kind: abuse
severity: high
laws:
  - {law: pipl, article: 第十条, checked: text}
why: {zh: 测试, en: test}
detect:
  - terms: [坏话]
examples: {match: [], leave: []}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pack with the shared files of the shipped one and a single rule."""
    for name in ("pack.yaml", "laws.yaml"):
        shutil.copy(PACKS / "cn" / name, tmp_path / name)
    (tmp_path / "rule.yaml").write_text(RULE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("rule", PACK.rules, ids=lambda rule: rule.id)
def test_a_rule_keeps_its_examples(rule: Rule) -> None:
    assert [complaint for broken, complaint in FAILURES if broken == rule.id] == []


def test_the_pack_covers_the_taxonomy() -> None:
    by_registers_alone = {Kind.procedure}
    assert {rule.kind for rule in PACK.rules} == set(Kind) - by_registers_alone
    assert all(rule.laws for rule in PACK.rules if not rule.kind.is_signal)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("severity: high", "severity: awful", "rule.yaml:3: severity"),
        ("law: pipl", "law: nowhere", "no law 'nowhere'"),
        ("  - terms: [坏话]", "  - patterns: ['(坏']", "rule.yaml:8: (坏: missing )"),
        ("  - terms: [坏话]", "  - {terms: [坏话], pinyin: [坏话]}", "rule.yaml:8: detect.0"),
        ("kind: abuse", "kind: [", "rule.yaml"),
        ("terms: [坏话]", "terms: ['**']", "'**' is only padding"),
        ("terms: [坏话]", "patterns: ['坏*']", "rule.yaml:8: 坏*: fits the empty text"),
        ("terms: [坏话]", "patterns: ['{yuo}坏']", "no shared word list 'yuo'"),
        ("examples:", "unless: [quotaton]\nexamples:", "rule.yaml:9: quotaton: no shared exception"),
        ("examples:", "exampels:", "rule.yaml:9: exampels"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(folder: Path, old: str, new: str, named: str) -> None:
    (folder / "rule.yaml").write_text(RULE.replace(old, new), encoding="utf-8")
    with pytest.raises(BadPack, match=r".+") as caught:
        load_pack(folder)
    assert named in str(caught.value)
    assert "\n" not in caught.value.message


def test_a_rule_short_of_examples_is_told_so(folder: Path) -> None:
    assert [complaint for _, complaint in failures(load_pack(folder))] == [
        "0 examples under match, 5 asked",
        "0 examples under leave, 5 asked",
        "fewer than 2 matching examples without any of the rule's own terms",
        "fewer than 2 examples to be left alone that contain one of the rule's terms",
    ]


def test_the_digest_follows_the_meaning_not_the_comments(folder: Path) -> None:
    before = load_pack(folder).digest
    (folder / "rule.yaml").write_text("# a comment\n" + RULE, encoding="utf-8")
    assert load_pack(folder).digest == before
    (folder / "rule.yaml").write_text(RULE.replace("坏话", "脏话"), encoding="utf-8")
    assert load_pack(folder).digest != before


def test_the_recogniser_is_never_told_the_words_that_rules_look_for() -> None:
    assert [term for rule in PACK.rules if not rule.kind.is_signal for term in rule.own_terms() if term in PROMPT] == []


def test_a_classifier_is_ready_for_the_whole_pack() -> None:
    assert Classifier(PACK).judge([]) == []
