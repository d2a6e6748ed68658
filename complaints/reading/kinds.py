"""What collectors are accused of: the words that tell it, and what they are quoted as having said."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from classifiers import Classifier, Turn
from classifiers.folding import Span
from classifiers.patterns import Patterns
from classifiers.taxonomy import Kind, Speaker
from classifiers.turns import LONGEST
from complaints.reading.text import Stretch, data, plain

_WORDS = re.compile(r"\{([a-z]+)\}")
_CLAUSE = re.compile("[，。！？；：\n“”「」（）]")
_LOOK_BACK = 40  # characters of a clause before the words that accuse
_QUOTED = re.compile('“([^”]{2,400})”|「([^」]{2,400})」|"([^"\n]{2,400})"')
_OWN_WORDS = re.compile(
    r"(?:我|俺|本人|客服|你们客服)(?:就|当时|都|也|只|直接|明确|跟他|对他|回复?)*(?:说|讲|问|答|回|表示)(?:了|道)?[：，]?$"
)


@dataclass(frozen=True)
class KindReading(Stretch):
    """An accusation with the words that carry it; `said` where they are quoted speech, judged as a collector's."""

    kind: Kind
    said: bool = False


def kinds(text: str, classifier: Classifier | None = None) -> list[KindReading]:
    """The accusations of a text, from left to right; with a classifier quoted speech is judged too."""
    folded = plain(text)
    told = [KindReading(start, end, text[start:end], kind) for kind, (start, end) in _told(folded)]
    said = _said(text, folded, classifier) if classifier else ()
    return sorted([*told, *said], key=lambda each: (each.start, each.end, each.kind))


@cache
def _compiled() -> tuple[Patterns, dict[str, Kind], re.Pattern[str]]:
    """The expressions, the kind of each, and what excuses them."""
    told = data("kinds")
    kind_of = {
        _WORDS.sub(lambda name: f"(?:{told['words'][name[1]]})", pattern): Kind(kind)
        for kind, entry in told["kinds"].items()
        for pattern in entry["patterns"]
    }
    return Patterns(kind_of), kind_of, re.compile("|".join(f"(?:{pattern})" for pattern in told["denied"]))


def _told(folded: str) -> Iterator[tuple[Kind, Span]]:
    patterns, kind_of, denied = _compiled()
    for pattern, spans in patterns.find(folded).items():
        for span in spans:
            before = _CLAUSE.split(folded[max(0, span.start - _LOOK_BACK) : span.start])[-1]
            if not denied.search(before):
                yield kind_of[pattern], span


def _said(text: str, folded: str, classifier: Classifier) -> Iterator[KindReading]:
    """Quoted stretches as a collector's lines; those that follow 我说 are the other side's."""
    spans = [Span(*match.span(match.lastindex or 0)) for match in _QUOTED.finditer(text)]
    theirs = [span for span in spans if not _OWN_WORDS.search(folded[max(0, span.start - 13) : span.start - 1])]
    turns = [
        Turn(id=str(n), text=text[span.start : span.end][:LONGEST], speaker=Speaker.collector)
        for n, span in enumerate(theirs)
    ]
    for span, judgement in zip(theirs, classifier.judge(turns), strict=True):
        for found in judgement.findings:
            start, end = span.start + found.start, span.start + found.end
            if not found.kind.is_signal:
                yield KindReading(start, end, text[start:end], found.kind, said=True)
