"""The speech benchmark: recordings heard by us and by others, and made worse."""

from pathlib import Path

import numpy as np
import pytest

from audit.calls.decoding import RATE, probe, windows
from audit.calls.models import Layout
from audit.evaluation import whisperx
from audit.evaluation.calls import TrueTurn, Truth
from audit.evaluation.hearing import Term, clip_holds, matched, misgiven, sounds_in, term_found
from audit.evaluation.peers import Heard, Piece
from audit.evaluation.variants import Variant, speech_levels, vary

SAID = [("collector", 0.3, 2.6, "喂您好请问是钱海生先生吗"), ("debtor", 3.0, 4.0, "是我")]


def truth(*turns: tuple[str, float, float, str]) -> Truth:
    told = [{"speaker": who, "start": start, "end": end, "text": text, "labels": []} for who, start, end, text in turns]
    about = {"id": "T1", "callee_relation": "self", "direction": "outbound", "call_labels": []}
    return Truth.model_validate({**about, "turns": told})


@pytest.fixture
def calls(recordings: dict[str, Path], write_wav, tmp_path: Path) -> Path:
    """A folder with the first seconds of a call, and some of what is said in it."""
    (window,) = windows(recordings["call-02"])
    write_wav(tmp_path / "calls.wav", *window.samples[:, : RATE * 8])
    folder = tmp_path / "calls"
    folder.mkdir()
    (tmp_path / "calls.wav").rename(folder / "one.wav")
    (folder / "one.truth.json").write_text(truth(*SAID).model_dump_json(), encoding="utf-8")
    return folder


def test_we_and_a_peer_are_timed_on_the_same_calls(shengjian, calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = whisperx.Environment(Path("python"), "no such package")
    monkeypatch.setattr(whisperx, "_tried", lambda command: failed.failed)
    ran = shengjian("bench", "speech", calls, "--no-peers", "--whisperx", "--format", "json")
    theirs, ours = ran.json["ways"]
    assert (theirs["way"], theirs["failed"]) == ("WhisperX, int8", "no such package")
    assert (ran.code, ours["way"], ran.json["audio_seconds"]) == (0, "shengjian", 8.0)
    assert ours["hours_an_hour"] > 0
    assert set(ours["cer_by_party"]) == {"collector", "other"}


def test_a_folder_without_recordings_is_named(shengjian, tmp_path: Path) -> None:
    ran = shengjian("bench", "speech", tmp_path)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "no *.wav in it" in ran.err


@pytest.mark.parametrize("variant", list(Variant))
def test_worse_recordings_of_the_same_call(calls: Path, tmp_path: Path, variant: Variant) -> None:
    original = calls / "one.wav"
    worse = vary(original, variant, tmp_path)
    found = probe(worse)
    assert found.seconds == pytest.approx(8, abs=0.3)
    assert (found.layout is Layout.mono) == (variant is Variant.mono)
    if variant is Variant.faint:
        loss = speech_levels(worse)[:, 0] / speech_levels(original)[:, 0]
        assert 20 * np.log10(loss[0]) == pytest.approx(0, abs=1)
        assert loss[1] < 0.1


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("去你单位找你", "我明天去泥单位找你啊", True),
        ("骚扰", "你们扫扰我", True),
        ("骚扰", "你们找我", False),
        ("打断你的腿", "打断泥的对", True),  # one syllable of five may be another
        ("投诉", "头发", False),
    ],
)
def test_a_term_is_found_by_its_sound(term: str, text: str, found: bool) -> None:
    assert sounds_in(term, text) is found


def test_a_term_counts_where_its_party_says_it() -> None:
    turn = TrueTurn(speaker="collector", start=10, end=12, text="你这个老赖", labels=[])
    said = [Piece("collector", 10.2, 11.0, "老赖"), Piece("other", 30, 31, "老赖")]
    assert term_found(Term(turn, "老赖"), Heard(60, 1, True, said))
    assert not term_found(Term(turn, "老赖"), Heard(60, 1, True, said[1:]))


def test_words_are_matched_with_turns_and_their_times() -> None:
    told = truth(*SAID)
    words = [
        Piece("collector", 0.4, 1.0, "喂，您好"),
        Piece("collector", 1.0, 2.5, "请问是前海生先生吗"),
        Piece("other", 9, 9.5, "好"),
    ]
    ((turn, some),) = matched(told, words)
    assert (turn.text, next(word.text for word in some)) == (SAID[0][3], "喂，您好")
    assert clip_holds(turn, some)
    assert not clip_holds(turn, some[:1])
    assert misgiven(told, words) == (0, 2)
    assert misgiven(told, [Piece("other", 1, 2, "您好"), Piece("other", 3.2, 3.6, "是我")]) == (1, 2)


def test_recordings_without_truth_cannot_be_made_worse(shengjian, calls: Path) -> None:
    (calls / "one.truth.json").unlink()
    ran = shengjian("bench", "speech", calls, "--variants")
    assert (ran.code, "no recording here has its NAME.truth.json" in ran.err) == (2, True)
