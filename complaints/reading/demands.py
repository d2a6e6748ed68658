"""What is asked for, under what head it is written, and whether a complaint is taken back."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from complaints.reading.text import Stretch, data, plain, sentence_start, without_overlaps

_UNDER_HEADING = re.compile(r"(?:诉求|要求|请求|投诉请求|请求事项)(?:如下)?：")
_REACH = 120  # characters of a sentence within which it says that it asks
_LIST = 400  # characters of a list under a heading
_WORDS = 12  # characters before a withdrawal that say who wants it


class Demand(StrEnum):
    """What a complaint asks for."""

    apology = "apology"
    stop_contact = "stop_contact"
    reduction = "reduction"
    compensation = "compensation"
    instalments = "instalments"
    written_reply = "written_reply"
    discipline = "discipline"
    credit_record = "credit_record"
    refund = "refund"
    documents = "documents"


class ComplaintType(StrEnum):
    """投诉, 举报, 信访, 咨询 or 建议."""

    complaint = "complaint"
    report = "report"
    petition = "petition"
    inquiry = "inquiry"
    suggestion = "suggestion"


@dataclass(frozen=True)
class DemandReading(Stretch):
    """Something asked for, with the words for it."""

    demand: Demand


@dataclass(frozen=True)
class TypeReading(Stretch):
    """The head under which it is written, with the word for it."""

    type: ComplaintType


def demands(text: str) -> list[DemandReading]:
    """What a text asks for, from left to right; what is told to have happened (他道歉了) is no demand."""
    folded = plain(text)
    asking = re.compile(data("demands")["asking"])
    found = (
        DemandReading(match.start(), match.end(), text[match.start() : match.end()], demand)
        for demand, pattern in _demands()
        for match in pattern.finditer(folded)
        if _is_asked(folded, match, asking)
    )
    return without_overlaps(found)


def complaint_type(text: str) -> TypeReading | None:
    """The head under which a text is written; None where no word tells it."""
    folded = plain(text)
    for name, patterns in data("demands")["types"].items():
        if match := re.search("|".join(patterns), folded):
            return TypeReading(match.start(), match.end(), text[match.start() : match.end()], ComplaintType(name))
    return None


def withdrawal(text: str) -> Stretch | None:
    """The words by which a complaint is taken back; being made to take it back (让我先撤诉) is none."""
    folded = plain(text)
    words = data("demands")
    for match in re.finditer("|".join(words["withdrawal"]), folded):
        if not re.search(words["forced"], folded[max(0, match.start() - _WORDS) : match.start()]):
            return Stretch(match.start(), match.end(), text[match.start() : match.end()])
    return None


@cache
def _demands() -> list[tuple[Demand, re.Pattern[str]]]:
    return [(Demand(name), re.compile("|".join(patterns))) for name, patterns in data("demands")["demands"].items()]


def _is_asked(folded: str, match: re.Match[str], asking: re.Pattern[str]) -> bool:
    """Whether the sentence asks before these words or in them, or a heading stands above them."""
    begin = max(sentence_start(folded, match.start()), match.start() - _REACH)
    heading = any(_UNDER_HEADING.finditer(folded, max(0, match.start() - _LIST), match.start()))
    return heading or (asking.search(folded, begin, match.end()) is not None and not _is_told(folded, begin, match))


def _is_told(folded: str, begin: int, match: re.Match[str]) -> bool:
    """他要求我赔偿: asked of the one who complains."""
    clause = re.split("[，；]", folded[begin : match.start()])[-1]
    return re.search("(?:他|她|对方|催收员?|他们)[^，]{0,4}(?:要求|让|叫|逼|说)(?:我|俺)", clause) is not None
