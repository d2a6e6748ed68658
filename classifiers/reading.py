"""How a line is put before the model: what was said just before, who speaks to whom, and then the line itself."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from classifiers.folding import Span
from classifiers.taxonomy import Audience, Channel, Speaker

_WINDOW = 96  # tokens of the line at a time; longer lines are read in several goes
CONTEXT = 28  # characters of each line before, its last ones
_SPEAKERS = {
    Speaker.collector: "催收员",
    Speaker.debtor: "债务人",
    Speaker.third_party: "旁人",
    Speaker.ivr: "机器人",
}
_AUDIENCES = {
    Audience.debtor: "本人",
    Audience.unverified: "未核实的人",
    Audience.third_party: "旁人",
    Audience.public: "众人",
}


class Said(NamedTuple):
    """A folded line with its setting; `before` are the folded lines just before it, oldest first."""

    text: str
    speaker: Speaker | None = None
    audience: Audience | None = None
    channel: Channel = Channel.call
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Window:
    """A stretch of a line as token numbers. From `first` on they are the line's own, at `spans` of its text."""

    line: int
    ids: list[int]
    first: int
    spans: list[Span]


class Reader:
    """Turns lines into token numbers with the tokenizer of that file (tokenizer.json of a Hugging Face encoder)."""

    def __init__(self, file: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(file))
        ends = self._tokenizer.encode("").ids
        self._begin, self._end = ends[0], ends[-1]
        padding = (self._tokenizer.token_to_id(name) for name in ("<pad>", "[PAD]"))
        self._pad = next((number for number in padding if number is not None), 0)

    def windows(self, lines: Sequence[Said]) -> Iterator[Window]:
        """The lines as the model reads them, one window each, or several for a long one; none for an empty one."""
        contexts = self._pieces("query: " + "；".join(text[-CONTEXT:] for text in line.before) for line in lines)
        heads, texts = self._pieces(map(_head, lines)), self._pieces(line.text for line in lines)
        for n, (context, head, text) in enumerate(zip(contexts, heads, texts, strict=True)):
            lead = [self._begin, *context.ids, self._end, *head.ids]
            own = iter(zip(text.ids, text.offsets, strict=True))
            while part := list(islice(own, _WINDOW)):
                ids = [*lead, *(token for token, _ in part), self._end]
                yield Window(n, ids, len(lead), [Span(*offsets) for _, offsets in part])

    def arrays(self, batch: Sequence[Window], step: int = 1) -> dict[str, NDArray[Any]]:
        """Windows as the network takes them, padded to a multiple of `step` tokens: `ids`, which of them are `given`,
        and which are the line's `own`.
        """
        longest = -(-max(len(window.ids) for window in batch) // step) * step
        ids = np.full((len(batch), longest), self._pad, np.int64)
        own = np.zeros(ids.shape, np.float32)
        for row, window in enumerate(batch):
            ids[row, : len(window.ids)] = window.ids
            own[row, window.first : window.first + len(window.spans)] = 1
        return {"ids": ids, "given": (ids != self._pad).astype(np.int64), "own": own}

    def _pieces(self, texts: Iterable[str]) -> list[Encoding]:
        return self._tokenizer.encode_batch(list(texts), add_special_tokens=False)


def _head(line: Said) -> str:
    speaker, audience = _SPEAKERS.get(line.speaker) if line.speaker else None, line.audience
    verb = "说" if line.channel is Channel.call else "发"
    return f"{speaker or '某人'}对{_AUDIENCES[audience] if audience else '某人'}{verb}："
