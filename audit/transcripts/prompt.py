"""What the recogniser is told to expect: script, subject, a customer's own names. Never words that rules look for."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from audit.settings import settings
from audit.transcripts.engine import PROMPT
from classifiers import load_pack
from classifiers.errors import BadInput

_LONGEST = 120  # characters of names: Whisper takes 223 tokens before the speech


def prompt() -> str:
    """The prompt with the names of the settings' file. Raises BadInput for a file that cannot serve."""
    return PROMPT + "".join(f"{name}、" for name in _names(settings().names))


def named() -> str:
    """What the names add to a transcript's options."""
    names = _names(settings().names)
    return f", names {sha256(''.join(names).encode()).hexdigest()[:8]}" if names else ""


@lru_cache(maxsize=4)
def _names(path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    try:
        lines = path.expanduser().read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read as UTF-8 text", "give a file with one name a line") from error
    names = tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
    _check(path, "、".join(names))
    return names


def _check(path: Path, names: str) -> None:
    if len(names) > _LONGEST:
        raise BadInput(f"{path}: {len(names)} characters of names, {_LONGEST} at most", "leave the rarer ones out")
    rules = (rule for rule in load_pack(settings().pack).rules if not rule.kind.is_signal)
    wrong = next((term for rule in rules for term in rule.own_terms() if term in names), None)
    if wrong:
        raise BadInput(f"{path}: {wrong} is a word that rules look for", "names of lenders, products and staff only")
