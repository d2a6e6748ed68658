"""What the recogniser is given to hear, and what of its text is kept."""

from pathlib import Path

import numpy as np
import pytest

from audit import pipeline
from audit.calls.decoding import RATE, Samples, windows
from audit.transcripts import listen, prompt
from audit.transcripts.again import stands_in
from audit.transcripts.denoising import cleaned
from audit.transcripts.engine import PROMPT, Word
from audit.transcripts.inventions import is_broken, is_invented, without_circles
from audit.transcripts.quality import Loudness, Quality
from audit.transcripts.sounds import Tone, is_announcement, tone_of, without_tones
from audit.transcripts.speech import find_speech


@pytest.fixture
def collector(recordings: dict[str, Path]) -> Samples:
    (window,) = windows(recordings["call-05"])
    return window.samples[0]


def test_steady_noise_is_taken_out_and_a_faint_voice_made_loud(collector: Samples) -> None:
    speech = find_speech(collector)
    spoken = np.concatenate([np.arange(start, end) for start, end in speech])
    level = np.sqrt(np.square(collector[spoken]).mean())
    noise = np.random.default_rng(3).normal(0, level / 3, len(collector)).astype(np.float32)
    apart = [
        np.corrcoef(heard[spoken], collector[spoken])[0, 1]
        for heard in (collector + noise, cleaned(collector + noise, speech))
    ]
    assert apart[1] > apart[0] + 0.01
    for loudness in (0.01, 1.0):
        heard = cleaned(collector * np.float32(loudness), speech)
        assert np.sqrt(np.square(heard[spoken]).mean()) == pytest.approx(0.05, rel=0.01)
        assert not heard[: speech[0].start].any()


def test_nobody_speaks_in_what_is_too_faint_to_hear(collector: Samples) -> None:
    assert find_speech(collector)
    assert find_speech(collector * np.float32(1e-4)) == []
    assert not cleaned(collector, []).any()


def words(*texts: str) -> list[Word]:
    return [Word(n, n + 1, text) for n, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (["好", "好", "好", "好", "好"], "好好好好好"),  # five are said, more are not
        (["我", "说", *["谢谢"] * 9], "我说谢谢"),
        (["您", *["好的，"] * 20, "再见"], "您好的，再见"),
        (["铁"] * 30, "铁"),
        (["什么", "时候", "还", "什么", "时候", "还"], "什么时候还什么时候还"),
    ],
)
def test_circles_are_cut_to_their_first_round(said: list[str], kept: str) -> None:
    assert "".join(word.text for word in without_circles(words(*said))) == kept


@pytest.mark.parametrize(
    ("said", "seconds", "broken"),
    [("铁" * 12, 5, True), ("您好，我是", 20, True), ("您好，我是", 2, False), ("喂", 5, False)],
)
def test_a_text_that_cannot_be_all_is_broken(said: str, seconds: float, broken: bool) -> None:
    assert is_broken(words(*said), seconds) is broken


@pytest.mark.parametrize(
    ("text", "invented"),
    [
        ("请不吝点赞、订阅、转发", True),
        ("字幕由Amara.org社区提供", True),
        (PROMPT[:14], True),
        ("请使用简体中文。", True),
        ("还款", False),  # two characters are said often enough
        ("您的信用卡逾期了", False),
        ("谢谢您，再见", False),
    ],
)
def test_what_recognisers_invent(text: str, invented: bool) -> None:
    assert is_invented(text) is invented


@pytest.mark.parametrize(
    ("quote", "heard", "stands"),
    [
        ("打断你的腿", "你再不还我就打断泥的对", True),
        ("打断你的腿", "您看什么时候方便还款", False),
        ("老赖", "你这个老来", True),
        ("老赖", "", False),
    ],
)
def test_words_stand_in_what_is_heard_again_if_they_sound_so(quote: str, heard: str, stands: bool) -> None:
    assert stands_in(quote, heard) is stands


def test_grave_words_that_vanish_when_heard_again_must_be_listened_to(
    shengjian, recordings: dict[str, Path], write_wav, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENGJIAN_BEAM_SIZE", "1")

    def audited(name: str) -> list[bool]:
        (window,) = windows(recordings["call-05"])
        copy = write_wav(tmp_path / f"{name}.wav", *window.samples[:, : RATE * 25])
        monkeypatch.setenv("SHENGJIAN_HOME", str(tmp_path / name))
        (call,) = shengjian("audit", copy, "--format", "json").json["calls"]
        return [
            f["must_listen"] for f in call["findings"] if f["severity"] in {"critical", "high"} and "must_listen" in f
        ]

    real = audited("real")
    assert real.count(False) > len(real) / 2
    monkeypatch.setattr(pipeline, "hear_again", lambda path, places, engine: ["嗯"] * len(places))
    assert audited("deaf") == [True] * len(real)


class Stumbling:
    """An engine that goes in circles over what was cleaned, and hears well what was not."""

    name, model, options = "stumbling", "none", ""

    def __init__(self) -> None:
        self.heard = 0

    def hear(self, clips):
        self.heard += len(clips)
        for clip in clips:
            level = np.sqrt(np.square(clip).mean())
            yield tuple(words(*(["铁"] * 30 if level > 0.02 else "您好我是安和消费金融的这里有一笔欠款要和您核对一下")))


def test_a_clip_that_came_out_broken_is_heard_again(collector: Samples, write_wav, tmp_path: Path) -> None:
    faint = collector[: RATE * 6] * np.float32(0.05)
    engine = Stumbling()
    heard = listen.transcribe(write_wav(tmp_path / "faint.wav", faint, faint * 0), engine)
    assert (engine.heard, heard.segments[0].text[:4]) == (2, "您好我是")


def test_words_that_are_doubtful_are_marked(shengjian, recordings: dict[str, Path]) -> None:
    (heard,) = shengjian("transcribe", recordings["call-01"], "--format", "json").json
    doubtful = [s["text"][start:end] for s in heard["segments"] for start, end in s["doubtful"]]
    assert 0 < len("".join(doubtful)) < sum(len(s["text"]) for s in heard["segments"]) / 3


def tone(*hertz: float, seconds: float = 1.0, noise: float = 0.002) -> Samples:
    at = np.arange(int(RATE * seconds)) / RATE
    rustle = np.random.default_rng(4).normal(0, noise, len(at))
    return (sum(np.sin(2 * np.pi * each * at) for each in hertz) / 5 + rustle).astype(np.float32)


@pytest.mark.parametrize(
    ("samples", "kind"),
    [
        (tone(450), Tone.ringing),
        (tone(450, seconds=0.35), Tone.ringing),
        (tone(697, 1209, seconds=0.2), Tone.key),
        (tone(941, 1477), Tone.key),
        (tone(1000), Tone.beep),
        (tone(1000, seconds=0.01), None),
        (np.random.default_rng(5).normal(0, 0.1, RATE).astype(np.float32), None),
    ],
)
def test_tones_of_the_line(samples: Samples, kind: Tone | None) -> None:
    assert tone_of(samples) is kind


def test_no_speech_is_taken_for_a_tone(recordings: dict[str, Path]) -> None:
    for path in recordings.values():
        for window in windows(path):
            for samples in window.samples:
                speech = find_speech(samples)
                assert without_tones(samples, speech) == speech


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("您拨打的电话暂时无人接听，请稍后再拨", True),
        ("您好您播打的电话正在通话中", True),  # by sound
        ("请您稍后再打给我", False),
        ("您的欠款今天能处理吗", False),
    ],
)
def test_announcements_are_the_lines_own(text: str, is_one: bool) -> None:
    assert is_announcement(text) is is_one


def test_a_customers_names_are_expected_but_no_word_of_the_rules(
    shengjian, recordings: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = tmp_path / "names.txt"
    monkeypatch.setenv("SHENGJIAN_NAMES", str(names))
    for text, complaint in (("老赖\n", "is a word that rules look for"), ("某某银行" * 40, "120 at most")):
        names.write_text(text, encoding="utf-8")
        prompt._names.cache_clear()
        ran = shengjian("transcribe", recordings["call-05"])
        assert (ran.code, len(ran.err.splitlines()), complaint in ran.err) == (2, 1, True)
    names.write_text("# 委托方\n安和消费金融\n", encoding="utf-8")
    prompt._names.cache_clear()
    assert prompt.prompt() == f"{PROMPT}安和消费金融、"
    assert prompt.named().startswith(", names ")
    prompt._names.cache_clear()


@pytest.mark.parametrize(
    ("figures", "confidence", "reason"),
    [
        ({"snr_db": 20.0, "clipping": 0.0}, 0.8, None),
        ({"snr_db": -3.0, "clipping": 0.0}, 0.8, "too_noisy"),
        ({"snr_db": 20.0, "clipping": 0.7}, 0.8, "clipped"),
        ({"snr_db": 20.0, "clipping": 0.0}, 0.3, "low_confidence"),
    ],
)
def test_figures_beyond_a_limit_are_reasons(figures: dict[str, float], confidence: float, reason: str | None) -> None:
    quality = Quality({"collector": 20.0}, confidence, {}, {"collector": figures})
    quality.judge_by(heard=True)
    assert quality.reasons == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("gain", "noise", "snr", "clips"), [(1, 0.1, 20, False), (1, 1.0, 0, False), (30, 0.0, 40, True)]
)
def test_loudness_is_measured(collector: Samples, gain: float, noise: float, snr: float, clips: bool) -> None:
    speech = find_speech(collector)
    level = np.sqrt(np.mean([np.square(collector[s.start : s.end]).mean() for s in speech]))
    rustle = np.random.default_rng(6).normal(0, level * noise, len(collector)).astype(np.float32)
    loudness = Loudness()
    loudness.add(np.clip((collector + rustle) * np.float32(gain), -1, 1), speech)
    figures = loudness.as_json()
    assert (figures["clipping"] > 0.2) is clips
    assert clips or figures["snr_db"] == pytest.approx(snr, abs=5)
