"""The redacted sound of one finding, for training sheets and reports."""

import numpy as np
from sqlmodel import Session

from audit.calls.decoding import RATE, Samples, windows
from audit.calls.models import Call
from audit.calls.service import recording_of
from audit.findings.models import Finding, Run
from audit.store import blobs
from audit.transcripts.models import Transcript
from audit.transcripts.service import segments
from classifiers.errors import Refused
from reports.clips import LEAD, TAIL, mp3
from reports.redaction.finding import marks
from reports.redaction.people import KnownPeople, known_people
from reports.redaction.placing import beeps_for, check_judgeable, unheard
from reports.redaction.proof import lines_of
from reports.redaction.sound import Beep, cover


def clip_of(session: Session, finding: Finding) -> bytes | None:
    """As `redacted_clip`, with the people of the call's own account."""
    run = session.get_one(Run, finding.run_id)
    call = session.get(Call, run.call_id) if run.call_id else None
    return redacted_clip(session, finding, known_people(session, call.account_id)) if call else None


def redacted_clip(session: Session, finding: Finding, known: KnownPeople) -> bytes | None:
    """The finding's sound as MP3, both parties together, covered by the rules of a whole copy.

    It is not transcribed again, which would take longer than listening to it. None where there is no sound, or it
    cannot be redacted.
    """
    run = session.get_one(Run, finding.run_id)
    if run.call_id is None or finding.at_ms is None or not known.named:
        return None
    try:
        recording = recording_of(session, session.get_one(Call, run.call_id))
        transcript = session.get(Transcript, run.transcript_id or 0)
        heard = check_judgeable(recording.name, recording.layout, transcript)
        spoken = segments(session, heard.id or 0)
        with blobs.local(recording.blob) as path:
            beeps = [*beeps_for(spoken, marks(lines_of(spoken), known), heard.options), *unheard(path, spoken)]
            start, end = max(finding.at_ms / 1000 - LEAD, 0.0), (finding.until_ms or finding.at_ms) / 1000 + TAIL
            pieces = [_cut(window.samples, window.start, start, end, beeps) for window in windows(path)]
    except (Refused, OSError):
        return None
    return mp3(np.concatenate(pieces))


def _cut(samples: Samples, at: float, start: float, end: float, beeps: list[Beep]) -> Samples:
    """What of the clip lies in a window that begins at `at` seconds, covered and mixed."""
    first, last = (max(round((second - at) * RATE), 0) for second in (start, end))
    piece = samples[:, first:last].copy()
    cover(piece, at + first / RATE, RATE, beeps)
    return piece.mean(axis=0)  # type: ignore[no-any-return]
