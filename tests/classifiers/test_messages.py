"""Written messages judged whole and sentence by sentence: several wrongs in one text, and long lawful ones."""

from pathlib import Path

import pytest

from classifiers.classify import Classifier, Judgement, Using
from classifiers.evaluate import Evaluation, evaluate
from classifiers.loading import load_pack
from classifiers.model import load_model
from classifiers.reading import Said
from classifiers.sentences import opinions
from classifiers.taxonomy import Audience, Channel, Kind, Speaker
from classifiers.turns import LabelledTurn, Turn

CORPUS = Path(__file__).parents[2] / "classifiers" / "corpus"

FIRST_INSTALMENT = (
    "【恒邦】您好，经理同意您把首期两千元转到他的私人微信，别走公司账。你这种人就是废物，活该一辈子翻不了身。"
    "今晚十二点、一点、两点我都会给你打电话，谁也别想睡。"
)
COURT_CLERK = "我是区法院的书记员，你的案子已经判了。不缴清的话，今晚警车到你小区门口把你带走。"
LETTER = (
    "尊敬的客户：您编号HB-0173的借款已逾期六十二天，尚欠本金8,000元、利息与罚息412.60元。请您于收函后十五日内"
    "通过手机银行或合同约定的对公账户还款。若未能协商一致，我行可能依法向人民法院提起诉讼，结果以法院判决为准。"
    "如因疾病、失业等原因确有困难，可申请分期或延期，我行不收取任何费用。近期有不法分子冒充公安、法院人员，"
    "以上门抓人相威胁，索要解冻费，请勿相信，也不要向任何个人账户转账。您对催收行为不满意的，"
    "可以拨打客服热线或12378投诉，投诉不影响您已获批的方案。"
)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.using(Using.both, load_pack(draft=True))


def judged(classifier: Classifier, text: str, channel: Channel = Channel.sms) -> Judgement:
    turn = Turn(id="1", text=text, channel=channel, speaker=Speaker.collector, audience=Audience.debtor)
    return classifier.judge([turn])[0]


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        (FIRST_INSTALMENT, Kind.improper_payment, "首期两千元"),
        (FIRST_INSTALMENT, Kind.abuse, "废物"),
        (FIRST_INSTALMENT, Kind.harassment, "谁也别想睡"),
        (COURT_CLERK, Kind.impersonation, "书记员"),
        (COURT_CLERK, Kind.threat, "警车"),
    ],
)
def test_each_wrong_is_quoted_from_its_own_sentence(
    classifier: Classifier, text: str, kind: Kind, sentence: str
) -> None:
    found = [finding for finding in judged(classifier, text).findings if finding.kind == kind]
    assert found
    within = next(n for n, part in enumerate(text.split("。")) if sentence in part)
    assert {text.count("。", 0, finding.start) for finding in found} == {within}
    assert all(text[finding.start : finding.end] == finding.quote for finding in found)


def test_nothing_is_told_twice(classifier: Classifier) -> None:
    findings = judged(classifier, FIRST_INSTALMENT).findings
    places = [(finding.kind, finding.start, finding.end) for finding in findings]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("channel", [Channel.letter, Channel.email, Channel.sms])
def test_a_long_lawful_letter_stays_clean(classifier: Classifier, channel: Channel) -> None:
    assert judged(classifier, LETTER, channel).findings == []


def test_a_lawful_formulation_makes_the_model_less_sure_and_says_so(classifier: Classifier) -> None:
    answer = "您提出的投诉，经核查系前一委托机构所为，银行已终止与其合作并致歉。我司承诺每日联系不超过一次，请您监督。"
    judgement = judged(classifier, answer)
    notes = [e.note for d in (*judgement.findings, *judgement.suggestions) for e in d.evidence if e.detector == "model"]
    assert any("→" in note for note in notes)


def test_a_call_is_read_once() -> None:
    """Sentences are for written texts: of what is spoken the model is believed as it reads the line."""
    said = Said(FIRST_INSTALMENT, Speaker.collector, Audience.debtor)
    model = load_model()
    assert next(opinions(model, [said])).chances == model.opinions([said])[0].chances
    written = said._replace(channel=Channel.sms)
    assert next(opinions(model, [written])).chances != model.opinions([written])[0].chances


def evaluated(classifier: Classifier, name: str) -> Evaluation:
    lines = (CORPUS / name).read_text(encoding="utf-8").splitlines()
    turns = [LabelledTurn.model_validate_json(line) for line in lines]
    found = [frozenset(finding.kind for finding in judgement.findings) for judgement in classifier.judge(turns)]
    return evaluate(zip((turn.labels for turn in turns), found, strict=True))


def test_unseen_messages_are_judged_as_well_as_is_printed(classifier: Classifier) -> None:
    result = evaluated(classifier, "held-messages-test.jsonl")
    assert result.macro_f1 > 0.86
    assert result.fpr < 0.08


def test_known_messages_are_judged_no_worse_than_before(classifier: Classifier) -> None:
    """The rules were written by who wrote these messages: a floor for changes to come, not a measure of quality."""
    result = evaluated(classifier, "held-messages-second.jsonl")
    assert result.macro_f1 > 0.84
    assert result.fpr < 0.12
