"""What tells who somebody is goes out of text and sound; what cannot be placed goes with its whole utterance."""

from datetime import date
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import pipeline
from audit.calls.decoding import RATE, windows
from audit.calls.models import Layout
from audit.calls.service import receive as take_in
from audit.findings.models import Finding, Run, State, UsedPack
from audit.store import database
from audit.transcripts.engine import Engine
from audit.transcripts.listen import transcribe
from audit.transcripts.models import Segment, Transcript
from audit.transcripts.parties import Hints
from audit.transcripts.service import options_of, to_segment
from classifiers.taxonomy import Kind, Severity, Speaker, Verdict
from reports.redaction import proof
from reports.redaction.clip import redacted_clip
from reports.redaction.finding import ANSWER, Line, Mark, marks, redact, replaced
from reports.redaction.people import KnownPeople, Person, Role
from reports.redaction.placing import NotRedacted, beeps_for, unheard
from reports.redaction.proof import Heard, Proof, lines_of, prove, redacted_copy
from reports.redaction.sound import Beep, beeped, to_mp3

DEBTOR = Person(
    Role.debtor, "林可心", ("138****1002", "9901**********1226"), ("云泽市清溪区柳岸路18号", "云泽栖木家居有限公司")
)
KNOWN = KnownPeople(
    (DEBTOR, Person(Role.contact, "马德山", ("15000002006",)), Person(Role.collector, "徐静", ("GH8001",))),
    official=frozenset({"02100008101"}),
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("林可心欠款", "〔债务人〕欠款"),
        ("请问是铃可信女士", "请问是〔债务人〕女士"),  # as a recogniser writes it
        ("林女士您好", "〔债务人〕您好"),
        ("我是可心", "我是〔债务人〕"),
        ("小林，还钱", "〔债务人〕，还钱"),
        ("马德山是她的父亲", "〔联系人〕是她的父亲"),
        ("打13800001234找我", "打〔电话号码〕找我"),
        ("打幺三八零零零零幺二三四", "打〔电话号码〕"),
        ("号码一三八，零零零零，一二三四", "号码〔电话号码〕"),
        ("手机尾号1002", "手机尾号〔号码〕"),
        ("身份证后四位一二二六", "身份证后四位〔号码〕"),
        ("尾号3309的卡", "尾号〔号码〕的卡"),
        ("你住柳岸路吧", "你住〔住址或单位〕吧"),
        ("在栖木家居上班", "在〔工作单位〕上班"),
        ("车牌沪A12345", "车牌〔车牌号〕"),
        ("微信号是lin_2026", "微信号是〔微信号〕"),
        ("发到abc@example.com", "发到〔电子邮箱〕"),
        ("我是徐静，工号8001，回电02100008101", "我是徐静，工号8001，回电02100008101"),
        ("欠2316块4，逾期41天，打12378投诉", "欠2316块4，逾期41天，打12378投诉"),
    ],
)
def test_text(text: str, shown: str) -> None:
    assert redact(text, KNOWN) == shown


def test_whoever_is_not_kept_goes_too() -> None:
    assert redact("我是徐静，工号8001", KNOWN, keep=()) == "我是〔催收员〕，工号〔号码〕"


@given(
    st.lists(
        st.sampled_from(["林可心", "铃可新", "13800001234", "您好", "，", "林女士", "一三八", "还款", "云泽"]),
        max_size=12,
    )
)
def test_nothing_on_file_is_left_and_redacting_again_finds_nothing(pieces: list[str]) -> None:
    shown = redact("".join(pieces), KNOWN)
    assert not any(datum in shown for datum in ("林可心", "铃可新", "13800001234", "林女士"))
    assert not [mark for mark in marks([Line(shown)], KNOWN)[0] if mark.sure]


def test_a_number_said_over_several_turns_and_read_back() -> None:
    talk = [
        Line("我的电话是一三八零零", "debtor"),
        Line("嗯，138", "collector"),
        Line("零零一二三四", "debtor"),
        Line("13800001234对吗", "collector"),
    ]
    shown = [replaced(line.text, found) for line, found in zip(talk, marks(talk, KNOWN), strict=True)]
    assert shown[0] == "我的电话是〔电话号码〕"
    assert (shown[2], shown[3]) == ("〔电话号码〕", "〔电话号码〕对吗")


def test_the_answer_to_a_question_for_personal_data_goes_however_it_was_heard() -> None:
    talk = [
        Line("请您报一下身份证后四位", "collector"),
        Line("赢领二六", "debtor"),
        Line("好的", "collector"),
        Line("哦还有", "debtor"),
        Line("好的核对无误，您有一笔借款", "collector"),
        Line("知道", "debtor"),
    ]
    hidden = [[mark.label for mark in found] for found in marks(talk, KNOWN)]
    assert hidden == [[], [ANSWER], [], [ANSWER], [], []]


def segment(text: str, start: int = 1000, step: int = 200, speaker: Speaker = Speaker.debtor, **told) -> Segment:
    words = [[start + step * n, start + step * (n + 1), 1] for n in range(len(text))]
    row = {"text": text, "start_ms": start, "end_ms": start + step * len(text), "words": words, "confidence": 0.9}
    return Segment(transcript_id=0, position=0, speaker=speaker, **{**row, **told})


@pytest.mark.parametrize(
    ("given", "stretch"),
    [
        (segment("我叫林可心"), (1.15, 2.25)),  # from word times, a quarter of a second around
        (segment("我叫林可心", words=[]), (0.75, 2.25)),
        (segment("我叫林可心", confidence=0.2), (0.75, 2.25)),
        (segment("我叫林可心", words=[[1000, 1100, 2], [1500, 1500, 3]]), (0.75, 2.25)),
    ],
)
def test_what_cannot_be_placed_goes_with_its_whole_utterance(given: Segment, stretch: tuple[float, float]) -> None:
    (beep,) = beeps_for([given], [[Mark(2, 5, "债务人")]], "x, collector left")
    assert (round(beep.start, 2), round(beep.end, 2), beep.channel) == (*stretch, 1)
    (other,) = beeps_for([given], [[Mark(2, 5, "债务人")]], "x, collector right")
    assert other.channel == 0


def decoded(path: Path) -> tuple[np.ndarray, int]:
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
        rate, channels = container.streams.audio[0].rate, container.streams.audio[0].channels
    samples = np.concatenate([frame.reshape(-1, channels) for frame in frames])
    return samples.T.astype(np.float32) / 32768, rate


@pytest.mark.parametrize("rate", [8000, 16000, 44100])
def test_a_covered_copy_keeps_length_channels_and_rate(tmp_path: Path, write_wav, rate: int) -> None:
    loud = (0.5 * np.sin(np.arange(3 * rate + 17) / 3)).astype(np.float32)
    source = write_wav(tmp_path / "a.wav", loud, loud[::-1].copy(), rate=rate)
    beeped(source, tmp_path / "a.flac", [Beep(1.0, 2.0, 1), Beep(2.5, 9.0)])
    before, (after, there) = decoded(source)[0], decoded(tmp_path / "a.flac")
    assert (after.shape, there) == (before.shape, rate)
    clear = np.r_[0:rate, 2 * rate : int(2.5 * rate)]
    assert np.array_equal(after[:, clear], before[:, clear])
    assert not after[0, rate : 2 * rate].any(), "a telephone line carries each voice into the other channel"
    for tone in (after[1, rate : 2 * rate], after[0, -rate // 4 :]):
        heights = np.abs(np.fft.rfft(tone * np.hanning(len(tone))))
        assert round(heights.argmax() * rate / len(tone)) == pytest.approx(1000, abs=8)


def test_a_copy_for_listening(tmp_path: Path, write_wav) -> None:
    tone = (0.3 * np.sin(np.arange(2 * RATE) / 4)).astype(np.float32)
    to_mp3(write_wav(tmp_path / "a.wav", tone, tone), tmp_path / "a.mp3")
    (window,) = windows(tmp_path / "a.mp3")
    assert window.samples.shape == (2, pytest.approx(2 * RATE, abs=4000))


def heard(layout: Layout = Layout.stereo, *, not_judgeable: bool = False) -> Heard:
    told = {"engine": "e", "model": "m", "options": "collector left", "language": "zh"}
    return Heard(layout, Transcript(recording_id=1, quality={"not_judgeable": not_judgeable}, **told), [])


@pytest.mark.parametrize(
    ("given", "known", "why"),
    [
        (Heard(Layout.stereo, None, []), KNOWN, "not transcribed"),
        (heard(not_judgeable=True), KNOWN, "cannot be judged"),
        (heard(Layout.mono), KNOWN, "cannot be judged"),
        (heard(), KnownPeople(), "the debtor's name is not on file"),
    ],
)
def test_no_copy_without_knowing_what_to_hide(tmp_path: Path, given: Heard, known: KnownPeople, why: str) -> None:
    with pytest.raises(NotRedacted, match=why):
        redacted_copy(tmp_path / "a.wav", tmp_path / "b.flac", given, known, pipeline.engine)
    assert not list(tmp_path.iterdir())


def test_a_copy_in_which_the_name_is_still_heard_is_refused(
    tmp_path: Path, recordings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def still(copy: Path, known: KnownPeople, engine: Engine) -> Proof:
        tries.append(copy)
        return Proof([segment("林可心")], [[Mark(0, 3, "债务人")]])

    monkeypatch.setattr(proof, "prove", still)
    with pytest.raises(NotRedacted, match="still heard"):
        redacted_copy(recordings["call-05"], tmp_path / "b.flac", heard(), KNOWN, pipeline.engine)
    assert (len(tries), list(tmp_path.iterdir())) == (2, [])


@pytest.mark.usefixtures("home")
def test_the_clip_of_a_finding(recordings, tmp_path: Path) -> None:
    database.upgrade()
    with database.transaction() as session:
        call = take_in(session, recordings["call-02"], {})
        told = {"engine": "e", "model": "m", "options": "collector left", "language": "zh"}
        transcript = Transcript(recording_id=call.recording_id or 0, quality={"not_judgeable": False}, **told)
        pack = UsedPack(name="cn", version="1", sha256="0", canonical="")
        session.add_all([transcript, pack])
        session.flush()
        spoken = segment("林可心女士请你马上还款给我", 3000, 300, Speaker.collector)
        spoken.transcript_id = transcript.id or 0
        judged = {"model": "", "relation": "self", "day": date(2026, 10, 20), "verdict": Verdict.violation}
        run = Run(call_id=call.id, transcript_id=transcript.id, rule_pack_id=pack.id or 0, **judged)
        session.add_all([spoken, run])
        session.flush()
        where = {
            "start": 5,
            "end": 9,
            "quote": "请你马上",
            "at_ms": 4500,
            "until_ms": 5700,
            "speaker": Speaker.collector,
        }
        rated = {"severity": Severity.high, "score": 1.0, "state": State.confirmed, "explanation": {}}
        finding = Finding(run_id=run.id or 0, rule="r", kind=Kind.harassment, **where, **rated)
        session.add(finding)
        clip = redacted_clip(session, finding, KNOWN)
        assert redacted_clip(session, finding, KnownPeople()) is None
        transcript.quality = {"not_judgeable": True}
        assert redacted_clip(session, finding, KNOWN) is None
    database.engine().dispose()
    (tmp_path / "clip.mp3").write_bytes(clip or b"")
    (window,) = windows(tmp_path / "clip.mp3")
    assert window.samples.shape[1] / RATE == pytest.approx(1.0 + 1.2 + 0.8, abs=0.15)
    assert loudest(window.samples[0, 2000:8000]) == pytest.approx(1000, abs=8), "the name, said before the words found"
    assert loudest(window.samples[0, 20000:32000]) != pytest.approx(1000, abs=8)


def loudest(samples: np.ndarray) -> float:
    return float(np.abs(np.fft.rfft(samples * np.hanning(len(samples)))).argmax() * RATE / len(samples))


def test_a_real_call_no_longer_holds_the_name_that_it_held(tmp_path: Path, recordings) -> None:
    """call-02 asks for 马冬, whom the recogniser writes as 马东; what nobody transcribed is covered too."""
    source, engine = recordings["call-02"], pipeline.engine()
    known = KnownPeople((Person(Role.debtor, "马冬"),))
    first = transcribe(source, engine)
    segments = [to_segment(0, n, spoken) for n, spoken in enumerate(first.segments)]
    assert not prove(source, known, engine).holds
    told = {"engine": engine.name, "model": engine.model, "options": options_of(engine, Hints()), "language": "zh"}
    transcript = Transcript(recording_id=1, quality=first.quality.as_json(), **told)
    made = redacted_copy(
        source, tmp_path / "b.flac", Heard(first.probe.layout, transcript, segments), known, lambda: engine
    )
    again = prove(tmp_path / "b.flac", known, engine)
    assert again.holds
    assert "马" not in "".join(line.text for line in lines_of(again.segments)[:3])
    assert sum(beep.end - beep.start for beep in made.beeps) < first.probe.seconds / 4, "most of it is still there"
    assert len(again.segments) > len(segments) / 2
    gone = [one for one in segments if one.position != 4]
    assert any(
        beep.start < segments[4].end_ms / 1000 and beep.end > segments[4].start_ms / 1000
        for beep in unheard(source, gone)
    )
