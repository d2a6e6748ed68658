"""Cues: a refusal of further contact, and a debt put to the listener as the listener's own."""

import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers import Classifier, Cue, Turn, load_pack
from classifiers.errors import BadPack
from classifiers.examples import failures
from classifiers.loading import PACKS
from classifiers.taxonomy import Speaker

CLASSIFIER = Classifier(load_pack(draft=True))

REFUSED = [
    "你们别再给我打电话了",
    "不要再打过来了，我不认识这个人",
    "麻烦你们以后不要打了好吗",
    "这个号码别再打了，机主早换人了",
    "以后别打我家电话",
    "求你们别打了",
    "不要在打我电话了",
    "憋再打电话来了",
    "我们这是学校，请不要再往学校打电话",
    "别打到我公司来",
    "你不要再联系我了，有事走法院",
    "再联系我我就报警",
    "把我的手机号从系统里删掉",
    "请你们删除我的号码",
    "把我从你们的名单里去掉",
    "我不会再接你们的电话了",
    "我不希望你们再打电话给我",
    "你们去找他本人，别烦我了",
    "请停止给我发短信",
    "别老给我发信息",
    "能不能别再打了",
    "我說過很多遍了，不要再打這個電話",
    "从今以后不要再打我手机",
    "我跟你说清楚，别再来骚扰我",
    "你们再打电话骚扰我我就去投诉你们",
    "他欠钱跟我没关系别找我",
    "请勿再拨打本号码",
    "我不接受电话催收",
    "请你们不要再跟我联系",
]

NOT_REFUSED = [
    "别再打麻将了，你爸叫你",
    "你别再骗我了",
    "不要再打我孩子",
    "你们不要再打我老婆电话了",
    "不要联系我的同事",
    "我在开车，先别打，下午再联系",
    "晚上十点以后别打我电话",
    "今天别再打了，明天我去银行",
    "你是说不要再打这个电话吗",
    "你们为什么不让我打客服电话",
    "他上次说不要再打他电话了",
    "我跟他说了别再联系我",
    "打我另一个号，这个号码别打",
    "别再发火了，我还就是了",
    "我不要再借了",
    "我把你们的号码存下来了",
    "他把我拉黑了，我也联系不上他",
    "不要着急，我明天给你打电话",
    "以后我会按时还的",
    "不要再催他了，他住院了",
    "别再找借口了",
    "不要再给我家人打电话",
    "我没说过别打我电话",
    "你不要再打断我",
    "我不会再接你们的业务了",
]

PUT = [
    "王先生，您的贷款已经逾期十五天了",
    "你到底打算什么时候还钱",
    "您在我行的信用卡逾期了",
    "你欠我们公司五万多",
    "您目前一共欠款一万二",
    "您这笔钱拖了很久了",
    "您的最低还款额是两千",
    "你都逾期三个月了",
    "您的借款雨期了，请尽快处理",
    "您名下的信用卡账单需要处理一下",
    "您最少先还一千",
    "你今天必须还款",
    "你再不还钱我们就走法律程序",
    "您准备几号还清",
    "那您看这笔钱怎么还啊",
    "你当初借的钱总要还吧",
    "您还有一万二没还",
    "您那个账单今天处理一下",
    "你还不还",
    "请您尽快把欠款结清，马上把您的欠款还了",
    "您到現在還欠銀行兩萬塊",
    "您老公知道您欠的这三万块吗",
    "您看您什么时候方便还款",
    "今天能还多少",
    "欠我们的钱什么时候还",
    "你打算拖到什么时候",
    "您千的三万块什么时候给",
    "您要是今天不还明天就上门",
]

NOT_PUT = [
    "您好，请问是王先生吗",
    "您弟弟的贷款逾期了",
    "你老公欠我们钱",
    "他那笔分期什么时候还",
    "麻烦您转达一下，让他把欠款还了",
    "请您通知他尽快还款",
    "您认识借款人吗，他逾期了",
    "王先生的贷款到期了，您能联系上他吗",
    "您怎么还在单位",
    "你怎么还这么说话",
    "信用卡逾期会产生罚息",
    "一般客户逾期以后我们都会联系",
    "如果您以后逾期，会影响您的征信",
    "这笔贷款跟您没有关系",
    "不是您欠的，您不用还",
    "您的欠款已经还清了",
    "您什么时候还能联系到他",
    "您可以劝他先还一部分",
    "感谢您的来电，祝您生活愉快",
    "您的手机号是他留的紧急联系人",
    "您朋友借了两万块钱没还",
    "您还没还过来书",
    "您问问他什么时候还钱",
    "有骗子冒充银行说您的贷款逾期了，请不要相信",
    "您什么时候还能见到他",
    "您妈妈名下有一笔贷款逾期了",
    "您作为他的紧急联系人他现在逾期了",
]

CASES = [
    *(("refusal", Speaker.debtor, text, True) for text in REFUSED),
    *(("refusal", Speaker.third_party, text, False) for text in NOT_REFUSED),
    *(("debt_put", Speaker.collector, text, True) for text in PUT),
    *(("debt_put", Speaker.collector, text, False) for text in NOT_PUT),
]

OWN = """\
cues:
  thanks:
    speaker: [debtor]
    patterns: [谢谢]
    unless: [反话]
    examples: {match: [谢谢你], leave: [谢谢你这是反话]}
"""


def heard(*lines: tuple[Speaker | None, str]) -> list[Cue]:
    """The cues of a call of those lines."""
    return CLASSIFIER.cues([Turn(id=str(n), text=text, speaker=who) for n, (who, text) in enumerate(lines)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pack without rules whose only cue is `thanks`."""
    shutil.copy(PACKS / "cn" / "laws.yaml", tmp_path / "laws.yaml")
    verification = "verification: {ask: [], agree: [], confirm: [], deny: []}\n"
    (tmp_path / "pack.yaml").write_text(f"name: own\nversion: '1'\n{verification}{OWN}", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("name", "speaker", "text", "found"), CASES, ids=str)
def test_a_sentence_shows_its_cue_or_none(name: str, speaker: Speaker, text: str, found: bool) -> None:
    assert [cue.name for cue in heard((speaker, text))] == ([name] if found else [])


def test_the_packs_own_examples_come_out_as_they_say() -> None:
    without_rules = CLASSIFIER.pack.model_copy(update={"rules": ()})
    assert list(failures(without_rules)) == []


def test_a_cue_says_in_which_line_and_where_it_stands() -> None:
    cues = heard(
        (Speaker.collector, "您 这笔贷款逾期了，您欠的三万块怎么办"),
        (Speaker.debtor, "嗯"),
        (Speaker.third_party, "我是他同事。別再打我電話了"),
    )
    assert [(cue.name, cue.line) for cue in cues] == [("debt_put", 0), ("refusal", 2)]
    assert [cue.quote for cue in cues] == ["您 这笔贷款逾期", "別再打我電話了"]


@pytest.mark.parametrize("speaker", [Speaker.collector, Speaker.other, Speaker.ivr, None])
def test_only_whoever_answers_can_refuse(speaker: Speaker | None) -> None:
    assert heard((speaker, "以后不要再打我电话了")) == []


@pytest.mark.parametrize("speaker", [Speaker.debtor, Speaker.third_party, Speaker.other, None])
def test_only_the_collector_puts_a_debt(speaker: Speaker | None) -> None:
    assert heard((speaker, "您这笔钱怎么还")) == []


def test_a_quote_leaves_out_the_marks_around_it() -> None:
    assert heard((Speaker.debtor, "我明天去银行，你别打了。"))[0].quote == "你别打了"


def test_an_exception_excuses_its_own_sentence_alone() -> None:
    assert heard((Speaker.debtor, "他说别再打他电话。你们也别再打我电话了"))[0].quote.startswith("别再打我电话")


@given(st.lists(st.tuples(st.sampled_from(Speaker), st.sampled_from([*REFUSED, *NOT_PUT, "", "**"])), max_size=6))
def test_a_quote_is_what_stands_there(lines: list[tuple[Speaker, str]]) -> None:
    for cue in heard(*lines):
        speaker, text = lines[cue.line]
        assert cue.quote == text[cue.start : cue.end] != ""
        assert speaker in CLASSIFIER.pack.cues[cue.name].speaker


def test_a_very_long_line_takes_no_more_than_seconds() -> None:
    began = time.monotonic()
    assert heard((Speaker.debtor, "他说别再打。" * 3000)) == []
    assert time.monotonic() - began < 5


def test_a_pack_may_have_cues_of_its_own(folder: Path) -> None:
    own = Classifier(load_pack(folder))
    assert own.cues([Turn(id="1", text="好，谢谢", speaker=Speaker.debtor)]) == [Cue("thanks", 0, 2, 4, "谢谢")]
    assert own.cues([Turn(id="1", text="谢谢，反话", speaker=Speaker.debtor)]) == []


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("match: [谢谢你]", "match: []", "pack.yaml:6: cues.thanks: Value error, a cue needs examples"),
        ("leave: [谢谢你这是反话]", "leave: []", "pack.yaml:6: cues.thanks: Value error, a cue needs examples"),
        ("    examples: {match: [谢谢你], leave: [谢谢你这是反话]}\n", "", "cues.thanks.examples"),
        ("[反话]", "[quotaton]", "pack.yaml:8: quotaton: no shared exception"),
        ("[反话]", "['(反']", "(反: missing )"),
        ("[谢谢]", "['{yuo}谢']", "no shared word list 'yuo'"),
        ("[谢谢]", "[]", "pack.yaml:7: cues.thanks.patterns"),
        ("[debtor]", "[nobody]", "cues.thanks.speaker"),
    ],
)
def test_a_mistake_in_a_cue_is_named(folder: Path, old: str, new: str, named: str) -> None:
    path = folder / "pack.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(BadPack, match=r".+") as caught:
        load_pack(folder)
    assert named in str(caught.value)


def test_a_cue_whose_examples_come_out_otherwise_is_told_so(folder: Path) -> None:
    path = folder / "pack.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("leave: [谢谢你这是反话]", "leave: [谢谢]"), "utf-8")
    assert list(failures(load_pack(folder))) == [
        ("thanks", "should be left alone, but matches: 谢谢"),
        ("thanks", "1 examples under match, 5 asked"),
        ("thanks", "1 examples under leave, 5 asked"),
    ]
