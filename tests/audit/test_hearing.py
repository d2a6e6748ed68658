"""What the recogniser is given to hear, and what of its text is kept."""

from pathlib import Path

import numpy as np
import pytest

from audit import pipeline
from audit.calls.decoding import RATE, Samples, windows
from audit.transcripts import listen
from audit.transcripts.again import stands_in
from audit.transcripts.denoising import cleaned
from audit.transcripts.engine import PROMPT, Word
from audit.transcripts.inventions import is_broken, is_invented, without_circles
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
    shengjian, recordings: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def audited(name: str) -> list[bool]:
        copy = tmp_path / f"{name}.wav"
        copy.write_bytes(recordings["call-05"].read_bytes())
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
