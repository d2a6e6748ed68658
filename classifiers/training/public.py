"""Public data sets that help: written offence (COLD), and ordinary service talk that must not be accused.

COLD (Deng et al., EMNLP 2022), TeleAntiFraud and CrossWOZ, all Apache-2.0. None of it is shipped.
"""

import csv
import json
import lzma
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from classifiers.errors import BadInput
from classifiers.reading import Said
from classifiers.taxonomy import Audience, Channel, Speaker
from classifiers.training.samples import KINDS, OFFENSIVE, Sample

_SEED = 1
_VIOLATIONS = frozenset(kind for kind in KINDS if not kind.is_signal)


def offence(folder: Path, part: str = "train") -> list[Sample]:
    """COLD's comments in random order: only whether they are offensive is known of them."""
    with _open(folder / "cold" / f"{part}.csv.xz") as lines:
        rows = [(row["TEXT"], row["label"]) for row in csv.DictReader(lines)]
    random.Random(_SEED).shuffle(rows)  # noqa: S311 - not for secrets
    known = frozenset({OFFENSIVE})
    return [
        Sample(Said(text, channel=Channel.wechat), known if label == "1" else frozenset(), known)
        for text, label in rows
    ]


def service_talk(folder: Path, count: int) -> list[Sample]:
    """That many lines of ordinary service calls and chats: no violation stands in them, of signals nothing is known."""
    lines = [*_calls(folder / "teleantifraud"), *_chats(folder / "crosswoz" / "utterances_test.tsv.xz")]
    lines = [said for said in lines if said.text]  # a few lines of the set are broken
    chosen = random.Random(_SEED).sample(lines, min(count, len(lines)))  # noqa: S311
    return [Sample(said, frozenset(), _VIOLATIONS) for said in chosen]


def _calls(folder: Path) -> Iterator[Said]:
    for path in sorted(folder.glob("*normal*.jsonl.xz")):
        with _open(path) as lines:
            for line in lines:
                for text in json.loads(line)["left"]:
                    yield Said(text, Speaker.collector, Audience.debtor)


def _chats(path: Path) -> Iterator[Said]:
    with _open(path) as lines:
        for line in lines:
            _, role, text = [*line.rstrip("\n").split("\t", 2), "", ""][:3]
            yield Said(text, Speaker.collector if role == "sys" else Speaker.debtor, Audience.debtor)


def _open(path: Path) -> TextIO:
    try:
        return lzma.open(path, "rt", encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(
            f"{path}: {error.strerror}", "give the folder that holds cold/, teleantifraud/ and crosswoz/"
        ) from error
