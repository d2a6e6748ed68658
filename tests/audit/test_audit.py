"""The main job as a user runs it: recordings in, findings out, once."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from sqlmodel import select

from audit.calls.decoding import windows
from audit.calls.models import Call, Recording
from audit.findings.models import Run
from audit.store.database import transaction

HEADER = "call_id,collector_no,account_no,callee_relation,direction,started_at,duration_s,recording\n"
ROW = "CR1,GH1,AC1,{relation},outbound,2026-10-22T11:20:00+08:00,62,{recording}\n"

COMPLIANT = {"CR0029", "CR0062", "CR0181"}
FOUND = {  # by call, what must be found in it whatever else is
    "CR0085": {"privacy_leak", "third_party_pressure"},
    "CR0099": {"threat"},
    "CR0150": {"abuse", "obstruct_complaint", "identity_omission", "complaint_intent"},
    "CR0193": {"impersonation", "false_statement", "improper_payment", "identity_omission"},
    "CR0249": {"obstruct_complaint", "identity_omission", "complaint_intent", "self_harm"},
}


def counts() -> tuple[int, int, int]:
    with transaction() as session:
        return tuple(len(session.exec(select(table)).all()) for table in (Recording, Call, Run))  # type: ignore[return-value]


def records(folder: Path, relation: str, recording: str) -> Path:
    path = folder / "calls.csv"
    path.write_text(HEADER + ROW.format(relation=relation, recording=recording), encoding="utf-8")
    return path


def test_the_demo_ends_by_saying_where_to_look(audited: Path) -> None:
    printed = (audited / "demo.out").read_text(encoding="utf-8")
    assert "synthetic voices" in printed
    assert printed.rstrip().endswith(f"report: {audited / 'audit-report.html'}")


def test_what_is_found_in_the_eight_calls(
    audited: Path, demo: Path, monkeypatch: pytest.MonkeyPatch, shengjian
) -> None:
    monkeypatch.setenv("SHENGJIAN_HOME", str(audited))
    ran = shengjian("audit", demo / "calls", "--format", "json")
    calls = {call["call_id"]: call for call in ran.json["calls"]}
    assert ran.code == 0
    assert {name for name, call in calls.items() if call["verdict"] == "clear"} == COMPLIANT
    for name, kinds in FOUND.items():
        assert calls[name]["verdict"] == "violation"
        assert kinds <= {finding["kind"] for finding in calls[name]["findings"]}
    late = [finding for finding in calls["CR0249"]["findings"] if finding["rule"] == "ledger/quiet-hours"]
    assert [(finding["kind"], finding["why"][:11]) for finding in late] == [("harassment", "10-29 22:47")]
    for finding in (finding for call in calls.values() for finding in call["findings"]):
        assert finding["quote"]
        assert finding["rule"].startswith(("cn/", "ledger/"))
        assert {law["checked"] for law in finding["laws"]} <= {"text", "press", "weak", "recalled"}


def test_a_finding_stands_where_it_is_spoken(
    audited: Path, demo: Path, monkeypatch: pytest.MonkeyPatch, shengjian
) -> None:
    monkeypatch.setenv("SHENGJIAN_HOME", str(audited))
    ran = shengjian("audit", demo / "calls" / "call-04.wav", "--format", "json")
    (call,) = ran.json["calls"]
    (visit,) = [f for f in call["findings"] if f["quote"].startswith("上门闹")]
    assert visit["at"] == pytest.approx(58.6, abs=0.7)
    assert visit["speaker"] == "collector"


def test_the_same_file_twice_is_one_recording_and_one_judgement(shengjian, recordings, tmp_path: Path) -> None:
    shutil.copy(recordings["call-05"], tmp_path / "copy.wav")
    first = shengjian("audit", recordings["call-05"], "--format", "json")
    second = shengjian("audit", tmp_path / "copy.wav", recordings["call-05"], "--format", "json")
    assert first.json == second.json
    assert counts() == (1, 1, 1)


def test_the_main_job_on_postgres(shengjian, recordings, postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENGJIAN_DATABASE_URL", postgres)
    assert "run shengjian db upgrade" in shengjian("audit", recordings["call-05"]).err
    assert shengjian("db", "upgrade").code == 0
    ran = shengjian("audit", recordings["call-05"], "--format", "json")
    assert (ran.code, ran.json["calls"][0]["verdict"]) == (0, "violation")
    assert shengjian("trail", "verify").out.startswith("the trail holds: 3 events")


def test_the_record_decides_who_hears(shengjian, recordings, tmp_path: Path) -> None:
    """A record that comes later says who was on the line, and makes a new judgement."""
    without = shengjian("audit", recordings["call-03"], "--format", "json").json["calls"][0]
    colleague = records(tmp_path, "colleague", "call-03.wav")
    told = shengjian("audit", recordings["call-03"], "--calls", colleague, "--format", "json").json["calls"][0]
    assert told["call_id"] == "CR1"
    speakers = [{f["speaker"] for f in call["findings"]} for call in (without, told)]
    assert speakers == [{"collector", "debtor"}, {"collector", "third_party"}]
    assert counts() == (1, 1, 2)


def test_bad_input_is_named_and_the_rest_is_done(shengjian, recordings, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "text.wav").write_text("不是录音")
    (inbox / "empty.wav").touch()
    (tmp_path / "bare").mkdir()
    (inbox / "notes.txt").write_text("not sound, not given by name: passed over")
    shutil.copy(recordings["call-05"], inbox)
    table = tmp_path / "calls.csv"
    table.write_text(
        HEADER + ROW.format(relation="self", recording="call-05.wav") + "CR2,,,,outbound,soon,x,\n", encoding="utf-8"
    )
    ran = shengjian("audit", tmp_path / "bare", inbox, tmp_path / "gone", "--calls", table, "--format", "json")
    assert ran.code == 2
    assert [call["call_id"] for call in ran.json["calls"]] == ["CR1"]
    assert len(ran.err.splitlines()) == 5
    for named in (
        "calls.csv:3: started_at",
        "gone",
        "bare: no recordings",
        "empty.wav: the file is empty",
        "text.wav: not a recording",
    ):
        assert named in ran.err
    assert counts() == (1, 1, 1)


def test_each_recording_has_its_own_record(shengjian, recordings, tmp_path: Path) -> None:
    """Two folders by day with files of one name, a row twice, two rows for one file: nothing is guessed."""
    for day, name in (("1", "call-05"), ("2", "call-04")):
        (tmp_path / day).mkdir()
        shutil.copy(recordings[name], tmp_path / day / "a.wav")
    rows = [
        "CR1,G,A,self,outbound,2026-10-22T11:20:00,62,2026\\\\10\\\\a.wav",
        "CR1,G,A,self,outbound,2026-10-22T11:20:00,6,b.wav",
    ]
    rows += ["CR3,G,A,self,outbound,2026-10-22T11:20:00,62,a.wav", "CR4,G,A,self,outbound,0001-01-01T00:00:00,9,"]
    rows += ["CR5,G,A,self,outbound,2026-10-22T11:20:00,62,[gone].wav"]
    (tmp_path / "calls.csv").write_text(HEADER + "\n".join(rows).replace("\\\\", "\\"), encoding="utf-8")
    ran = shengjian("audit", tmp_path / "1", tmp_path / "2", "--calls", tmp_path / "calls.csv", "--format", "json")
    assert (ran.code, [call["call_id"][:2] for call in ran.json["calls"]]) == (2, ["a", "a-"])
    for named in ("calls.csv:3: call_id: stands in line 2 already", "calls.csv:5: started_at: the year 1 cannot be"):
        assert named in ran.err
    gaps = {gap["kind"]: gap["which"] for gap in shengjian("gaps", "--format", "json").json}
    assert gaps["recording named by several calls"] == ["a.wav"]
    assert gaps["recording without call record"] == ["a.wav", "a.wav"]
    assert gaps["recording named but not received"] == ["CR1", "CR3", "CR5"]


def test_a_manifest_tells_what_names_do_not(shengjian, recordings, tmp_path: Path) -> None:
    shutil.copy(recordings["call-05"], tmp_path / "a.wav")
    records(tmp_path, "self", "")
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("recording,call_id\na.wav,CR1\n", encoding="utf-8")
    told = ("--calls", tmp_path / "calls.csv", "--manifest", manifest, "--format", "json")
    assert [call["call_id"] for call in shengjian("audit", tmp_path / "a.wav", *told).json["calls"]] == ["CR1"]
    manifest.write_text("recording,call_id\nb.wav,CR9\n", encoding="utf-8")
    shutil.copy(recordings["call-04"], tmp_path / "b.wav")
    assert "b.wav: its call record CR9 is not on file" in shengjian("audit", tmp_path / "b.wav", *told).err


def test_the_judgement_that_stands_is_that_of_the_present_record(shengjian, recordings, tmp_path: Path) -> None:
    verdicts = []
    for relation in ("self", "parent", "self"):
        path = records(tmp_path, relation, "call-08.wav")
        call = shengjian("audit", recordings["call-08"], "--calls", path, "--format", "json").json["calls"][0]
        verdicts.append([finding["speaker"] for finding in call["findings"]])
    assert verdicts[0] == verdicts[2] != verdicts[1]
    assert counts() == (1, 1, 2)


def test_a_corrected_channel_is_heard_again(shengjian, recordings, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = []
    for channel in ("left", "right", "left"):
        monkeypatch.setenv("SHENGJIAN_COLLECTOR_CHANNEL", channel)
        (call,) = shengjian("audit", recordings["call-05"], "--format", "json").json["calls"]
        kinds.append({finding["kind"] for finding in call["findings"]})
    assert kinds[0] == kinds[2]
    assert "abuse" in kinds[0] - kinds[1]


def test_brackets_in_names_are_only_brackets(shengjian, recordings, tmp_path: Path) -> None:
    shutil.copy(recordings["call-05"], tmp_path / "rec[red][b].wav")
    ran = shengjian("audit", tmp_path / "rec[red][b].wav")
    assert (ran.code, "rec[red][b].wav" in ran.out) == (0, True)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("call_id,direction\n", "no column collector_no, account_no, callee_relation, started_at, duration_s"),
        (None, "No such file"),
        ("\udcff", "calls.csv:1: not text in UTF-8, UTF-16 or GB18030"),
    ],
)
def test_call_records_that_cannot_be_used(
    shengjian, recordings, tmp_path: Path, text: str | None, complaint: str
) -> None:
    if text is not None:
        (tmp_path / "calls.csv").write_text(text, encoding="utf-8", errors="surrogateescape")
    ran = shengjian("audit", recordings["call-05"], "--calls", tmp_path / "calls.csv")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert complaint in ran.err


def test_what_cannot_be_judged_says_so(shengjian, write_wav, tmp_path: Path) -> None:
    silence = np.random.default_rng(2).normal(0, 0.001, 16000 * 5).astype(np.float32)
    write_wav(tmp_path / "silent.wav", silence, silence[::-1])
    (call,) = shengjian("audit", tmp_path / "silent.wav", "--format", "json").json["calls"]
    assert (call["verdict"], call["findings"], call["quality"]["reasons"]) == ("not_judgeable", [], ["no_speech"])


def test_mono_is_parted_by_voice_and_parted_again_without_hearing_again(
    shengjian, recordings, write_wav, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENGJIAN_BEAM_SIZE", "1")
    (window,) = windows(recordings["call-05"])
    mono = write_wav(tmp_path / "mono.wav", window.samples.mean(axis=0))
    (call,) = shengjian("audit", mono, "--format", "json").json["calls"]
    assert (call["verdict"], call["quality"]["reasons"]) == ("violation", [])
    assert "abuse" in {found["kind"] for found in call["findings"] if found["speaker"] == "collector"}
    monkeypatch.setattr("audit.transcripts.service.transcribe", None)  # whoever recognises again, fails
    (call,) = shengjian("audit", mono, "--speakers", "1", "--format", "json").json["calls"]
    assert (call["verdict"], call["quality"]["reasons"]) == ("not_judgeable", ["speakers_not_separated"])
    assert "abuse" in {suggestion["kind"] for suggestion in call["suggestions"]}
    (call,) = shengjian("audit", mono, "--speakers", "2", "--format", "json").json["calls"]
    assert (call["verdict"], call["quality"]["reasons"]) == ("violation", [])


def test_swapped_channels_are_noticed_and_put_right_by_the_record(
    shengjian, recordings, write_wav, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENGJIAN_BEAM_SIZE", "1")
    (window,) = windows(recordings["call-05"])
    swapped = write_wav(tmp_path / "swapped.wav", *window.samples[::-1])
    monkeypatch.setenv("SHENGJIAN_COLLECTOR_CHANNEL", "left")
    (call,) = shengjian("audit", swapped, "--format", "json").json["calls"]
    assert call["quality"]["reasons"] == ["channels_swapped"]
    records = "call_id,collector_no,account_no,callee_relation,direction,started_at,duration_s,recording,坐席声道\n"
    record = "K1,C1,A1,self,outbound,2026-10-20T10:00:00+08:00,45,swapped.wav,右声道\n"
    (tmp_path / "calls.csv").write_text(records + record, encoding="utf-8")
    assert shengjian("import", "calls", tmp_path / "calls.csv").code == 0
    (call,) = shengjian("audit", "--format", "json").json["calls"]
    assert (call["verdict"], call["quality"]["reasons"]) == ("violation", [])
    assert shengjian("audit", "--format", "json").json["calls"] == []
    assert call["quality"]["parties"] == {"by": "record", "confidence": 1.0, "collector": 1, "notes": []}


def test_demo_refuses_a_workspace_with_other_calls(shengjian, recordings, write_wav, tmp_path: Path) -> None:
    tone = np.sin(np.arange(16000) / 6).astype(np.float32) / 4
    shengjian("audit", write_wav(tmp_path / "mine.wav", tone, tone[::-1] * 0.5))
    ran = shengjian("demo")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "holds other calls" in ran.err
