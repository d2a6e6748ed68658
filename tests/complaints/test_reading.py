"""Who, which numbers and what is wanted, out of a complaint's text, and all of it together."""

import json
import time
from datetime import datetime
from pathlib import Path

import pytest

from audit.store.types import LOCAL
from classifiers import Classifier, load_pack
from classifiers.errors import BadInput
from classifiers.taxonomy import Kind
from complaints.reading import read
from complaints.reading.demands import Demand, complaint_type, demands, withdrawal
from complaints.reading.kinds import kinds
from complaints.reading.numbers import amounts, numbers, parties
from complaints.reading.people import people
from complaints.reading.text import data

RECEIVED = datetime(2026, 10, 22, 10, 30, tzinfo=LOCAL)
NAMES = ["橙帆小额贷款", "衡诺商务服务有限公司", "衡信商务服务有限公司", "北京橙远消费金融有限公司", "青禾银行"]


@pytest.mark.parametrize(
    ("told", "surnames", "name", "staff_no", "gender"),
    [
        ("一个姓王的男的打来", ("王",), "", "", "male"),
        ("有个女的姓李", ("李",), "", "", "female"),
        ("姓罗还是姓骆记不清", ("罗", "骆"), "", "", ""),
        ("徐姓女士打来", ("徐",), "", "", "female"),
        ("对方自称小李", ("李",), "", "", ""),
        ("工号：a8004", (), "", "A8004", ""),
        ("王经理打来的", ("王",), "", "", ""),
        ("催收人员陈丽华多次威胁", ("陈",), "陈丽华", "", ""),
        ("催收员姓欧阳", ("欧阳",), "", "", ""),
    ],
)
def test_collectors(told: str, surnames: tuple[str, ...], name: str, staff_no: str, gender: str) -> None:
    (one,) = people(told).collectors
    assert (one.surnames, one.name, one.staff_no, one.gender) == (surnames, name, staff_no, gender)


@pytest.mark.parametrize("told", ["张先生来电投诉", "客户李女士不满", "我住在王家村", "没什么姓名"])
def test_who_complains_is_no_collector(told: str) -> None:
    assert people(told).collectors == []


@pytest.mark.parametrize(
    ("told", "relations"),
    [
        ("他打给我妈", ["parent"]),
        ("联系了我的导员和邻居", ["unknown", "neighbour"]),
        ("打我爸妈、我老婆还有公司同事", ["parent", "spouse", "colleague"]),
        ("我姐夫接到电话", ["relative"]),
        ("店长跟我说有人找我", ["colleague"]),
        ("给我单位前台打电话", ["colleague"]),
        ("我住院了我爸照顾我", []),
    ],
)
def test_third_persons_contacted(told: str, relations: list[str]) -> None:
    assert [each.relation for each in people(told).contacts] == relations


@pytest.mark.parametrize(
    ("told", "authority"),
    [
        ("我在橙帆借了三万，逾期了", "self"),
        ("我是他妹妹，他们给我打电话", "relative"),
        ("代我父亲李建国投诉", "relative"),
        ("受当事人周敏委托，我所致函", "agent"),
        ("电话很多", "unknown"),
    ],
)
def test_authority(told: str, authority: str) -> None:
    assert people(told).right == authority


def test_names_of_the_two_sides() -> None:
    told = people("投诉人：张晓梅，代我父亲张建国投诉催收员周强")
    assert told.complainant
    assert told.debtor
    assert (told.complainant.name, told.debtor.name) == ("张晓梅", "张建国")
    assert [each.name for each in told.collectors] == ["周强"]


@pytest.mark.parametrize(
    ("told", "kind", "value"),
    [
        ("卡尾号3309", "card", "*3309"),
        ("尾号8812的手机", "phone", "*8812"),
        ("合同号HT20251234", "contract", "HT20251234"),
        ("138开头、尾号1001的号码", "phone", "138*1001"),
        ("138****1001", "phone", "138****1001"),
        ("0571-88886666", "phone", "0571-88886666"),
        ("身份证9901**********3321", "id_card", "9901**********3321"),
    ],
)
def test_numbers(told: str, kind: str, value: str) -> None:
    (one,) = numbers(told)
    assert (one.kind, one.value) == (kind, value)


@pytest.mark.parametrize(
    ("told", "low", "high"),
    [
        ("欠八千多", 8000, 8999),
        ("5399元", 5399, 5399),
        ("三万", 30000, 30000),
        ("还了一千二百块", 1200, 1200),
        ("欠了3.5万", 35000, 35000),
        ("本金12,500.50元", 12500.5, 12500.5),
        ("月还2k", 2000, 2000),
    ],
)
def test_amounts(told: str, low: float, high: float) -> None:
    (one,) = amounts(told)
    assert (one.low, one.high) == (low, high)


@pytest.mark.parametrize("told", ["打了一百多个电话", "一天打了三千次", "尾号3309", "10月20号"])
def test_what_is_no_amount(told: str) -> None:
    assert amounts(told) == []


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("橙帆的人打来", ["橙帆小额贷款"]),
        ("衡诺公司和青禾", ["衡诺商务服务有限公司", "青禾银行"]),
        ("橙远消费金融", ["北京橙远消费金融有限公司"]),
        ("小额贷款、商务服务、北京、有限公司", []),
    ],
)
def test_lenders_and_agencies_by_what_is_their_own(told: str, names: list[str]) -> None:
    assert [each.name for each in parties(told, NAMES)] == names


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("要求书面道歉并停止骚扰我家人，处理相关人员。", ["apology", "stop_contact", "discipline"]),
        ("诉求：1、赔偿精神损失；2、更正征信；3、书面答复。", ["compensation", "credit_record", "written_reply"]),
        ("想分期还，希望减免利息", ["instalments", "reduction"]),
        ("他道歉了", []),
        ("他们要求我赔偿违约金", []),
    ],
)
def test_what_is_wanted(told: str, wanted: list[str]) -> None:
    assert list(dict.fromkeys(each.demand for each in demands(told))) == [Demand(each) for each in wanted]


@pytest.mark.parametrize(
    ("told", "head"),
    [
        ("我要投诉", "complaint"),
        ("实名举报", "report"),
        ("信访人某某", "petition"),
        ("请问怎么还款", "inquiry"),
        ("建议你们改进", "suggestion"),
        ("天气不错", None),
    ],
)
def test_under_what_head(told: str, head: str | None) -> None:
    found = complaint_type(told)
    assert (found.type if found else None) == head


def test_a_withdrawal_is_one_only_of_free_will() -> None:
    assert withdrawal("客户来电申请撤诉")
    assert withdrawal("现撤回投诉")
    assert withdrawal("他让我先撤诉才肯谈") is None


@pytest.mark.parametrize("kind", data("kinds")["kinds"])
def test_the_examples_beside_the_patterns(kind: str) -> None:
    examples = data("kinds")["kinds"][kind]["examples"]
    assert [text for text in examples["match"] if kind not in {each.kind for each in kinds(text)}] == []
    assert [text for text in examples["leave"] if kind in {each.kind for each in kinds(text)}] == []


def test_quoted_speech_is_judged_as_the_collectors_and_ones_own_is_not() -> None:
    classifier = Classifier(load_pack())
    told = kinds("他说：“今晚我带几个兄弟去你家坐坐，喝喝茶。”", classifier)
    assert (Kind.threat, True) in {(each.kind, each.said) for each in told}
    own = kinds("我说：“今晚我带几个兄弟去你家坐坐，喝喝茶。”", classifier)
    assert not any(each.said for each in own)


def f1(name: str) -> float:
    """The F1 over all kinds of all texts of a set."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    right = wrong = missed = 0
    for case in map(json.loads, lines):
        found, meant = {each.kind for each in kinds(case["text"])}, set(case["kinds"])
        right, wrong, missed = right + len(found & meant), wrong + len(found - meant), missed + len(meant - found)
    return 2 * right / (2 * right + wrong + missed)


@pytest.mark.parametrize(("name", "least"), [("complaints-dev.jsonl", 0.9), ("complaints-test.jsonl", 0.75)])
def test_accusations_over_whole_complaints(name: str, least: float) -> None:
    assert f1(name) >= least


def test_a_whole_complaint_at_once() -> None:
    text = "我要投诉橙帆。10月20号上午九点多，一个姓王的男的打给我妈，说我欠了三万，一天打了五六个。要求道歉。"
    told = read(text, RECEIVED, NAMES)
    assert told.type
    assert told.type.type == "complaint"
    assert [each.quote for each in told.times] == ["10月20号上午九点多"]
    assert [each.n_high for each in told.counts] == [6]
    assert [each.name for each in told.parties] == ["橙帆小额贷款"]
    assert [each.low for each in told.amounts] == [30_000]
    assert [each.surnames for each in told.people.collectors] == [("王",)]
    assert {Kind.privacy_leak, Kind.harassment} <= {each.kind for each in told.kinds}
    assert [each.demand for each in told.demands] == [Demand.apology]
    assert told.withdrawal is None


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="empty"):
        read(text, RECEIVED)


def test_what_else_is_refused() -> None:
    with pytest.raises(BadInput, match="50001 characters"):
        read("骂" * 50_001, RECEIVED)
    with pytest.raises(BadInput, match="no time zone"):
        read("骂我", datetime(2026, 10, 22))


@pytest.mark.parametrize(
    "piece",
    [
        "昨天晚上八点多，催收员王强打给我妈说我欠钱，一天打了十几个，尾号3309，欠三万多。",
        "一",
        "说",
        "1",
        "他说",
        "骂我他打我家人",
    ],
)
def test_fifty_thousand_characters_take_seconds_at_most(piece: str) -> None:
    read(piece, RECEIVED, NAMES)
    begin = time.process_time()
    read((piece * 50_000)[:50_000], RECEIVED, NAMES)
    assert time.process_time() - begin < 3
