"""Personal data in what is said: what is found, what is left alone, and numbers said in pieces or over lines."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from classifiers.folding import Span, fold
from classifiers.personal import Datum, PersonalDatum, SpokenLine, find, find_in_talk

NOBODY = "990101199003074518"  # of region 99, with a right checksum
NOBODY_X = "99000019880229027X"
SAID = str.maketrans("0123456789X", "零幺二三四五六拐八勾叉")
FILLERS = ["", "，", " 呃 ", "嗯，", "啊", "、", "，那个，"]


def found(text: str) -> list[tuple[str, str]]:
    return [(datum.kind.value, datum.value) for datum in find(fold(text).text)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        (f"他身份证号是{NOBODY}对吧", "id_card", NOBODY),
        (f"身份证{NOBODY_X.lower()}", "id_card", NOBODY_X),
        ("身份证110101199003074514", "id_card", "110101199003074514"),
        ("身份证勾勾零幺零幺 呃 幺勾勾零零三零拐，四五幺八", "id_card", NOBODY),
        ("身份证九九零零零零一九八八零二二九零二七，最后一位是x", "id_card", NOBODY_X),
        ("你打他电话13812345678", "phone", "13812345678"),
        ("138-0012-3456", "phone", "13800123456"),
        ("幺三八 呃 零零一二 三四五六", "phone", "13800123456"),
        ("幺三八，零零，一二三四五六", "phone", "13800123456"),
        ("幺 呃 三 嗯 八零零一二 三四五六", "phone", "13800123456"),
        ("前三位一三八中间四位零零一二后四位三四五六", "phone", "13800123456"),
        ("幺三八三个八一二三四五", "phone", "13888812345"),
        ("一三八 四个八 四个零", "phone", "13888880000"),
        ("幺三八零零一两个零三四五", "phone", "13800100345"),
        ("138oo123456", "phone", "13800123456"),
        ("第一，13812345678，一定要打", "phone", "13812345678"),
        ("座机是零三七一杠六五四三二一零零", "phone", "037165432100"),
        ("010-65432100", "phone", "01065432100"),
        ("卡号6222021234567890128", "bank_card", "6222021234567890128"),
        ("卡号6222 0212 3456 7890 128", "bank_card", "6222021234567890128"),
        ("62220 212 34567890128", "bank_card", "6222021234567890128"),
        ("车牌京A·12345", "plate", "京A12345"),
        ("他开粤B D12345", "plate", "粤BD12345"),
        ("沪a12345f", "plate", "沪A12345F"),
        ("邮箱zhang.san@example.com", "email", "zhang.san@example.com"),
        ("12345678901@qq.com", "email", "12345678901@qq.com"),
        ("zhangsan艾特163点com", "email", "zhangsan@163.com"),
        ("加我微信wx_abc123", "wechat", "wx_abc123"),
        ("他微信号是abcdefg", "wechat", "abcdefg"),
        ("v信li_wei99", "wechat", "li_wei99"),
        ("加我wx_abc123", "wechat", "wx_abc123"),
        ("微信就是这个号13812345678", "phone", "13812345678"),
        ("我扣扣是幺二三四五 六七八", "qq", "12345678"),
        ("QQ：12345", "qq", "12345"),
        ("他住在郑州市金水区东风路88号3栋2单元501室", "address", "郑州市金水区东风路88号3栋2单元501室"),
        ("我记录上他住在锦绣江南3栋502", "address", "锦绣江南3栋502"),
        ("阳光花园三栋二单元", "address", "阳光花园三栋二单元"),
        ("住址：青石镇桥头村二组", "address", "青石镇桥头村二组"),
        ("老家河南省周口市沈丘县", "address", "河南省周口市沈丘县"),
        ("他现在在顺达物流上班", "employer", "顺达物流"),
        ("他老婆在市二院上班", "employer", "市二院"),
        ("他单位是郑州第三中学", "employer", "郑州第三中学"),
        ("他是富士康厂的员工", "employer", "富士康厂"),
    ],
)
def test_it_is_found(text: str, kind: str, value: str) -> None:
    assert found(text) == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "您逾期四十一天，本金一万三千八百一十二元，利息5678.90元",
        "分十二期，每期458元，2024-05-13到期",
        "2025年1月9日12点30分",
        "账单1500，2000，3000",
        "20251109123456 20251109123457",
        "19912345678元",
        "订单号6222021234567890128",
        "合同编号是13812345678",
        "dd13812345678",
        "尾号6222的卡，后四位1234",
        "身份证前六位990101，后四位4518",
        "138****1234",
        "一三八，后四位一二三四",
        "6222…7890",
        "打12378投诉，95588，10086，4008881234",
        "990101199003074519",  # wrong checksum
        "990101199013070019",  # a thirteenth month
        "卡号6222021234567890129",
        "身份证320506198807121234",  # misread, and by chance with the checksum of a card
        "微信同号，微信wechatpay，最新app1234",
        "qq群123456",
        "我们会向郑州市金水区人民法院起诉",
        "华联超市3楼，城市小区，我在路上",
        "您好，我是远桥公司的",
        "我们公司，贵公司，这家公司，第三方催收公司，你儿子学校",
        "正在为您工作，在努力工作，在北京上班，在公司上班",
        "收款人是宏安资产管理有限公司，先报公司再报工号，锦江律师事务所受托",
        "十五个工作日内，在广东打工，我省事你省钱，老乡老乡",
        "我是张伟",
        "",
    ],
)
def test_it_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_datum_stands_where_it_was_said() -> None:
    text = "电话幺三八 呃 零零一二 三四五六，记下"
    folded = fold(text)
    (datum,) = find(folded.text)
    place = folded.back(*datum.span)
    assert text[place.start : place.end] == "幺三八 呃 零零一二 三四五六"
    assert datum.masked == "138*****456"


def test_several_stand_in_order() -> None:
    assert found(f"他在顺达物流上班，电话13812345678，13912345678，身份证{NOBODY}") == [
        ("employer", "顺达物流"),
        ("phone", "13812345678"),
        ("phone", "13912345678"),
        ("id_card", NOBODY),
    ]


def test_names_are_found_when_asked_for() -> None:
    text = "您认识李秀英女士吗，她电话13812345678"
    assert [datum.kind for datum in find(text)] == [Datum.phone]
    name, _ = find(text, names=True)
    assert name == PersonalDatum(Datum.name, Span(3, 6), "李秀英")


def talk(*lines: tuple[str, str]) -> list[list[tuple[str, str]]]:
    """What is found in each line: the words it stands on, and its value."""
    spoken = [SpokenLine(fold(text).text, speaker) for speaker, text in lines]
    data = find_in_talk(spoken)
    return [[(s.text[slice(*d.span)], d.value) for d in on] for s, on in zip(spoken, data, strict=True)]


def test_a_number_said_over_several_lines_is_one() -> None:
    phone = "13800123456"
    assert talk(("c", "你记一下，幺三八"), ("c", "零零一二啊"), ("c", "三四五六，记下了吗")) == [
        [("138", phone)],
        [("0012", phone)],
        [("3456", phone)],
    ]


def test_short_replies_do_not_break_it_off() -> None:
    heard = talk(("c", "幺三八"), ("d", "嗯，您说"), ("c", "零零一二"), ("d", "零零一二，对"), ("c", "三四五六"))
    assert [bool(line) for line in heard] == [True, False, True, False, True]


@pytest.mark.parametrize(
    "lines",
    [
        [("c", "幺三八"), ("d", "你到底要干什么"), ("c", "零零一二三四五六")],  # the other side speaks
        [("c", "幺三八"), ("c", "你先还钱"), ("c", "零零一二三四五六")],  # the same side speaks of something else
        [("c", "幺三八"), ("d", "零零一二三四五六")],  # two speakers
        [("c", "欠五千"), ("c", "还三千"), ("c", "13天")],
    ],
)
def test_what_does_not_belong_together_is_not_joined(lines: list[tuple[str, str]]) -> None:
    assert not any(talk(*lines))


def test_a_line_of_its_own_is_found_as_ever() -> None:
    assert talk(("c", "他在顺达物流上班，打13812345678"), ("d", "好"), ("c", "3天内")) == [
        [("顺达物流", "顺达物流"), ("13812345678", "13812345678")],
        [],
        [],
    ]


@st.composite
def id_cards(draw: st.DrawFn) -> str:
    """A right number of a person who does not exist."""
    day = draw(st.dates(min_value=date(1940, 1, 1)))
    number = f"99{draw(st.integers(0, 9999)):04}{day:%Y%m%d}{draw(st.integers(0, 999)):03}0"
    return number[:-1] + ric.calc_check_digit(number)


@given(id_cards(), st.data())
def test_an_identity_number_is_found_however_it_is_said(number: str, data: st.DataObject) -> None:
    said = [digit + data.draw(st.sampled_from(FILLERS)) for digit in number.translate(SAID)[:-1]]
    text = f"身份证号{''.join(said)}{number[-1].translate(SAID)}，对吧"
    assert found(text) == [("id_card", number)]


@given(id_cards(), st.lists(st.integers(1, 17), max_size=4, unique=True))
def test_an_identity_number_is_found_over_however_many_lines(number: str, cuts: list[int]) -> None:
    ends = [0, *sorted(cuts), 18]
    pieces = [number.translate(SAID)[a:b] for a, b in pairwise(ends)]
    heard = talk(*[line for piece in pieces for line in (("c", piece), ("d", "嗯"))])
    assert all([value for _, value in line] == [number] for line in heard[::2])


def _card(body: str) -> str:
    return body + luhn.calc_check_digit(body)


NUMBERS = st.one_of(
    id_cards(),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"62[0-9]{16}", fullmatch=True).map(_card),
)


@given(NUMBERS, st.sampled_from(["*", "…", "x", "某", "-", "星"]), st.integers(2, 4))
def test_a_masked_number_is_never_found(number: str, mask: str, tail: int) -> None:
    head = 3 if len(number) == 11 else 6
    assert found(f"号码{number[:head]}{mask * (len(number) - head - tail)}{number[-tail:]}") == []


@given(st.text(alphabet="0123456789零一二三两个百x呃，、 是qa@微信京市区路栋在公司上班", max_size=60))
def test_every_datum_lies_in_its_text(text: str) -> None:
    data = find(text)
    assert all(0 <= datum.span.start < datum.span.end <= len(text) and datum.value for datum in data)
    assert all(one.span.end <= other.span.start for one, other in pairwise(data))
