"""What only a whole conversation shows: weak cues that pile up, and findings made graver by it."""

from collections.abc import Sequence
from dataclasses import replace

from classifiers.detection import Detection, Evidence
from classifiers.fusion import rounded, together
from classifiers.taxonomy import Kind, Severity, Speaker

Judged = Sequence[tuple[Speaker | None, list[Detection], list[Detection]]]
"""Of each line its speaker, its findings and its suggestions; both lists are changed in place."""

_PRESSURE = (Kind.threat, Kind.harassment, Kind.abuse, Kind.third_party_pressure)
_LINES = 3  # so many lines must carry a cue, or the kind itself to be a repetition
_ENOUGH = 0.85
_VULNERABLE = {Kind.self_harm, Kind.hardship}


def pile_up(judged: Judged) -> None:
    """Pressure that no line shows for sure but several suggest becomes a finding, at the strongest of them."""
    for kind in _PRESSURE:
        if any(found.kind == kind for _, findings, _ in judged for found in findings):
            continue
        told = [(n, given) for n, (speaker, _, given) in enumerate(judged) if speaker != Speaker.other]
        cues = [(cue, n) for n, given in told for cue in given if cue.kind == kind]
        score = rounded(together(cue.score for cue, _ in cues))
        if len({n for _, n in cues}) >= _LINES and score >= _ENOUGH:
            strongest, n = max(cues, key=lambda cue: cue[0].score)
            quotes = " / ".join(cue.quote for cue, _ in cues)
            judged[n][2].remove(strongest)
            judged[n][1].append(_with(strongest, Evidence("accumulated", quotes, score), score=score))


def aggravate(judged: Judged) -> None:
    """One step graver: what is said to somebody that has spoken of despair or need; a kind from its third line on."""
    vulnerable, lines = "", dict.fromkeys(Kind, 0)
    for _, findings, _ in judged:
        for kind in {found.kind for found in findings}:
            lines[kind] += 1
        for n, found in enumerate(findings):
            if found.kind in _VULNERABLE:
                vulnerable = found.quote
            elif vulnerable and not found.kind.is_signal:
                findings[n] = _graver(found, Evidence("vulnerable", vulnerable, 0.0))
            elif lines[found.kind] >= _LINES and not found.kind.is_signal:
                findings[n] = _graver(found, Evidence("repeated", str(lines[found.kind]), 0.0))


def _graver(found: Detection, reason: Evidence) -> Detection:
    step = list(Severity)[max(0, found.severity.rank - 1)]
    note = f"{found.severity} → {step}"
    return found if step is found.severity else _with(found, replace(reason, note=note), severity=step)


def _with(detection: Detection, reason: Evidence, **changed: object) -> Detection:
    return replace(detection, evidence=(*detection.evidence, reason), **changed)  # type: ignore[arg-type]
