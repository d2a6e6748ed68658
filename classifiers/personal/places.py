"""Where somebody lives and works, by the words that addresses and organisations are made of."""

import re
from collections.abc import Iterator

from classifiers.folding import Span
from classifiers.personal.datum import Datum, PersonalDatum

# -- addresses: at least two levels, from province down to room
_WORD = r"[^\W\da-z_我你您他她它们的是在住到去这那哪某各没了吗呢啊吧个为给每全]"  # not in names of places
_COUNT = "[0-9一二两三四五六七八九十]{1,5}"
_LEVEL = rf"{_WORD}{{1,7}}?(?:%s)"
_AREA = (
    _LEVEL
    % "(?<!节)省(?![事钱得心点下略吃力了去])|自治区|自治州|(?<![小社郊辖])区|(?<!超)市|县|旗|镇|(?<![老同下])乡|街道|村"
)
_ROAD = _LEVEL % "(?<![电线思])路|街|大道|巷|弄|胡同"
_HOME = _LEVEL % rf"小区|社区|花园|家园|公寓|新村|苑|大厦|家属院|大院|宿舍|[城府庭园湾里](?={_COUNT}(?:栋|幢|号楼))"
_BUILDING = rf"{_COUNT}(?:号楼|栋|幢)"
_HOUSE = (
    rf"(?:{_COUNT}(?:号[院楼]?|弄|[栋幢座楼层组社队室户]|单元)|[a-z]座|(?<=[栋幢座楼元层号])[0-9]{{3,4}}(?![0-9元块]))"
)
_NAMED = f"(?:{_AREA}|{_ROAD}|{_HOME})"
_AUTHORITY = "法院|派出所|公安|分局|交警|仲裁|检察|司法|政府|公证|税务|监管|居委|村委|支行|分行|银行|信访"
_ADDRESS_MARK = re.compile("[省区市县旗镇乡村路街道巷弄同苑园厦院舍栋幢楼]")
_ADDRESS = re.compile(  # never shortened once matched: "金水区人民法院" is no place to live
    r"(?:(?:老家|户籍|户口|住址|地址|现居)(?:就|现在)?)?"
    rf"(?P<value>(?>{_NAMED}(?:{_HOUSE}|{_NAMED}){{1,12}}+|{_WORD}{{2,6}}?{_BUILDING}{_HOUSE}{{1,6}}+))"
    rf"(?!\w{{0,6}}?(?:{_AUTHORITY}))"
)

# -- employers
_MEMBER = (
    r"[^\W_我你您他她它们的是在住到去这那哪某没了吗呢啊吧为给谁什从叫已向由不]"  # no organisation has one of these
)
_ORGANISATION = "公司|集团|医院|学校|大学|中学|小学|幼儿园|厂|事务所"
_EMPLOYER_WORD = re.compile(f"上班|工作|任职|就职|打工|单位|{_ORGANISATION}")
_CALLER = "(?:我们?|咱们|这里|这边|您好)[是为]?"
_MEMBERS = "员工|职工|工人|工程师|老师|教师|医生|护士|司机|会计|保安|老板|经理|主任|前台|销售|学生|人(?!民)"
_EMPLOYER = re.compile(
    rf"(?:(?<![正存实])在|给)(?P<at>{_MEMBER}{{2,16}}?)(?:上班|任职|就职|打工|工作(?!日))"
    rf"|(?<![函文])单位(?:名称)?(?:就|应该|写的)?(?:是|叫|为|：)(?P<told>{_MEMBER}{{2,16}})"
    rf"|(?P<caller>{_CALLER})?(?P<named>{_MEMBER}{{2,12}}?(?:{_ORGANISATION}))(?:的?(?:{_MEMBERS})|的(?:[，。？！吧对]|$))"
)
_NO_NAME = re.compile(  # made of such words alone, it names no organisation
    r"(?:[家一两几个该贵本总分子母上大小市县区省镇里外内边面头部门组跟和找做正原老新]|"
    r"正规|合作|第三方|催收|小额|小贷|贷款|网贷|金融|消费|信贷|委托|外包|担保|保险|律师|律所|科技|人民|资产|管理|服务|"
    r"有限|责任|股份|投资|有关|所有|其他|其它|任何|告诉|通知|联系|现在|目前|单位|外地|附近|本地|工地|努力|认真|正常|"
    r"处理|跟进|负责|开展|法务|后台|客服|中心|岗位|银行|儿子|女儿|孩子|小孩|老婆|老公|父母|"
    r"河北|山西|辽宁|吉林|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|新疆|"
    r"北京|上海|广州|深圳|天津|重庆|成都|武汉|杭州|南京|西安|郑州|长沙|苏州|东莞|佛山|厦门|青岛|国外|"
    rf"{_ORGANISATION})+"
)


def may_hold_address(folded: str) -> bool:
    """Whether to look for addresses."""
    return _ADDRESS_MARK.search(folded) is not None


def addresses(folded: str) -> Iterator[PersonalDatum]:
    """Addresses of at least two levels (金水区东风路, 阳光花园3栋, 桥头村2组); courts and authorities are left out."""
    for match in _ADDRESS.finditer(folded):
        yield PersonalDatum(Datum.address, Span(*match.span("value")), match["value"])


def may_hold_employer(folded: str) -> bool:
    """Whether to look for employers."""
    return _EMPLOYER_WORD.search(folded) is not None


def employers(folded: str) -> Iterator[PersonalDatum]:
    """Organisations that somebody works at or belongs to; not what callers name as their own (我是…公司的)."""
    for match in _EMPLOYER.finditer(folded):
        group = match.lastgroup or 0
        if not match["caller"] and not _NO_NAME.fullmatch(match[group]):
            yield PersonalDatum(Datum.employer, Span(*match.span(group)), match[group])
