"""How evidence becomes findings: who speaks, who hears, weak cues, exceptions, conversations, the law of the day."""

from datetime import date
from pathlib import Path

import pytest

from classifiers import Classifier, Turn, load_pack
from classifiers.classify import Judgement
from classifiers.taxonomy import Audience, Kind, Severity, Speaker

RULES = {
    "abuse/insult": """\
title: {zh: 辱骂, en: Insult}
kind: abuse
severity: high
laws:
  - {law: public-security-2012, article: 第四十二条, checked: text}
  - {law: public-security-2025, article: 第五十条, checked: text}
why: {zh: 当面辱骂, en: Insults}
detect:
  - terms: [废物]
  - patterns: ['不要脸']
    score: 0.3
  - patterns: ['垃圾']
    score: 0.3
  - pinyin: [狗东西]
unless: [quotation]
examples: {match: [], leave: []}
""",
    "privacy/disclosed": """\
title: {zh: 泄露, en: Disclosed}
kind: privacy_leak
severity: critical
laws: []
why: {zh: 告诉了旁人, en: Told others}
audience: [unverified, third_party, public]
detect:
  - patterns: ['欠[^，。]{0,9}(?:钱|万|款)']
examples: {match: [], leave: []}
""",
    "identity/omission": """\
title: {zh: 未表明身份, en: Identity}
kind: identity_omission
severity: low
laws: []
why: {zh: 没有说明身份, en: Not stated}
detect:
  - anchor: ['欠款']
    missing: {name: ['工号'], firm: ['公司']}
examples: {match: [], leave: []}
""",
    "signals/complaint": """\
title: {zh: 投诉, en: Complaint}
kind: complaint_intent
severity: medium
laws: []
why: {zh: 表示要投诉, en: Will complain}
detect:
  - patterns: ['我要(?:去)?投诉']
examples: {match: [], leave: []}
""",
}


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    """A pack of four small rules."""
    folder = tmp_path_factory.mktemp("pack")
    shipped = Path(load_pack.__code__.co_filename).parent / "packs" / "cn"
    for name in ("pack.yaml", "laws.yaml"):
        (folder / name).write_text((shipped / name).read_text(encoding="utf-8"), encoding="utf-8")
    for name, text in RULES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return Classifier(load_pack(folder))


def one(classifier: Classifier, text: str, **fields: object) -> Judgement:
    return classifier.judge([Turn.model_validate({"id": "1", "speaker": "collector", "text": text, **fields})])[0]


def test_a_hit_says_what_where_and_why(classifier: Classifier) -> None:
    (found,) = one(classifier, "你就是个废 物，听见没有").findings
    assert (found.kind, found.severity, found.rule) == (Kind.abuse, Severity.high, "cn/abuse/insult")
    assert (found.start, found.end, found.quote) == (4, 7, "废 物")
    assert found.why == "当面辱骂"
    assert [evidence.words for evidence in found.evidence] == ["废物"]


def test_weak_cues_suggest_alone_and_count_together(classifier: Classifier) -> None:
    weak = one(classifier, "你不要脸")
    assert (weak.findings, len(weak.suggestions)) == ([], 1)
    (sum_of_two,) = one(classifier, "你不要脸，垃圾").findings
    assert sum_of_two.score == pytest.approx(0.51)
    assert sum_of_two.quote == "不要脸，垃圾"


def test_a_sound_alike_alone_is_no_verdict(classifier: Classifier) -> None:
    heard = one(classifier, "你这个苟东西")
    assert (heard.findings, [d.quote for d in heard.suggestions]) == ([], ["苟东西"])


def test_a_repeated_word_proves_no_more(classifier: Classifier) -> None:
    assert one(classifier, "垃圾，垃圾，垃圾").findings == []


@pytest.mark.parametrize("speaker", ["debtor", "third_party", "ivr"])
def test_only_the_collector_can_abuse(classifier: Classifier, speaker: str) -> None:
    assert one(classifier, "你这个废物", speaker=speaker) == Judgement("1")


def test_a_voice_not_told_apart_is_a_suggestion(classifier: Classifier) -> None:
    heard = one(classifier, "你这个废物", speaker="other")
    assert (heard.findings, len(heard.suggestions)) == ([], 1)


def test_a_quoted_insult_is_excused_in_its_sentence_only(classifier: Classifier) -> None:
    assert one(classifier, "您刚才说我是废物，请您冷静").findings == []
    assert len(one(classifier, "您刚才说什么？你这个废物").findings) == 1


@pytest.mark.parametrize(("audience", "leaks"), [("debtor", 0), ("unverified", 1), ("third_party", 1), (None, 0)])
def test_who_hears_makes_the_leak(classifier: Classifier, audience: str | None, leaks: int) -> None:
    assert len(one(classifier, "他欠了三万块钱", audience=audience).findings) == leaks


def talk(*lines: tuple[str, str]) -> list[Turn]:
    return [
        Turn(id=str(n), speaker=Speaker(who), text=text, conversation="c", audience=Audience.unverified)
        for n, (who, text) in enumerate(lines)
    ]


def test_the_debtor_may_hear_it_once_verified(classifier: Classifier) -> None:
    confirmed = talk(("collector", "请问是张三先生吗？"), ("debtor", "我是，哪位？"), ("collector", "您欠了三万块钱"))
    denied = talk(("collector", "请问是张三先生吗？"), ("debtor", "打错了"), ("collector", "他欠了三万块钱"))
    assert not classifier.judge(confirmed)[2].findings
    assert [d.kind for d in classifier.judge(denied)[2].findings] == [Kind.privacy_leak]


def test_identity_is_judged_over_the_talk_and_never_from_one_line(classifier: Classifier) -> None:
    silent = talk(("collector", "喂"), ("debtor", "谁啊"), ("collector", "你那笔欠款怎么还"))
    named = talk(("collector", "我是远桥公司的，工号一零零一"), ("debtor", "嗯"), ("collector", "你那笔欠款怎么还"))
    (found,) = [d for d in classifier.judge(silent)[2].findings if d.kind is Kind.identity_omission]
    assert (found.kind, found.quote, found.evidence[0].words) == (Kind.identity_omission, "欠款", "name、firm")
    assert Kind.identity_omission not in [d.kind for j in classifier.judge(named) for d in j.findings]
    assert Kind.identity_omission not in [d.kind for d in classifier.judge(silent[2:])[0].findings]


def test_conversations_do_not_run_into_each_other(classifier: Classifier) -> None:
    turns = [
        Turn(id="1", text="我是远桥公司的，工号一零零一", conversation="a", speaker=Speaker.collector),
        Turn(id="2", text="喂", conversation="b", speaker=Speaker.collector),
        Turn(id="3", text="那笔欠款呢", conversation="b", speaker=Speaker.collector),
    ]
    assert [[d.kind for d in j.findings] for j in classifier.judge(turns)] == [[], [], [Kind.identity_omission]]


@pytest.mark.parametrize(
    ("day", "title"),
    [(date(2025, 12, 31), "（2012年修正）"), (date(2026, 1, 1), "（2025年修订）")],
)
def test_the_law_cited_is_that_of_the_day(classifier: Classifier, day: date, title: str) -> None:
    turn = Turn(id="1", text="你这个废物", speaker=Speaker.collector)
    (law,) = classifier.judge([turn], day)[0].findings[0].laws
    assert law.title.endswith(title)


def test_a_signal_is_the_other_sides(classifier: Classifier) -> None:
    assert one(classifier, "我要去投诉").findings == []
    assert [d.kind for d in one(classifier, "我要去投诉", speaker="debtor").findings] == [Kind.complaint_intent]
