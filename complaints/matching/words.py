"""The words by which a complaint tells of contacts; the tables are in `incidents.yaml`."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_WRITTEN = "written"
_MESSAGES = frozenset({"sms", "wechat", "email", "letter"})


def channels(words: str) -> frozenset[str]:
    """The ways of contact told; that something was written says the least and counts where nothing else is told."""
    told = {channel for channel, pattern in _channel_words().items() if pattern.search(words)}
    if _WRITTEN in told:
        told.discard(_WRITTEN)
        told |= set() if told & _MESSAGES else _MESSAGES
    return frozenset(told)


def without_left(words: str) -> str:
    """The words without those that look like a contact and are none (投诉电话)."""
    return _leave().sub(lambda match: "　" * len(match.group()), words)


def tells(what: str, words: str) -> bool:
    """Whether the words tell that: `many`, `unanswered`, `inbound`, `to_me`, `again`."""
    return any(re.search(word, words) for word in _data()[what])


def pattern(what: str) -> re.Pattern[str]:
    """The expression of that name: `deadline`, `afterwards`."""
    return re.compile(_data()[what])


@cache
def _data() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("incidents.yaml").read_text(encoding="utf-8"))
    return told


@cache
def _channel_words() -> dict[str, re.Pattern[str]]:
    return {channel: re.compile("|".join(words)) for channel, words in _data()["channels"].items()}


@cache
def _leave() -> re.Pattern[str]:
    return re.compile("|".join(_data()["leave"]))
