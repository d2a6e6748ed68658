"""Every way of noticing and every condition that a rule can be written with, each in a pack of its own rules."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from classifiers import Classifier, Turn, load_pack
from classifiers.classify import Judgement
from classifiers.detection import Detection
from classifiers.errors import BadPack
from classifiers.loading import PACKS
from classifiers.model import load_model
from classifiers.taxonomy import Kind, Severity, Speaker

Pack = Callable[..., Classifier]

HEAD = """\
title: {{zh: 测试, en: Test}}
kind: {kind}
severity: high
laws: []
why: {{zh: 测试, en: test}}
examples: {{match: [], leave: []}}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Makes a classifier of rules given by name as (kind, the rest of the YAML)."""

    def make(**rules: tuple[str, str]) -> Classifier:
        for name in ("pack.yaml", "laws.yaml", "caps.yaml"):
            (tmp_path / name).write_text((PACKS / "cn" / name).read_text(encoding="utf-8"), encoding="utf-8")
        for name, (kind, body) in rules.items():
            (tmp_path / f"{name}.yaml").write_text(HEAD.format(kind=kind) + body, encoding="utf-8")
        return Classifier(load_pack(tmp_path))

    return make


def talk(*lines: str, **fields: object) -> list[Turn]:
    """A conversation: lines begin with c (collector) or d (debtor)."""
    speakers = {"c": "collector", "d": "debtor"}
    return [
        Turn.model_validate(
            {"id": str(n), "text": line[1:], "speaker": speakers[line[0]], "conversation": "t", **fields}
        )
        for n, line in enumerate(lines)
    ]


def where(judged: list[Judgement]) -> list[int]:
    """The lines in which something was found."""
    return [n for n, judgement in enumerate(judged) if judgement.findings]


def only(judged: list[Judgement]) -> Detection:
    (found,) = [found for judgement in judged for found in judgement.findings]
    return found


def test_names_joined_by_an_expression(pack: Pack) -> None:
    body = """
when: 'pay && (night || !agreed)'
detect:
  - {name: pay, terms: [还钱]}
  - {name: night, terms: [半夜], score: 0.1}
  - {name: agreed, terms: [说好], score: 0.1}
"""
    judge = pack(rule=("harassment", body))
    assert where(judge.judge(talk("c还钱", "c说好今天还钱", "c说好的，半夜也得还钱", "c半夜"))) == [0, 2]


def test_an_expression_over_the_whole_conversation(pack: Pack) -> None:
    detect = "detect: [{name: ask, terms: [还钱]}, {name: thanks, terms: [谢谢]}]"
    body = f"when: 'ask && !thanks'\nover: conversation\n{detect}"
    judge = pack(rule=("harassment", body))
    assert where(judge.judge(talk("c还钱", "c再见"))) == [0]
    assert where(judge.judge(talk("c还钱", "c谢谢"))) == []


@pytest.mark.parametrize(("lines", "found"), [("[1, 1]", [0]), ("[2, 3]", [2, 4]), ("[-1, -1]", [4])])
def test_only_in_some_of_the_speakers_lines(pack: Pack, lines: str, found: list[int]) -> None:
    judge = pack(rule=("abuse", f"detect: [{{terms: [废物], lines: {lines}}}]"))
    assert where(judge.judge(talk("c废物", "d嗯", "c废物", "d嗯", "c废物"))) == found


@pytest.mark.parametrize(("beside", "found"), [("where: after", [3]), ("where: before", [0]), ("hit: 2", [])])
def test_near_another_rules_hit(pack: Pack, beside: str, found: list[int]) -> None:
    body = f"detect: [{{terms: [废物], beside: {{rule: cn/other, lines: 2, {beside}}}}}]"
    judge = pack(rule=("abuse", body), other=("complaint_intent", "detect: [{terms: [投诉]}]"))
    judged = judge.judge(talk("c废物", "d我要投诉", "d好", "c废物", "c好", "c废物"))
    assert [n for n in where(judged) if judged[n].findings[0].kind is Kind.abuse] == found


def test_often_enough_within_some_lines(pack: Pack) -> None:
    judge = pack(rule=("harassment", "detect: [{terms: [快还], times: 3, within: 4}]"))
    assert where(judge.judge(talk("c快还", "c快还", "d嗯", "c快还", "d嗯", "d嗯", "c快还"))) == [3]


@pytest.mark.parametrize(
    ("measure", "found"),
    [("silence, above: 5", [1]), ("speed, above: 8", [2]), ("overlap, above: 0.4", [2]), ("speed, below: 1", [3])],
)
def test_how_it_was_spoken(pack: Pack, measure: str, found: list[int]) -> None:
    judge = pack(rule=("harassment", f"detect: [{{measure: {measure}}}]"))
    times = [("c", 0.0, 2.0), ("c", 8.0, 10.0), ("c", 9.0, 9.5), ("c", 11.0, 20.0), ("c", None, None)]
    speakers = ["collector", "debtor", "collector", "collector", "collector"]
    turns = [
        Turn.model_validate(
            {"id": "1", "text": "你看着办吧", "speaker": who, "conversation": "t", "start": s, "end": e}
        )
        for who, (_, s, e) in zip(speakers, times, strict=True)
    ]
    turns[1] = turns[1].model_copy(update={"speaker": "collector" if found == [1] else "debtor"})
    assert where(judge.judge(turns)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("罚息按月息三分算", "36% > 24%"),
        ("逾期每天千分之一", "36.5% > 24%"),
        ("年化百分之四十八的利息", "48% > 24%"),
        ("月息两分五", "30% > 24%"),
        ("年息三分", "30% > 24%"),
        ("您今天按10%先还也行", None),
        ("3月15日，加收5%违约金", None),
        ("最低还款额是这个月的10%", None),
        ("日息0.05%", None),
        ("月利率百分之一点五", None),
        ("三分钟以后再打", None),
    ],
)
def test_rates_are_held_against_the_cap_of_the_day(pack: Pack, text: str, found: str | None) -> None:
    judge = pack(rule=("improper_payment", "detect: [{rate: loan-cost}]"))
    evidence = [e.words for j in judge.judge(talk("c" + text)) for d in j.findings for e in d.evidence]
    assert evidence == ([found] if found else [])
    assert where(judge.judge(talk("c年化百分之三十"), date(2016, 1, 1))) == []


def test_personal_data_is_a_leak_unless_it_is_read_back(pack: Pack) -> None:
    judge = pack(rule=("privacy_leak", "audience: [unverified, third_party]\ndetect: [{personal: [phone]}]"))
    told = talk("c他的手机是幺三八零零幺三八", "c零零零对吧", audience="third_party")
    assert where(judge.judge(told)) == [0, 1]
    read_back = talk("d我的手机是一三八零零一三八零零零", "c一三八零零一三八零零零对吧", audience="unverified")
    assert where(judge.judge(read_back)) == []


def test_sentences_of_like_meaning_need_a_model(pack: Pack) -> None:
    by_words = pack(rule=("threat", "detect: [{similar: [改天我们去您家里喝杯茶，好好聊聊], near: 0.75}]"))
    lines = talk("c哪天上你家坐坐，喝口茶谈谈心", "c请您转告他回电", "c您投诉也没用")
    assert where(by_words.judge(lines)) == []
    judged = Classifier(by_words.pack, load_model()).judge(lines)
    assert [n for n, j in enumerate(judged) for d in (*j.findings, *j.suggestions)] == [0]
    assert (judged[0].findings or judged[0].suggestions)[0].evidence[0].detector == "similar"


def test_a_rule_judges_in_its_days_and_those_of_its_laws(pack: Pack) -> None:
    body = "since: 2026-02-01\nuntil: 2026-03-01\ndetect: [{terms: [废物]}]"
    judge = pack(rule=("abuse", body))
    days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1)]
    assert [bool(where(judge.judge(talk("c废物"), day))) for day in days] == [False, True, True, False]


def test_an_excuse_lowers_the_score_and_says_so(pack: Pack) -> None:
    judge = pack(rule=("abuse", "detect: [{terms: [废物]}]\nunless: [quotation]"))
    (judgement,) = judge.judge(talk("c您刚才说我是废物"))
    assert judgement.findings == []
    assert judgement.suggestions[0].evidence[0].note == "quotation: 0.8 → 0.24"


def test_weak_cues_pile_up_over_a_call(pack: Pack) -> None:
    judge = pack(rule=("threat", "detect: [{terms: [等着], score: 0.45}, {terms: [你看着办], score: 0.45}]"))
    assert where(judge.judge(talk("c等着", "d嗯", "c你看着办", "c等着"))) == []
    found = only(judge.judge(talk("c等着", "d嗯", "c你看着办", "c等着", "d啊", "c你看着办")))
    assert [e.words for e in found.evidence if e.detector == "accumulated"] == ["等着 / 你看着办 / 等着 / 你看着办"]


def test_words_weigh_more_after_despair_and_when_repeated(pack: Pack) -> None:
    rules = {"rule": ("abuse", "detect: [{terms: [废物]}]"), "other": ("self_harm", "detect: [{terms: [不想活]}]")}
    judge = pack(**rules)
    judged = judge.judge(talk("c废物", "d我不想活了", "c废物"))
    assert [judged[n].findings[0].severity for n in (0, 2)] == [Severity.high, Severity.critical]
    assert judged[2].findings[0].evidence[-1].note == "high → critical"
    thrice = judge.judge(talk("c废物", "c废物", "c废物"))
    assert [j.findings[0].severity for j in thrice] == [Severity.high, Severity.high, Severity.critical]


def test_the_sentence_that_leaked_says_who_was_on_the_line(pack: Pack) -> None:
    body = "audience: [unverified, third_party]\ndetect: [{terms: [逾期]}]"
    judge = pack(rule=("privacy_leak", body))
    lines = ["c请问是王先生吗", "d我是他老婆", "c他贷款逾期了"]
    found = only(judge.judge(talk(*lines, audience="unverified")))
    assert found.quote == "逾期"
    assert [(e.words, e.note) for e in found.evidence if e.detector == "audience"] == [
        ("third_party", "第2句对方答“我是他老婆”")
    ]
    verified = ["c请问是王先生吗", "d我是", "c您贷款逾期了"]
    assert where(judge.judge(talk(*verified, audience="unverified"))) == []


def test_a_voice_not_told_apart_never_adds_up_to_a_violation(pack: Pack) -> None:
    judge = pack(rule=("threat", "detect: [{terms: [弄死你]}]"))
    turns = [turn.model_copy(update={"speaker": Speaker.other}) for turn in talk("c弄死你", "c弄死你", "c弄死你")]
    assert where(judge.judge(turns)) == []


def test_long_calls_and_lines_take_no_more_than_seconds(pack: Pack) -> None:
    judge = pack(
        rule=("privacy_leak", "audience: [third_party]\ndetect: [{personal: [phone, address]}, {terms: [老赖]}]")
    )
    long = ["c" + text * (19_000 // len(text)) for text in ("老赖", "东路", "然后呢", "一三八")]
    many = [f"c电话一三八零零一三八零{n % 10}零零" for n in range(1500)]
    assert len(judge.judge(talk(*long, *many, audience="third_party"))) == 1504


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("when: 'a &&'\ndetect: [{name: a, terms: [坏]}]", "is no expression"),
        ("when: 'a && b'\ndetect: [{name: a, terms: [坏]}]", "no detector is named 'b'"),
        ("when: 'a + a'\ndetect: [{name: a, terms: [坏]}]", "BinOp has no place"),
        ("detect: [{rate: nowhere}]", "no cap 'nowhere'"),
        ("detect: [{terms: [坏], beside: {rule: cn/none}}]", "no rule 'cn/none'"),
        ("detect: [{measure: speed}]", "measure goes together with above or below"),
    ],
)
def test_a_condition_that_cannot_hold_is_named(pack: Pack, body: str, named: str) -> None:
    with pytest.raises(BadPack, match=r".+") as caught:
        pack(rule=("abuse", body))
    assert named in str(caught.value)
    assert "rule.yaml" in str(caught.value)
