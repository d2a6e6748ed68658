"""A redacted copy of a recording, and the proof of it: it is transcribed again, and searched for what was hidden."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from audit.calls.models import Layout
from audit.transcripts.engine import Engine
from audit.transcripts.listen import transcribe
from audit.transcripts.models import Segment, Transcript
from audit.transcripts.service import to_segment
from reports.redaction.finding import Line, Mark, marks
from reports.redaction.people import KnownPeople
from reports.redaction.placing import WIDE, NotRedacted, beeps_for, check_judgeable, unheard
from reports.redaction.sound import Beep, beeped


class Proof(NamedTuple):
    """What the recogniser still heard in a copy: utterances, and in each what should have been hidden."""

    segments: list[Segment]
    left: list[list[Mark]]

    @property
    def holds(self) -> bool:
        """Whether nothing was left."""
        return not any(self.left)


class Heard(NamedTuple):
    """What is known of a recording's sound: how the parties lie on its channels, and its transcript."""

    layout: Layout
    transcript: Transcript | None
    segments: Sequence[Segment]


class Redacted(NamedTuple):
    """A copy that was proved: the stretches covered, and how often it had to be made."""

    beeps: list[Beep]
    tries: int


def prove(copy: Path, known: KnownPeople, engine: Engine) -> Proof:
    """Transcribes a copy and searches it for what is on file (names by their sound) and for numbers, also spoken."""
    segments = [to_segment(0, n, spoken) for n, spoken in enumerate(transcribe(copy, engine).segments)]
    found = marks(lines_of(segments), known)
    return Proof(segments, [[mark for mark in held if mark.sure] for held in found])


def lines_of(segments: Sequence[Segment]) -> list[Line]:
    """The utterances as lines of a talk."""
    return [Line(segment.text, segment.speaker) for segment in segments]


def redacted_copy(
    source: Path,
    target: Path,
    heard: Heard,
    known: KnownPeople,
    engine: Callable[[], Engine],
) -> Redacted:
    """Writes the redacted copy of a recording as FLAC and proves it; what is left is covered widely and proved again.
    The recogniser is asked for only once a copy is made.

    Raises NotRedacted, and leaves no file, where nothing can be judged by the transcript, the debtor's name is not on
    file, or something is still heard.
    """
    options = check_judgeable(source.name, heard.layout, heard.transcript).options
    segments = heard.segments
    if not known.named:
        why = f"{source.name}: the debtor's name is not on file, no redacted copy"
        raise NotRedacted(why, "import the debtors", "债务人姓名未登记，无从核验")
    hidden = marks(lines_of(segments), known)
    beeps = [*beeps_for(segments, hidden, options), *unheard(source, segments)]
    beeped(source, target, beeps)
    proof = prove(target, known, engine())
    if proof.holds:
        return Redacted(beeps, 1)
    beeps += [*beeps_for(segments, hidden, options, WIDE), *_whole(proof)]
    beeped(source, target, beeps)
    if prove(target, known, engine()).holds:
        return Redacted(beeps, 2)
    target.unlink()
    why = f"{source.name}: hidden words are still heard, no redacted copy"
    raise NotRedacted(why, "listen to it and cover it by hand", "覆盖后仍能识别出应隐去的内容")


def _whole(proof: Proof) -> list[Beep]:
    """The whole utterances in which something was left, on all channels."""
    everywhere = [segment for segment, left in zip(proof.segments, proof.left, strict=True) if left]
    return [Beep(max(s.start_ms / 1000 - WIDE, 0.0), s.end_ms / 1000 + WIDE) for s in everywhere]
