"""A transcription as text, JSON, SRT or VTT."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from audit.transcripts.listen import LANGUAGE, Transcription
from audit.transcripts.utterances import Spoken

Named = list[tuple[Path, Transcription]]


def as_json(done: Named) -> str:
    """One object a file, in one array."""
    return json.dumps([_object(path, heard) for path, heard in done], ensure_ascii=False, indent=1)


def as_text(done: Named) -> str:
    """One line an utterance, under the file's name where there are several."""
    parts = []
    for path, heard in done:
        lines = [f"[{clock(s.start)}] {s.speaker}: {s.text}" for s in heard.segments]
        lines += [f"not judgeable: {', '.join(heard.quality.reasons)}"] if heard.quality.reasons else []
        parts.append("\n".join([f"# {path}"] * (len(done) > 1) + lines))
    return "\n\n".join(parts)


def as_srt(done: Named) -> str:
    """SubRip subtitles, files one after the other."""
    numbered = enumerate((s for _, heard in done for s in heard.segments), 1)
    return "\n".join(f"{n}\n{_span(s, ',')}\n{s.speaker}: {s.text}\n" for n, s in numbered)


def as_vtt(done: Named) -> str:
    """WebVTT subtitles with voices."""
    cues = (f"{_span(s, '.')}\n<v {s.speaker}>{_escaped(s.text)}\n" for _, heard in done for s in heard.segments)
    return "\n".join(["WEBVTT\n", *cues])


FORMATS: dict[str, Callable[[Named], str]] = {"text": as_text, "json": as_json, "srt": as_srt, "vtt": as_vtt}


def clock(seconds: float) -> str:
    """Minutes and seconds for people: 01:04.3."""
    return f"{int(seconds // 60):02d}:{seconds % 60:04.1f}"


def _object(path: Path, heard: Transcription) -> dict[str, Any]:
    return {
        "file": str(path),
        "duration": round(heard.probe.seconds, 2),
        "engine": heard.engine.name,
        "model": heard.engine.model,
        "language": LANGUAGE,
        "layout": heard.probe.layout,
        "quality": heard.quality.as_json(),
        "segments": [
            {
                "start": s.start,
                "end": s.end,
                "speaker": s.speaker,
                "text": s.text,
                "confidence": s.confidence,
                "numbers": [n._asdict() for n in s.numbers],
                "doubtful": s.doubtful,
            }
            for s in heard.segments
        ],
    }


def _span(spoken: Spoken, point: str) -> str:
    return f"{_stamp(spoken.start, point)} --> {_stamp(spoken.end, point)}"


def _stamp(seconds: float, point: str) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}{point}{ms % 1000:03d}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
