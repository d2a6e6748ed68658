"""Whose complaint it is: by every way in which a complaint tells it, on a small register."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from audit.contacts.models import Message
from audit.findings.messages import judge_messages
from audit.imports.mapping import load_mapping
from audit.imports.registers import RegisterName
from audit.imports.service import import_file
from audit.parties.models import ContactPerson
from audit.store import database
from audit.store.scratch import scratch_workspace
from audit.store.types import LOCAL
from classifiers import Classifier, load_pack
from complaints.accounts.find import AccountMatch, find_account
from complaints.accounts.names import Fit, fit
from complaints.reading import read
from complaints.statement import Statement

RECEIVED = datetime(2026, 10, 22, 10, 30, tzinfo=LOCAL)

PARTIES = ["橙帆小额贷款", "禾信银行", "澜舟消费金融", "衡诺商务服务有限公司", "远桥信息咨询有限公司"]

REGISTERS = {
    "agencies": "agency\n衡诺商务服务有限公司\n远桥信息咨询有限公司",
    "collectors": """collector_no,name,team,agency
GH01,彭大伟,一组,衡诺商务服务有限公司
GH02,骆琳,一组,远桥信息咨询有限公司
GH03,徐静,一组,衡诺商务服务有限公司""",
    "debtors": """debtor_no,name,gender,phone,id_no,address,employer
D01,周雨桐,女,11000001001,9901**********1226,云泽市柳岸路18号,栖木家居有限公司
D02,李想,男,11000001002,,青渡市石桥街66号,
D03,李想,男,11100001003,,青渡市书院巷3号,
D04,杜宇航,男,13600001004,,,
D05,赵铁柱,男,,9907**********5919,安岭县盐场街112号,铁柱五金店
D06,骆小满,女,11300001006,,,花间美容院
D07,马冬,男,11400001007,,,
D08,孔令军,男,111****1008,,,
D09,高敏,女,111****1008,,,
D10,何东,男,11500001010,,,北岸印刷厂
D11,严莉,女,11600001011,,,""",
    "accounts": """account_no,debtor_no,lender,product,principal,overdue_since,agency,assigned_on
AC260101,D01,橙帆小额贷款,现金贷款,8600,2026-08-20,衡诺商务服务有限公司,2026-09-01
AC260202,D02,禾信银行,信用贷款,30000,2026-06-20,衡诺商务服务有限公司,2026-09-01
AC260303,D03,澜舟消费金融,消费分期,12000,2026-07-15,远桥信息咨询有限公司,2026-09-01
AC260404,D04,橙帆小额贷款,现金贷款,15500,2026-06-20,衡诺商务服务有限公司,2026-09-01
AC260505,D05,橙帆小额贷款,农户贷款,22000,2026-05-18,远桥信息咨询有限公司,2026-09-01
AC260606,D06,澜舟消费金融,现金贷款,46000,2026-09-10,远桥信息咨询有限公司,2026-09-20
AC260707,D07,禾信银行,信用卡分期,18200,2026-07-30,衡诺商务服务有限公司,2026-09-01
AC260717,D07,澜舟消费金融,消费分期,9000,2026-07-30,远桥信息咨询有限公司,2026-09-01
AC260808,D08,澜舟消费金融,现金贷款,9000,2026-06-11,远桥信息咨询有限公司,2026-09-01
AC260909,D09,橙帆小额贷款,经营贷款,35000,2026-06-28,衡诺商务服务有限公司,2026-09-01
AC261010,D10,禾信银行,信用贷款,61000,2026-08-01,衡诺商务服务有限公司,2026-09-01
AC261111,D11,禾信银行,信用贷款,61500,2026-08-01,衡诺商务服务有限公司,2026-09-01""",
    "contacts": """debtor_no,name,relation,phone
D01,周建国,parent,11000002001
D02,李盼,sibling,11000002002
D04,杜国强,parent,136****2004
D05,齐春燕,spouse,11000002005
D10,段老板,colleague,0571-88880010""",
    "calls": """call_id,collector_no,account_no,callee_phone,callee_relation,direction,started_at,duration_s
C01,GH01,AC260101,11000001001,self,outbound,2026-10-19T10:00:00+08:00,60
C02,GH02,AC260717,11400001007,self,outbound,2026-10-20T15:00:00+08:00,60
C03,GH01,AC260707,11400001007,self,outbound,2026-10-01T15:00:00+08:00,60
C04,GH01,AC261111,11600001011,self,outbound,2026-10-21T20:10:00+08:00,60
C05,GH03,AC261010,11500001010,self,outbound,2026-10-21T20:00:00+08:00,60
C06,GH02,AC260808,11700009999,unknown,outbound,2026-10-18T11:00:00+08:00,40
C07,GH02,AC260606,11300001006,self,outbound,2026-10-20T09:00:00+08:00,40
C08,GH02,AC260303,11100001003,self,outbound,2026-10-14T09:00:00+08:00,40""",
    "messages": """message_id,collector_no,account_no,to_phone,to_relation,channel,sent_at,text
M01,GH02,AC260505,11800008888,unknown,sms,2026-10-20T09:00:00+08:00,田甜女士，请转告他与橙帆小额贷款联系。
M02,GH03,AC261010,11500001010,self,wechat,2026-10-21T21:00:00+08:00,何东，你这个老赖，再不还我就去你单位闹。
M03,GH01,AC261111,11600001011,self,sms,2026-10-21T21:00:00+08:00,严女士您好，请查看账单。
M04,GH02,AC260303,11100001003,self,sms,2026-10-15T21:00:00+08:00,李先生，本期应还3380元。""",
}


def fill(session: Session, folder: Path) -> None:
    """Puts the registers in and judges the messages."""
    for name, text in REGISTERS.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        assert not import_file(session, RegisterName(name), folder / f"{name}.csv", load_mapping()).refused
    judge_messages(session, [each or 0 for each in session.exec(select(Message.id))], Classifier(load_pack()))


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A workspace with the registers."""
    with scratch_workspace():
        database.upgrade()
        with database.transaction() as session:
            fill(session, tmp_path_factory.mktemp("registers"))
            yield session


def find(session: Session, text: str, complainant: str = "", phone: str = "", account_no: str = "") -> AccountMatch:
    """Whose it is, after the text was read."""
    reading = read(text, RECEIVED, PARTIES)
    given = Statement("TS1", "hotline", RECEIVED, text, complainant, phone, account_no)
    return find_account(session, given, reading)


WAYS = [  # the way, the text, complainant and phone, the account, what the complainant is
    ("phone", "一天打我十几个电话", ("", "11000001001"), "AC260101", "debtor"),
    ("masked_phone", "一天打我十几个电话", ("", "110****1002"), "AC260202", "debtor"),
    ("phone_in_text", "我的号码13600001004一直被骚扰", ("", ""), "AC260404", "debtor"),
    ("end_of_a_phone", "被骚扰的是我尾号1006的手机", ("", ""), "AC260606", "debtor"),
    ("name", "你们的催收骂人", ("周雨桐", ""), "AC260101", "debtor"),
    ("name_in_part", "你们的催收骂我，橙帆的", ("周*桐", ""), "AC260101", "debtor"),
    ("name_as_it_sounds", "澜舟的催收骂我", ("罗小满", ""), "AC260606", ""),
    ("traditional_name", "你們的催收罵人", ("趙鐵柱", ""), "AC260505", "debtor"),
    ("surname_and_title", "橙帆的催收骂我，我就欠八千多", ("周女士", ""), "AC260101", "debtor"),
    ("old_surname", "禾信银行的催收骂我，信用卡分期逾期三个月了", ("老马", ""), "AC260707", "debtor"),
    ("number_of_the_account", "账户AC260303的催收骂人", ("", ""), "AC260303", ""),
    ("end_of_the_account", "账户尾号0505，催收一直骂人", ("", ""), "AC260505", ""),
    ("identity_card", "身份证9907**********5919，催收骂人", ("", ""), "AC260505", ""),
    ("parent_of_my_son", "我儿子杜宇航欠橙帆的钱，你们天天打我", ("", ""), "AC260404", "parent"),
    ("on_behalf_of_my_father", "代我父亲赵铁柱投诉你们催收骂人", ("赵小燕", ""), "AC260505", "child"),
    ("sister_of", "李想的姐姐反映，禾信银行的催收打到我家", ("李某", ""), "AC260202", "sibling"),
    ("sister_by_phone", "你们为什么打给我", ("李盼", "11000002002"), "AC260202", "sibling"),
    ("father_by_masked_phone", "你们为什么打给我", ("", "13699992004"), "AC260404", "parent"),
    ("phone_of_the_office", "再打到我们单位来我就报警", ("", "0571-88880010"), "AC261010", "colleague"),
    ("own_phone_for_another", "我老公赵铁柱欠钱，你们天天打我", ("齐春燕", "11000001001"), "AC260505", "spouse"),
    ("stranger_who_was_called", "我不认识他，别再打我电话", ("", "11700009999"), "AC260808", "unknown"),
    ("stranger_who_got_a_message", "收到一条短信开头叫我田甜女士，我不认识他", ("田甜", ""), "AC260505", "unknown"),
    ("two_of_a_name_by_lender", "澜舟的催收骂我", ("李想", ""), "AC260303", "debtor"),
    ("two_of_a_name_by_amount", "我欠三万，你们的催收骂我", ("李想", ""), "AC260202", "debtor"),
    ("two_of_a_name_by_amount_in_message", "说我这期要还3380元，催收骂我", ("李想", ""), "AC260303", "debtor"),
    ("masked_phone_of_two_by_name", "催收骂我", ("高敏", "111****1008"), "AC260909", "debtor"),
    ("one_of_two_accounts_by_product", "信用卡分期的催收骂我", ("马冬", ""), "AC260707", "debtor"),
    ("one_of_two_accounts_by_collector", "姓骆的昨天打来骂我", ("马冬", ""), "AC260717", "debtor"),
    ("one_of_two_accounts_by_agency", "衡诺的人骂我", ("马冬", ""), "AC260707", "debtor"),
    ("one_of_two_accounts_by_last_contact", "催收骂我", ("马冬", ""), "AC260717", "debtor"),
    ("shop_and_street", "我在盐场街开五金店，橙帆的催收骂我", ("网友小鱼", ""), "AC260505", "debtor"),
    (
        "pseudonym_by_collector_and_time",
        "禾信银行姓彭的昨晚打电话骂我，我欠六万一",
        ("江湖夜雨", ""),
        "AC261111",
        "debtor",
    ),
    (
        "pseudonym_by_finding",
        "禾信银行昨晚发微信骂我老赖，说去单位闹，我欠六万一千块",
        ("夜雨听风", ""),
        "AC261010",
        "debtor",
    ),
    ("surname_of_the_collector_misheard", "姓罗的催收昨天打来，我欠澜舟四万六", ("匿名", ""), "AC260606", "debtor"),
    ("phone_though_a_word_looks_like_a_name", "我爸高血压住院，别再打我", ("", "11000001001"), "AC260101", "debtor"),
    ("full_name_of_the_collector", "衡诺的徐静昨晚骂我，禾信那笔六万多", ("匿名", ""), "AC261010", "debtor"),
    ("name_asked_for", "王先生称不认识什么杜宇航，别再打了", ("王先生", ""), "AC260404", "unknown"),
    ("employer_in_pieces", "我在北岸上班，北岸厂的，禾信银行天天打来", ("匿名", ""), "AC261010", ""),
    ("days_overdue", "一个来月没还橙帆，不对，是澜舟，就骂我，欠四万多", ("匿名", ""), "AC260606", "debtor"),
]


@pytest.mark.usefixtures("home")
def test_all_of_them_on_postgresql(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forget: Callable[[], None]
) -> None:
    monkeypatch.setenv("SHENGJIAN_DATABASE_URL", postgres)
    forget()
    database.upgrade()
    with database.transaction() as session:
        fill(session, tmp_path)
        found = {way: find(session, text, *who).account_no for way, text, who, _, _ in WAYS}
    database.engine().dispose()
    assert found == {way: account_no for way, _, _, account_no, _ in WAYS}


@pytest.mark.parametrize(("text", "who", "account_no", "is_"), [w[1:] for w in WAYS], ids=[w[0] for w in WAYS])
def test_found_by(session: Session, text: str, who: tuple[str, str], account_no: str, is_: str) -> None:
    found = find(session, text, *who)
    assert (found.account_no, found.complainant_is) == (account_no, is_), found.candidates
    assert not found.lost_to


OPEN = [
    ("two_of_a_name", "催收骂我", ("李想", ""), {"AC260202", "AC260303"}),
    ("masked_phone_of_two", "催收骂我", ("", "111****1008"), {"AC260808", "AC260909"}),
    ("lender_and_amount_of_two", "我欠禾信银行六万一千块，催收太频繁", ("匿名", ""), {"AC261010", "AC261111"}),
]


@pytest.mark.parametrize(("text", "who", "rivals"), [w[1:] for w in OPEN], ids=[w[0] for w in OPEN])
def test_left_open_between(session: Session, text: str, who: tuple[str, str], rivals: set[str]) -> None:
    found = find(session, text, *who)
    assert (found.account_id, found.account_no, found.debtor_id) == (None, None, None)
    assert set(found.lost_to) == rivals
    assert {candidate.account_no for candidate in found.candidates} >= rivals


@pytest.mark.parametrize("text", ["你们的催收骂人", "请问逾期了会不会坐牢", "高兴不起来，方便的话回电"])
def test_nobody(session: Session, text: str) -> None:
    found = find(session, text, "匿名", "11999999999")
    assert (found.account_no, found.lost_to) == (None, [])


def test_somebody_else_with_a_whole_name_is_not_taken_for_a_debtor(session: Session) -> None:
    assert find(session, "我欠橙帆八千多，催收骂我", "王建军").account_no is None


def test_the_intake_knows_the_account(session: Session) -> None:
    assert find(session, "催收骂我", "李想", account_no="ac260303").account_no == "AC260303"


def test_the_person_around_the_debtor_is_told(session: Session) -> None:
    person = session.exec(select(ContactPerson.id).where(ContactPerson.name == "李盼")).one()
    assert find(session, "你们为什么打给我", "李盼").contact_person_id == person
    assert find(session, "你们骂我", "李想", "11000001002").contact_person_id is None


def test_reasons_are_in_words_and_add_up(session: Session) -> None:
    best, *_ = find(session, "橙帆的姓彭的10月19日打来骂我，我只欠八千六百元", "周雨桐", "11000001001").candidates
    assert best.reasons == [
        "来电号码为债务人本人号码",
        "姓名相符",
        "金额与本金 8,600 元相符",
        "所述时间内所述催收员联系过本账户 1 次",
        "出借方为橙帆小额贷款",
        "所述时间内联系过本账户 1 次",
        "所述时间内用过电话",
    ]
    assert best.score == 45 + 28 + 10 + 9 + 6 + 4 + 2


def test_of_two_accounts_that_fit_alike_only_the_debtor_is_told(session: Session, tmp_path: Path) -> None:
    with session.begin_nested() as put:
        rows = "account_no,debtor_no,lender,principal\nAC1,D99,禾信银行,5000\nAC2,D99,禾信银行,7000"
        (tmp_path / "debtors.csv").write_text("debtor_no,name,phone\nD99,柏青,11900001099", encoding="utf-8")
        (tmp_path / "accounts.csv").write_text(rows, encoding="utf-8")
        for name in ("debtors", "accounts"):
            import_file(session, RegisterName(name), tmp_path / f"{name}.csv", load_mapping())
        found = find(session, "你们骂我", "柏青")
        assert (found.account_no, found.lost_to) == (None, ["AC1", "AC2"])
        assert found.debtor_id is not None
        put.rollback()


@pytest.mark.parametrize(
    ("told", "name", "how"),
    [
        ("李想", "李想", Fit.same),
        ("趙鐵柱", "赵铁柱", Fit.same),
        ("罗小满", "骆小满", Fit.heard),
        ("李*", "李想", Fit.partly),
        ("*小满", "骆小满", Fit.partly),
        ("李想", "李想想", None),
        ("", "李想", None),
    ],
)
def test_names(told: str, name: str, how: Fit | None) -> None:
    assert fit(told, name) is how


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(
        alphabet="李想周女士某*尾号1008欠八千多，。橙帆昨天姓彭的我儿子账户AC26%_（", min_size=1, max_size=40
    ).filter(str.strip),
    st.text(alphabet="李想周女士某*老（）", max_size=5),
    st.sampled_from(["", "111****1008", "无", "138", "1008", "+86 110 0000 1001", "**"]),
)
def test_whatever_is_written(session: Session, text: str, complainant: str, phone: str) -> None:
    found = find(session, text, complainant, phone)
    scores = [candidate.score for candidate in found.candidates]
    assert scores == sorted(scores, reverse=True)
    assert found.account_no in {None, *(candidate.account_no for candidate in found.candidates)}
    assert not (found.account_no and found.lost_to)
