"""Recordings as they come: formats, layouts, damage, length."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from audit.calls import decoding
from audit.calls.decoding import RATE, Harm, probe, windows
from audit.calls.models import Layout, Recording
from audit.calls.playing import playable
from audit.calls.service import find_recordings
from audit.store import blobs
from classifiers.errors import BadInput

Write = Callable[..., Path]
TONE = np.sin(np.arange(RATE * 2) * 2 * np.pi * 440 / RATE).astype(np.float32) / 3


def encoded(source: Path, target: Path, codec: str, rate: int, layout: str) -> Path:
    """The source in another codec, as a call centre might keep it."""
    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        stream = new.add_stream(codec, rate=rate, layout=layout)
        resampler = av.AudioResampler(stream.format, layout, rate)
        for frame in old.decode(audio=0):
            for piece in resampler.resample(frame):
                new.mux(stream.encode(piece))
        new.mux(stream.encode(None))
    return target


def test_a_telephone_recording_is_what_it_is(recordings: dict[str, Path]) -> None:
    found = probe(recordings["call-04"])
    assert (found.codec, found.channels, found.layout) == ("pcm_alaw", 2, Layout.stereo)
    assert found.seconds == pytest.approx(63.65, abs=0.01)


@pytest.mark.parametrize(
    ("suffix", "codec", "rate", "layout"),
    [
        (".mp3", "libmp3lame", 16000, "stereo"),
        (".m4a", "aac", 16000, "stereo"),
        (".ogg", "libopus", 16000, "stereo"),
        (".webm", "libopus", 16000, "stereo"),
        (".wav", "pcm_mulaw", 8000, "stereo"),
        (".wav", "adpcm_ima_wav", 8000, "stereo"),
        (".amr", "libopencore_amrnb", 8000, "mono"),
    ],
)
def test_call_centre_formats_are_read(
    recordings: dict[str, Path], tmp_path: Path, suffix: str, codec: str, rate: int, layout: str
) -> None:
    found = probe(encoded(recordings["call-05"], tmp_path / f"call{suffix}", codec, rate, layout))
    assert found.seconds == pytest.approx(55.41, abs=0.3)
    assert found.layout == (Layout.mono if layout == "mono" else Layout.stereo)


@pytest.mark.parametrize(
    ("channels", "layout"),
    [
        ((TONE,), Layout.mono),
        ((TONE, TONE[::-1] * np.hanning(len(TONE)).astype(np.float32)), Layout.stereo),
        ((TONE, TONE * 0.99), Layout.fake_stereo),
        ((TONE, np.zeros_like(TONE)), Layout.one_sided),
        ((np.zeros_like(TONE), np.zeros_like(TONE)), Layout.stereo),
    ],
)
def test_the_layout_is_heard_not_believed(
    write_wav: Write, tmp_path: Path, channels: tuple[NDArray[np.float32], ...], layout: Layout
) -> None:
    assert probe(write_wav(tmp_path / "a.wav", *channels)).layout == layout


def damaged(write_wav: Write, tmp_path: Path, original: Path) -> Iterator[tuple[Path, str]]:
    whole = original.read_bytes()
    for name, content, complaint in [
        ("empty.wav", b"", "the file is empty"),
        ("text.wav", "这不是录音".encode() * 50, "not a recording that can be read"),
        ("header.wav", whole[:44], "not a recording that can be read"),
        ("nothing.wav", write_wav(tmp_path / "zero.wav", TONE[:0]).read_bytes(), "no length"),
    ]:
        (tmp_path / name).write_bytes(content)
        yield tmp_path / name, complaint


def test_damage_is_one_line_that_names_file_and_remedy(
    write_wav: Write, tmp_path: Path, recordings: dict[str, Path]
) -> None:
    for path, complaint in damaged(write_wav, tmp_path, recordings["call-01"]):
        with pytest.raises(BadInput, match=complaint) as caught:
            probe(path)
        assert str(path) in caught.value.message
        assert caught.value.remedy
        assert "\n" not in str(caught.value)


def test_a_cut_recording_is_judged_for_what_is_there(shengjian, recordings: dict[str, Path], tmp_path: Path) -> None:
    whole = recordings["call-05"].read_bytes()
    (tmp_path / "cut.wav").write_bytes(whole[: len(whole) // 2])
    (call,) = shengjian("audit", tmp_path / "cut.wav", "--format", "json").json["calls"]
    (lost,) = call["quality"]["damage"]
    assert (call["quality"]["reasons"], lost["kind"]) == (["damaged"], "cut_off")
    assert (lost["start"], lost["end"]) == pytest.approx((27.7, 55.4), abs=0.1)
    assert call["verdict"] == "violation"  # what was heard before the cut is enough


def test_what_does_not_decode_is_silence_with_its_times(tmp_path: Path, recordings: dict[str, Path]) -> None:
    path = encoded(recordings["call-05"], tmp_path / "call.mp3", "libmp3lame", 16000, "stereo")
    whole, content = probe(path), bytearray(path.read_bytes())
    begin = len(content) // 2
    content[begin : begin + 4000] = bytes(4000)
    path.write_bytes(content)
    found = probe(path)
    assert whole.damage == ()
    assert found.seconds == pytest.approx(whole.seconds, abs=2)
    assert all(lost.kind in Harm and 0 <= lost.start < lost.end for lost in found.damage)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 255)), max_size=200),
    st.sampled_from(["mp3", "ogg", "m4a", "wav"]),
)
def test_no_damage_raises_anything_else(
    tmp_path: Path, write_wav: Write, flips: list[tuple[int, int]], form: str
) -> None:
    path = tmp_path / f"tone.{form}"
    codecs = {"mp3": "libmp3lame", "ogg": "libopus", "m4a": "aac", "wav": "pcm_alaw"}
    encoded(write_wav(tmp_path / "tone-source.wav", TONE), path, codecs[form], 16000, "mono")
    content = bytearray(path.read_bytes())
    for at, value in flips:
        content[at % len(content)] = value
    path.write_bytes(content)
    with suppress(BadInput):
        found = probe(path)
        assert found.seconds > 0


def delayed(samples: NDArray[np.float32], by: int) -> NDArray[np.float32]:
    return np.concatenate([np.zeros(by, dtype=np.float32), samples[: len(samples) - by]])


@pytest.mark.parametrize(
    ("other", "layout"),
    [
        (lambda mix, _: delayed(mix, 400), Layout.fake_stereo),
        (lambda mix, _: mix * 0.35, Layout.fake_stereo),
        (lambda mix, _: -mix, Layout.fake_stereo),
        (lambda mix, noise: mix * 0.7 + noise, Layout.fake_stereo),
        (lambda mix, noise: noise / 10, Layout.one_sided),
    ],
)
def test_copies_are_known_with_delay_gain_and_noise(
    recordings, write_wav: Write, tmp_path: Path, other, layout
) -> None:
    (window,) = windows(recordings["call-05"])
    mix = window.samples.mean(axis=0)
    noise = np.random.default_rng(1).normal(0, 0.002, len(mix)).astype(np.float32)
    assert probe(write_wav(tmp_path / "two.wav", mix, other(mix, noise))).layout == layout


def test_crosstalk_does_not_make_copies(recordings: dict[str, Path], write_wav: Write, tmp_path: Path) -> None:
    (window,) = windows(recordings["call-05"])
    left, right = window.samples
    assert probe(write_wav(tmp_path / "talk.wav", left + right * 0.1, right + left * 0.1)).layout == Layout.stereo


def test_of_three_channels_the_parties_are_taken(recordings: dict[str, Path], write_wav: Write, tmp_path: Path) -> None:
    (window,) = windows(recordings["call-05"])
    path = write_wav(tmp_path / "three.wav", *window.samples, window.samples.mean(axis=0))
    found = probe(path)
    (heard,) = windows(path)
    assert (found.channels, found.layout, heard.samples.shape[0]) == (3, Layout.stereo, 2)
    assert np.abs(heard.samples - window.samples).max() < 1e-3


def test_a_cut_m4a_is_noticed_too(tmp_path: Path, recordings: dict[str, Path]) -> None:
    whole = encoded(recordings["call-05"], tmp_path / "whole.m4a", "aac", 16000, "stereo").read_bytes()
    (tmp_path / "cut.m4a").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadInput):
        probe(tmp_path / "cut.m4a")


def test_a_long_recording_passes_in_windows_cut_at_silence(
    write_wav: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "_WINDOW", 30)
    speech = np.concatenate([TONE, np.zeros(RATE, dtype=np.float32)])  # two seconds of sound, one of silence
    path = write_wav(tmp_path / "long.wav", np.tile(speech, 40), np.tile(speech, 40))
    found = list(windows(path))
    assert sum(window.samples.shape[1] for window in found) == 120 * RATE
    for before, after in pairwise(found):
        assert after.start == pytest.approx(before.start + before.samples.shape[1] / RATE)
        assert np.abs(after.samples[:, :1600]).max() < 1e-3  # begins where nobody speaks
    assert max(window.samples.shape[1] for window in found) <= 31 * RATE


def test_a_list_of_other_files_is_no_recording(tmp_path: Path, recordings: dict[str, Path]) -> None:
    (tmp_path / "list.wav").write_text(f"ffconcat version 1.0\nfile {recordings['call-05']}\n")
    with pytest.raises(BadInput):
        probe(tmp_path / "list.wav")


def test_a_colon_in_a_name_is_only_a_colon(
    tmp_path: Path, recordings: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "11:20:05.wav").symlink_to(recordings["call-05"])
    monkeypatch.chdir(tmp_path)
    assert probe(Path("11:20:05.wav")).layout == Layout.stereo


def test_a_copy_to_play_and_its_peaks_are_made_once(home: Path, recordings: dict[str, Path]) -> None:
    original = recordings["call-05"]
    told = {"name": "a.wav", "codec": "pcm_alaw", "seconds": 55.4, "channels": 2, "layout": Layout.stereo}
    recording = Recording(sha256=blobs.digest(original), blob=blobs.put(original, blobs.digest(original)), **told)
    keys = playable(recording)
    with blobs.local(keys.sound) as sound, blobs.local(keys.peaks) as drawn:
        made = sound.stat().st_mtime_ns
        assert playable(recording) == keys
        assert sound.stat().st_mtime_ns == made
        assert sound.stat().st_size < original.stat().st_size / 3
        (copy,), (whole,) = windows(sound), windows(original)
        peaks = json.loads(drawn.read_text())
    assert probe(original).codec == "pcm_alaw"
    assert copy.samples.shape[1] == pytest.approx(whole.samples.shape[1], abs=RATE / 10)
    assert (peaks["duration"], [len(each) for each in peaks["peaks"]]) == (pytest.approx(55.41, abs=0.01), [1109, 1109])
    assert max(peaks["peaks"][0]) == pytest.approx(np.abs(whole.samples[0]).max(), abs=0.001)


def test_links_that_circle_are_not_followed(tmp_path: Path, recordings: dict[str, Path]) -> None:
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "a.WAV").symlink_to(recordings["call-05"])
    assert find_recordings([tmp_path]) == ([tmp_path / "a.WAV"], [])
