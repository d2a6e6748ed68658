"""What people call the codes of the registers and of the rules: the one place of these names."""

import re

from audit.calls.models import Direction
from classifiers.taxonomy import Channel, Severity, Speaker, Verdict
from reports.dimensions import Dimension, Stage

NOT_LISTED = "未登记"

VERDICTS = {Verdict.violation: "违规", Verdict.not_judgeable: "无法判定", Verdict.clear: "未发现违规"}
LEDGER_VERDICTS = {"finding": "违规", "unclear": "待核实", "no_data": "无数据"}
SEVERITIES = {Severity.critical: "严重", Severity.high: "高", Severity.medium: "中", Severity.low: "低"}
SPEAKERS = {
    Speaker.collector: "催收员",
    Speaker.debtor: "债务人",
    Speaker.third_party: "第三人",
    Speaker.other: "未区分",
    Speaker.ivr: "语音系统",
}
CHANNELS = {
    Channel.call: "电话",
    Channel.sms: "短信",
    Channel.wechat: "微信",
    Channel.email: "邮件",
    Channel.letter: "信函",
}
DIRECTIONS = {Direction.outbound: "呼出", Direction.inbound: "呼入"}
RELATIONS = {
    "self": "本人",
    "parent": "父母",
    "spouse": "配偶",
    "child": "子女",
    "sibling": "兄弟姐妹",
    "relative": "亲属",
    "friend": "朋友",
    "classmate": "同学",
    "colleague": "同事",
    "employer": "单位",
    "neighbour": "邻居",
    "guarantor": "担保人",
    "co_borrower": "共同借款人",
    "emergency_contact": "紧急联系人",
    "agent": "代理人",
    "lawyer": "律师",
    "guardian": "监护人",
    "other": "其他",
    "unknown": "关系不明",
}
DISPOSITIONS = {
    "no_answer": "无人接听",
    "busy": "占线",
    "connected": "已接通",
    "promise": "承诺还款",
    "callback": "约定回拨",
    "refused": "拒绝还款",
    "third_party": "第三人接听",
    "wrong_number": "空号或错号",
    "deceased": "债务人已故",
}
REASONS = {
    "no_speech": "没有人声",
    "speakers_not_separated": "单声道，双方未区分",
    "collector_unknown": "单声道，未能确定哪一方是催收员",
    "too_noisy": "噪声过大",
    "clipped": "音量过载失真",
    "damaged": "录音损坏或不完整",
    "channels_swapped": "左右声道疑似颠倒",
    "collector_not_heard": "催收员一侧没有人声",
    "low_confidence": "识别可信度过低",
}
DETECTORS = {
    "terms": "用词",
    "patterns": "句式",
    "pinyin": "同音",
    "similar": "意思相近",
    "model": "模型",
    "personal": "个人信息",
    "rate": "年化利率",
    "measure": "通话测量",
    "missing": "未说明",
    "audience": "听者",
    "accumulated": "多句累计",
    "vulnerable": "对方曾说",
    "repeated": "同类第几句",
}
NOTES = {str(severity): name for severity, name in SEVERITIES.items()} | {
    "quotation": "引述",
    "training": "培训",
    "denial": "否认",
    "warning": "警示",
    "mention": "转述",
    "apology": "致歉",
    "unless": "例外",
}
CHECKED = {"text": "已核对原文", "press": "据报道引文", "weak": "来源薄弱，待核", "recalled": "凭记忆，待核"}
GAPS = {
    "agency not listed": "机构：记录中出现，名册未列",
    "collector not listed": "催收员：记录中出现，名册未列",
    "debtor not listed": "债务人：记录中出现，名册未列",
    "account not listed": "账户：记录中出现，名册未列",
    "recording without call record": "录音：没有通话记录",
    "recording named but not received": "通话：记录写明录音，但未收到",
    "connected call without recording": "通话：已接通，没有录音",
    "recording named by several calls": "录音：被多条通话记录指认",
}

DIMENSIONS = {
    Dimension.agency: "机构",
    Dimension.team: "小组",
    Dimension.collector: "催收员",
    Dimension.lender: "出借方",
    Dimension.stage: "逾期阶段",
}
STAGES = {
    Stage.not_overdue: "未逾期",
    Stage.up_to_30: "30 天以内",
    Stage.up_to_90: "30—90 天",
    Stage.over_90: "90 天以上",
    Stage.unknown: "未知",
}

_CODES = RELATIONS | DISPOSITIONS
_IN_WORDS = re.compile(rf"(?<![A-Za-z0-9_])(?:{'|'.join(_CODES)})(?![A-Za-z0-9_])")
_IN_NOTES = re.compile("|".join(NOTES))


def in_words(reason: str) -> str:
    """A reason of the ledger with the codes in it called by their names."""
    return _IN_WORDS.sub(lambda code: _CODES[code[0]], reason)


def notes_in_words(note: str) -> str:
    """A note on a piece of evidence with the words in it in Chinese."""
    return _IN_NOTES.sub(lambda word: NOTES[word[0]], note)
