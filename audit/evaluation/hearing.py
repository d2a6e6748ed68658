"""How right what was heard is: characters, the words that findings hang on, and the times of words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rapidfuzz.distance import Levenshtein

from audit.calls.models import Call
from audit.evaluation.calls import TrueTurn, Truth, plain
from audit.evaluation.peers import PARTIES, Heard, Piece, party_of
from audit.transcripts.again import syllables
from classifiers import Classifier, Turn
from classifiers.taxonomy import Audience

_AROUND = 2.0  # seconds before and after a turn in which its words are looked for
_FORGIVEN = 3  # syllables from which one may be wrong
_MARGIN = 0.3  # seconds before and after its words that a clip holds
_BOTH = "both"


class Recording(NamedTuple):
    """A recording and what is said in it, if that is known."""

    path: Path
    truth: Truth | None


class Term(NamedTuple):
    """Words that a finding hangs on, and the turn in which they are truly said."""

    turn: TrueTurn
    text: str


class TurnTimes(NamedTuple):
    """How far off the start and end of a turn are by our words (seconds), and whether a clip by them holds it."""

    start: float
    end: float
    overlaps: bool
    holds: bool


@dataclass
class Score:
    """Wrong characters by recording and party (wrong, of), terms found and all, turns matched and all.

    `given` are the words given to the wrong party, and all, of recordings in which the parties share a channel.
    """

    errors: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    terms: tuple[int, int] = (0, 0)
    given: tuple[int, int] = (0, 0)
    turns: int = 0
    times: list[TurnTimes] = field(default_factory=list)

    def error_rate(self, party: str | None = None) -> float | None:
        """The character error rate over all recordings, or one party's of them; None where nothing is known."""
        errors = [pair for (_, who), pair in self.errors.items() if party in {None, who}]
        return sum(wrong for wrong, _ in errors) / max(sum(of for _, of in errors), 1) if errors else None

    @property
    def worst(self) -> tuple[str, str, float] | None:
        """The channel with the most wrong characters: recording, party, error rate."""
        rates = [(name, who, wrong / max(of, 1)) for (name, who), (wrong, of) in self.errors.items()]
        return max(rates, key=lambda rate: rate[2], default=None)

    def as_json(self) -> dict[str, Any]:
        """The measures by name; those of which nothing is known are left out."""
        if not self.errors:
            return {}
        found, of = self.terms
        by_party = {who: round(self.error_rate(who) or 0.0, 4) for who in sorted({who for _, who in self.errors})}
        name, who, rate = self.worst or ("", "", 0.0)
        told: dict[str, Any] = {"cer": round(self.error_rate() or 0.0, 4), "cer_by_party": by_party}
        told["worst"] = {"recording": name, "party": who, "cer": round(rate, 4)}
        told["terms"] = {"found": found, "of": of}
        if self.given[1]:
            told["speaker_error"] = round(self.given[0] / self.given[1], 4)
        return {**told, **_times_json(self.turns, self.times)}


def score(recordings: Iterable[Recording], heard: Iterable[Heard], classifier: Classifier, words: bool) -> Score:
    """Compares what was heard with what is said. `words`: whether the pieces are single words, with times to measure.

    The classifier, judging what is truly said, tells the terms.
    """
    total = Score()
    for (path, truth), one in zip(recordings, heard, strict=True):
        if truth is None:
            continue
        for party in PARTIES if one.parted else (_BOTH,):
            total.errors[path.stem, party] = _errors(truth, one.pieces, party)
        terms = list(terms_of(truth, classifier))
        found = sum(term_found(term, one) for term in terms)
        total.terms = (total.terms[0] + found, total.terms[1] + len(terms))
        if words and not one.parted:
            wrong, of = misgiven(truth, one.pieces)
            total.given = (total.given[0] + wrong, total.given[1] + of)
        if words and one.parted:
            total.turns += len(truth.turns)
            total.times += [turn_times(turn, some) for turn, some in matched(truth, one.pieces)]
    return total


def misgiven(truth: Truth, words: Sequence[Piece]) -> tuple[int, int]:
    """How many words were given to the wrong party, and of how many: those amid the turns of one party alone."""
    wrong = of = 0
    for word in words:
        middle = (word.start + word.end) / 2
        there = {party_of(turn.speaker) for turn in truth.turns if turn.start <= middle <= turn.end}
        if len(there) == 1:
            of += 1
            wrong += word.party not in there
    return wrong, of


def terms_of(truth: Truth, classifier: Classifier) -> Iterator[Term]:
    """The words that the classifier quotes from the turns that are labelled with violations."""
    call = Call(source="truth", call_id=truth.id, relation=truth.callee_relation)
    audience = Audience.unverified if call.relation in {None, "self"} else Audience.third_party
    lines = [
        Turn(id=str(n), text=turn.text, speaker=turn.speaker, audience=audience, conversation=truth.id)
        for n, turn in enumerate(truth.turns)
    ]
    for turn, judgement in zip(truth.turns, classifier.judge(lines), strict=True):
        if any(not kind.is_signal for kind in turn.labels):
            quotes = dict.fromkeys(found.quote for found in judgement.findings if not found.kind.is_signal)
            yield from (Term(turn, quote) for quote in quotes)


def term_found(term: Term, heard: Heard) -> bool:
    """Whether that party was heard to say something that sounds like the term, about when it did."""
    party, turn = party_of(term.turn.speaker), term.turn
    near = (
        piece.text
        for piece in heard.pieces
        if (piece.party == party or not heard.parted)
        and piece.end >= turn.start - _AROUND
        and piece.start <= turn.end + _AROUND
    )
    return sounds_in(term.text, "".join(near))


def sounds_in(term: str, text: str) -> bool:
    """Whether the term's syllables stand in the text; one of three or more may be another."""
    wanted, there = syllables(term), syllables(text)
    wrong = int(len(wanted) >= _FORGIVEN)
    stretches = (there[n : n + len(wanted)] for n in range(len(there) - len(wanted) + 1))
    return bool(wanted) and any(sum(a != b for a, b in zip(wanted, some, strict=True)) <= wrong for some in stretches)


def matched(truth: Truth, words: Sequence[Piece]) -> Iterator[tuple[TrueTurn, list[Piece]]]:
    """The true turns of which at least half was heard, each with the words that align with it."""
    for party in PARTIES:
        turns = [turn for turn in truth.turns if party_of(turn.speaker) == party]
        said = [(n, character) for n, turn in enumerate(turns) for character in plain(turn.text)]
        heard = [(word, character) for word in words if word.party == party for character in plain(word.text)]
        aligned: dict[int, list[Piece]] = defaultdict(list)
        right: dict[int, int] = defaultdict(int)
        texts = ("".join(character for _, character in some) for some in (said, heard))
        for what, i, i_end, j, j_end in Levenshtein.opcodes(*texts):
            if what in {"equal", "replace"}:
                for (n, _), (word, _) in zip(said[int(i) : int(i_end)], heard[int(j) : int(j_end)], strict=True):
                    aligned[n].append(word)
                    right[n] += what == "equal"
        for n, turn in enumerate(turns):
            if right[n] and 2 * right[n] >= len(plain(turn.text)):
                yield turn, aligned[n]


def turn_times(turn: TrueTurn, words: Sequence[Piece]) -> TurnTimes:
    """How the turn's words (at least one, in order) lie to its true place."""
    start, end = words[0].start, words[-1].end
    overlaps = start < turn.end and turn.start < end
    return TurnTimes(start - turn.start, end - turn.end, overlaps, clip_holds(turn, words))


def clip_holds(turn: TrueTurn, words: Sequence[Piece]) -> bool:
    """Whether a clip cut by the words, 0.3 s wider at both ends, contains the turn."""
    return words[0].start - _MARGIN <= turn.start and turn.end <= words[-1].end + _MARGIN


def _times_json(turns: int, times: Sequence[TurnTimes]) -> dict[str, Any]:
    if not times:
        return {}
    told: dict[str, Any] = {"turns": turns, "matched": len(times)}
    for edge in ("start", "end"):
        off = np.abs([getattr(one, edge) for one in times])
        told[edge] = {"median": round(float(np.median(off)), 3), "p95": round(float(np.percentile(off, 95)), 3)}
    told["overlaps"] = round(sum(one.overlaps for one in times) / len(times), 4)
    told["clip_holds"] = round(sum(one.holds for one in times) / len(times), 4)
    return {"word_times": told}


def _errors(truth: Truth, pieces: Sequence[Piece], party: str) -> tuple[int, int]:
    """Wrong characters of a party, or of all turns in order for a recording in which the parties are not apart."""
    said = plain("".join(t.text for t in _in_order(truth.turns) if party in {_BOTH, party_of(t.speaker)}))
    heard = plain("".join(piece.text for piece in _in_order(pieces) if party in {_BOTH, piece.party}))
    return Levenshtein.distance(said, heard), len(said)


def _in_order(some: Iterable[Any]) -> list[Any]:
    return sorted(some, key=lambda one: float(one.start))
