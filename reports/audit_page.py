"""The audit report: one HTML page that needs nothing beside it, with the sound of every finding in it."""

import base64
import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import av
import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from audit import trail
from audit.calls.decoding import RATE, Samples, windows
from audit.calls.records import LOCAL
from audit.calls.service import DEMO
from audit.findings.models import Finding
from audit.findings.service import Outcome, not_judged, outcomes
from audit.store import blobs
from audit.store.database import transaction
from audit.store.types import now
from audit.transcripts.formats import clock
from audit.transcripts.models import Segment
from classifiers.errors import BadInput, BadWorkspace
from classifiers.taxonomy import Kind, Severity, Speaker, Verdict

_LEAD, _TAIL = 1.0, 0.8  # seconds of a clip before and after the words
_CLIP_BITS = 24_000  # a second

_VERDICTS = {Verdict.violation: "违规", Verdict.not_judgeable: "无法判定", Verdict.clear: "未发现违规"}
_SEVERITIES = {Severity.critical: "严重", Severity.high: "高", Severity.medium: "中", Severity.low: "低"}
_SPEAKERS = {
    Speaker.collector: "催收员",
    Speaker.debtor: "债务人",
    Speaker.third_party: "第三人",
    Speaker.other: "未区分",
    Speaker.ivr: "语音系统",
}
_RELATIONS = {
    "self": "本人",
    "parent": "父母",
    "spouse": "配偶",
    "child": "子女",
    "sibling": "兄弟姐妹",
    "relative": "亲属",
    "friend": "朋友",
    "colleague": "同事",
    "employer": "单位",
}
_REASONS = {
    "no_speech": "没有人声",
    "speakers_not_separated": "单声道，双方未区分",
    "collector_not_heard": "催收员一侧没有人声",
    "low_confidence": "识别可信度过低",
}
_DETECTORS = {
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
_WITHOUT_WORDS = {"audience"}
_NOTES = {str(severity): name for severity, name in _SEVERITIES.items()} | {
    "quotation": "引述",
    "training": "培训",
    "denial": "否认",
    "warning": "警示",
    "mention": "转述",
    "apology": "致歉",
    "unless": "例外",
}
_IN_NOTES = re.compile("|".join(_NOTES))
_CHECKED = {"text": "已核对原文", "press": "据报道引文", "weak": "来源薄弱，待核", "recalled": "凭记忆，待核"}


@dataclass(frozen=True)
class Hit:
    """A finding with the utterance it stands in, cut at its quote, and its sound."""

    finding: Finding
    before: str
    after: str
    clip: str | None

    @property
    def title(self) -> str:
        """The kind's name."""
        return self.finding.kind.names.zh


@dataclass(frozen=True)
class CallPart:
    """One call as the page shows it."""

    outcome: Outcome
    hits: list[Hit]

    @property
    def worst(self) -> int:
        """The rank of the gravest violation; calls without any come last."""
        return min((h.finding.severity.rank for h in self.hits if not h.finding.kind.is_signal), default=len(Severity))

    def hits_in(self, segment: Segment) -> list[Hit]:
        """The hits in one utterance."""
        return [hit for hit in self.hits if hit.finding.segment_id == segment.id]


def audit_page() -> str:
    """The report on every judged call of the workspace, the gravest first."""
    with transaction() as session:
        judged, waiting = outcomes(session), not_judged(session)
        head = trail.head(session)
    calls = sorted((_call(outcome) for outcome in judged), key=lambda call: call.worst)
    return (
        _templates()
        .get_template("audit_page.html")
        .render(
            calls=calls,
            synthetic=any(outcome.call.source == DEMO for outcome in judged),
            made_at=now().astimezone(LOCAL),
            head=head,
            waiting=waiting,
            verdicts=Counter(call.outcome.verdict for call in calls),
            kinds=_kinds(hit.finding.kind for call in calls for hit in call.hits),
            seconds=sum(outcome.recording.seconds for outcome in judged),
            packs=sorted({(o.pack.name, o.pack.version, o.pack.sha256) for o in judged}),
            engines=sorted({(o.transcript.engine, o.transcript.model, o.transcript.options) for o in judged}),
        )
    )


def _kinds(found: Iterable[Kind]) -> list[tuple[Kind, int]]:
    counted = Counter(found)
    return [(kind, counted[kind]) for kind in Kind if counted[kind]]


def _call(outcome: Outcome) -> CallPart:
    segments = {segment.id: segment for segment in outcome.segments}
    hits = []
    for finding, sound in zip(outcome.findings, _sounds(outcome), strict=True):
        text = segments[finding.segment_id].text
        hits.append(
            Hit(finding, text[: finding.start], text[finding.end :], None if sound is None else _data_address(sound))
        )
    return CallPart(outcome, hits)


def _sounds(outcome: Outcome) -> list[Samples | None]:
    """The sound of each finding; none where the recording is no longer to be had."""
    try:
        with blobs.local(outcome.recording.blob) as path:
            return [*_clips(path, [_around(f.at_ms, f.until_ms) for f in outcome.findings])]
    except (BadInput, BadWorkspace, OSError):
        return [None] * len(outcome.findings)


def _around(at_ms: int, until_ms: int) -> tuple[float, float]:
    return max(at_ms / 1000 - _LEAD, 0.0), until_ms / 1000 + _TAIL


def _clips(path: Path, spans: list[tuple[float, float]]) -> list[Samples]:
    """The sound of each span (seconds), both parties together, in one pass over the recording."""
    pieces: list[list[Samples]] = [[] for _ in spans]
    for window in windows(path) if spans else ():
        mixed = window.samples.mean(axis=0)
        for taken, (start, end) in zip(pieces, spans, strict=True):
            first, last = (max(round((at - window.start) * RATE), 0) for at in (start, end))
            taken.append(mixed[first:last])
    return [np.concatenate(taken) for taken in pieces]


def _data_address(samples: Samples) -> str:
    """The sound as MP3, which every browser plays, inside an address."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp3") as container:
        stream = container.add_stream("mp3", rate=RATE, layout="mono")
        stream.bit_rate = _CLIP_BITS
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1).astype(np.float32), format="fltp", layout="mono")
        frame.sample_rate = RATE
        container.mux([*stream.encode(frame), *stream.encode(None)])
    return "data:audio/mpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clock": lambda ms: clock(ms / 1000),
        "verdict": _VERDICTS.__getitem__,
        "severity": _SEVERITIES.__getitem__,
        "speaker": _SPEAKERS.__getitem__,
        "relation": lambda relation: _RELATIONS.get(relation, relation or "未登记"),
        "reason": lambda reason: _REASONS.get(reason, reason),
        "checked": _CHECKED.__getitem__,
        "evidence": _evidence,
        "moment": _moment,
    }
    return environment


def _evidence(evidence: dict[str, Any]) -> str:
    """One piece of evidence in words: who saw it, in what, how sure, and what changed that."""
    name = _DETECTORS.get(evidence["detector"].removeprefix("misheard "), evidence["detector"])
    heard = "（疑似误写）" if evidence["detector"].startswith("misheard ") else ""
    if evidence["detector"] == "model":
        return f"{name} {evidence['score']:.0%}"
    words = "" if evidence["detector"] in _WITHOUT_WORDS else f"“{evidence['words']}”"
    sure = f" {evidence['score']:.2f}" if evidence["score"] else ""
    note = _IN_NOTES.sub(lambda word: _NOTES[word[0]], evidence["note"])
    return f"{name}{heard}{words}{sure}" + (f"（{note}）" if note else "")


def _moment(at: datetime | None) -> str:
    return at.astimezone(LOCAL).strftime("%Y年%-m月%-d日 %H:%M") if at else "未登记"
