"""Who is on the line: a small state machine over a call, so that a debt named too early is seen and can be explained.

A line to `unverified` goes to the `debtor` once the other side has said yes to the question who it is, or the collector
has said that what was told agrees; it goes to a `third_party` once the other side has said no. A no stands until a yes.
"""

from collections.abc import Iterator
from dataclasses import replace

from classifiers.context import Line
from classifiers.folding import Span
from classifiers.rules import Verification
from classifiers.taxonomy import Audience, Speaker

_ANSWER_WITHIN = 2  # lines after the question


def identified(lines: list[Line], verification: Verification) -> list[Line]:
    """The lines of one conversation with their hearers as far as the talk has told who they are."""
    return list(_identified(lines, verification))


def _identified(lines: list[Line], verification: Verification) -> Iterator[Line]:
    hearer, how, asked = Audience.unverified, "此前没有核实对方身份", None
    for n, line in enumerate(lines):
        if line.turn.speaker == Speaker.collector:
            asked = n if line.says(verification.ask) else asked
            if line.says(verification.agree):
                hearer, how = Audience.debtor, _told(n, line, verification.agree, "催收员称")
        elif line.says(verification.deny):
            hearer, how = Audience.third_party, _told(n, line, verification.deny, "对方答")
        elif asked is not None and n - asked <= _ANSWER_WITHIN and line.says(verification.confirm):
            hearer, how = Audience.debtor, _told(n, line, verification.confirm, "对方答")
        yield _heard_by(line, hearer, how)


def _heard_by(line: Line, hearer: Audience, how: str) -> Line:
    """The line with its hearer; what the other side says is still said by somebody unknown until it is the debtor."""
    answering = line.turn.speaker != Speaker.collector and hearer is not Audience.debtor
    if line.turn.audience != Audience.unverified or answering:
        return line
    turn = line.turn.model_copy(update={"audience": hearer})
    return replace(line, turn=turn, said=line.said._replace(audience=hearer), heard_by=how)


def _told(n: int, line: Line, patterns: tuple[str, ...], who: str) -> str:
    place = min(span for pattern in patterns for span in line.patterns(pattern))
    stretch: Span = line.folded.back(place.start, place.end)
    return f"第{n + 1}句{who}“{line.turn.text[stretch.start : stretch.end]}”"
