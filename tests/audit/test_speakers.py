"""Who speaks on a channel that all share: told apart by voice, given roles by what is said."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from audit.calls.decoding import RATE, Samples, windows
from audit.transcripts.engine import Word
from audit.transcripts.listen import make_engine, transcribe
from audit.transcripts.parties import Hints, by_channel
from audit.transcripts.speakers import embedding
from audit.transcripts.speakers.clustering import ward
from audit.transcripts.speakers.embedding import Voice, embed
from audit.transcripts.speakers.roles import CUES, decide
from audit.transcripts.speakers.turns import Diarization, cluster, parting
from audit.transcripts.speech import Stretch, find_speech
from audit.transcripts.utterances import Said
from classifiers.errors import BadInput


def channels(path: Path) -> Samples:
    return np.concatenate([window.samples for window in windows(path)], axis=1)


def voices_of(samples: Samples) -> list[Voice]:
    return embed(samples, find_speech(samples))


@pytest.mark.parametrize("name", ["call-02", "call-05", "call-08"])
def test_two_voices_on_one_channel_are_told_apart(recordings: dict[str, Path], name: str) -> None:
    left, right = channels(recordings[name])
    told = cluster(voices_of((left + right) / 2))
    assert told.parties == 2
    apart = {0: 0.0, 1: 0.0}  # the left channel's share of each voice's energy
    for voice in (0, 1):
        inside = [
            slice(int((at - 0.2) * RATE), int((at + 0.2) * RATE))
            for at, who in zip(told.at, told.labels, strict=True)
            if who == voice
        ]
        energy = [float(sum(np.square(channel[part]).sum() for part in inside)) for channel in (left, right)]
        apart[voice] = energy[0] / sum(energy)
    assert max(apart.values()) > 0.9
    assert min(apart.values()) < 0.2


def test_one_voice_is_one_speaker_and_nobody_none(recordings: dict[str, Path]) -> None:
    assert cluster(voices_of(channels(recordings["call-05"])[0])).parties == 1
    assert cluster([]) == Diarization((), (), ())
    assert Diarization((), (), ()).speaker_at(1, 2) == 0


def test_the_number_of_speakers_can_be_given(recordings: dict[str, Path]) -> None:
    voices = voices_of(channels(recordings["call-05"]).mean(axis=0))
    assert [len(cluster(voices, speakers).seconds) for speakers in (1, 2, 3)] == [1, 2, 3]


def test_a_voice_heard_in_passing_is_no_party() -> None:
    told = Diarization((0.5, 1.5, 2.5), (0, 1, 2), (60.0, 30.0, 1.2))
    assert (told.passing, told.parties) == ({2}, 2)
    assert told.changes == [(0.5, 0), (1.0, 1), (2.0, 2)]


def words(*placed: tuple[float, float, str]) -> list[Word]:
    return [Word(*each) for each in placed]


def test_words_are_parted_where_the_voice_changes_but_no_word_strays() -> None:
    told = Diarization((0.5, 1.5, 2.5, 3.5), (0, 0, 1, 1), (2.0, 2.0))
    said = words((0.2, 0.6, "喂"), (1.0, 1.4, "您好"), (2.2, 2.6, "哪位"), (3.1, 3.4, "呀"))
    assert [(who, "".join(w.text for w in run)) for who, run in parting(said, told)] == [(0, "喂您好"), (1, "哪位呀")]
    stray = Diarization((0.4, 0.9, 1.4), (0, 1, 0), (1.0, 0.5))
    said = words((0.2, 0.6, "我"), (0.7, 1.1, "今天"), (1.2, 1.6, "还"))
    assert [who for who, _ in parting(said, stray)] == [0]


def test_ward_joins_what_lies_closest() -> None:
    angles = np.array([0.0, 0.1, 1.5, 1.6, 3.0])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    labels = ward(vectors, 3)
    assert (labels[0] == labels[1], labels[2] == labels[3], len(set(labels))) == (True, True, 3)


def test_a_stretch_shorter_than_a_window_has_one_voice_of_unit_length(recordings: dict[str, Path]) -> None:
    samples = channels(recordings["call-05"])[0]
    (voice,) = embed(samples, [Stretch(RATE, RATE + RATE // 2)], offset=10.0)
    assert (voice.start, voice.end) == (11.0, 11.5)
    assert np.linalg.norm(voice.vector) == pytest.approx(1, abs=1e-3)


def test_the_shipped_weights_are_those_described() -> None:
    assert hashlib.sha256(embedding.ENCODER.read_bytes()).hexdigest() == embedding.DIGEST


@pytest.mark.parametrize(
    ("one", "other", "collector"),
    [
        (
            ["您好，我是安和消费金融的，我的工号是三零二", "您的借款已经逾期了，什么时候还"],
            ["哪位", "我没钱，能不能宽限几天"],
            0,
        ),
        (["喂，你是谁", "我失业了，慢慢还行不行"], ["你欠的钱今天必须还", "还不还"], 1),
        (["您哪位", "他不在，我是他爸"], ["请问是周先生吗，让他给我回个电话"], 1),
    ],
)
def test_roles_are_told_by_what_is_said(one: Sequence[str], other: Sequence[str], collector: int) -> None:
    roles = decide({0: one, 1: other}, first=0)
    assert (roles.collector, roles.unsure) == (collector, False)
    assert roles.reasons[0].weight != 0


def test_who_says_little_leaves_the_roles_open() -> None:
    assert decide({0: ["喂"], 1: ["喂，你好"]}).unsure


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("collector: [", "mend the YAML"), ("collector: {}", "see the head of the file"), (None, "put")],
)
def test_a_mistaken_file_of_cues_is_named(tmp_path: Path, text: str | None, complaint: str) -> None:
    cues = tmp_path / "cues.yaml"
    if text is not None:
        cues.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        decide({0: ["喂"]}, cues=cues)
    assert str(cues) in str(refused.value)
    assert complaint in f"{refused.value} {refused.value.remedy}"
    assert CUES.exists()


def said(channel: int, at: float, text: str) -> Said:
    return Said(channel, (Word(at, at + 1, text),))


@pytest.mark.parametrize(
    ("channel", "collector", "doubts"), [("auto", 1, ()), ("left", 0, ("channels_swapped",)), ("right", 1, ())]
)
def test_the_collectors_channel(channel: str, collector: int, doubts: tuple[str, ...], monkeypatch, forget) -> None:
    monkeypatch.setenv("SHENGJIAN_COLLECTOR_CHANNEL", channel)
    forget()
    talk = [
        said(1, 1, "您好，我是安和消费金融的催收员，工号三零二"),
        said(0, 3, "你们怎么有我电话，我没钱，能不能宽限几天"),
    ]
    spoken, parties = by_channel(talk, [3.0, 2.0], Hints())
    assert (parties.as_json()["collector"], parties.doubts) == (collector, doubts)
    assert [one.start for one in spoken] == [1, 3]


def test_a_mono_call_by_command(shengjian, recordings: dict[str, Path], write_wav, tmp_path: Path) -> None:
    mono = write_wav(tmp_path / "mono.wav", channels(recordings["call-02"]).mean(axis=0))
    (heard,) = shengjian("transcribe", mono, "--format", "json").json
    assert (heard["layout"], heard["quality"]["reasons"]) == ("mono", [])
    stereo = transcribe(recordings["call-02"], make_engine())
    for segment in heard["segments"]:
        same = [s for s in stereo.segments if s.start < segment["end"] and segment["start"] < s.end]
        assert segment["speaker"] in {s.speaker for s in same}
