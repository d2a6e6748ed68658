"""Reading a rule pack from its folder, and telling whoever wrote it the file and line of the first mistake."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from classifiers.errors import BadPack, first_mistake
from classifiers.folding import fold
from classifiers.patterns import check_pattern
from classifiers.publishing import check_published
from classifiers.rules import Cap, CueRule, LawText, Rule, RulePack

PACKS = Path(__file__).parent / "packs"

_SHARED = {"pack.yaml", "laws.yaml", "caps.yaml"}
_NAME = re.compile("[a-z_]+")
_WORDS = re.compile(r"\{([a-z_]+)\}")
T = TypeVar("T", bound=BaseModel)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_pack(source: str | Path = "cn", draft: bool = False) -> RulePack:
    """The pack of that name shipped with the product, or in that folder. Raises BadPack naming file and line.

    Unless it is taken as a `draft`, a pack that was changed since its version was published is refused.
    """
    folder = folder_of(source)
    if not (folder / "pack.yaml").is_file():
        raise BadPack(f"{source} is no rule pack", "give the name of a shipped pack or a folder with a pack.yaml")
    shared = _read(folder / "pack.yaml")
    files = sorted(path for path in folder.rglob("*.yaml") if path.name not in _SHARED)
    rules = [_load_rule(path, f"{shared.get('name')}/{path.relative_to(folder).with_suffix('')}") for path in files]
    laws = {key: _build(LawText, law, folder / "laws.yaml", key) for key, law in _read(folder / "laws.yaml").items()}
    caps = _read(folder / "caps.yaml") if (folder / "caps.yaml").is_file() else {}
    dated = {
        key: [_build(Cap, cap, folder / "caps.yaml", key, n) for n, cap in enumerate(days or ())]
        for key, days in caps.items()
    }
    pack = _build(RulePack, {**shared, "laws": laws, "caps": dated, "rules": rules}, folder / "pack.yaml")
    _check(pack, {rule.id: path for rule, path in zip(rules, files, strict=True)}, folder)
    if not draft:
        check_published(pack, folder)
    return pack


def folder_of(source: str | Path) -> Path:
    """The folder of a pack, by a shipped pack's name or as given."""
    return PACKS / source if (PACKS / source).is_dir() else Path(source)


def _load_rule(path: Path, name: str) -> Rule:
    return _build(Rule, {**_read(path), "id": name}, path)


def _read(path: Path) -> dict[str, Any]:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 - safe, and parsed in C
    except OSError as error:
        raise BadPack(f"{path}: {error.strerror}", "put the file there") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadPack(f"{path}: {' '.join(str(error).split())}", "mend the YAML") from error
    if not isinstance(data, dict):
        raise BadPack(f"{path}: not a list of fields", "see docs/rules.md")
    return data


def _build(model: type[T], data: Any, path: Path, *within: str | int) -> T:
    """What the data (found `within` those fields of the file) says, or BadPack with the line of the first mistake."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        mistake = first_mistake(error)
        line = _line(path, (*within, *mistake.place))
        raise BadPack(f"{path}:{line}: {mistake}", "see docs/rules.md") from error


def _line(path: Path, loc: Iterable[str | int]) -> int:
    """The line of the YAML file on which the named field stands, or that of the nearest field around it."""
    node = yaml.compose(path.read_text(encoding="utf-8"))
    for key in loc:
        if isinstance(node, yaml.MappingNode):
            inside = next((value for name, value in node.value if name.value == key), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            inside = node.value[key]
        else:
            inside = None
        if inside is None:
            break
        node = inside
    return int(node.start_mark.line) + 1 if node else 1


def _check(pack: RulePack, files: dict[str, Path], folder: Path) -> None:
    """What one file cannot know alone: laws and shared lists exist, patterns compile."""
    for rule in pack.rules:
        for citation in rule.laws:
            if citation.law not in pack.laws:
                raise BadPack(f"{files[rule.id]}: no law {citation.law!r}", f"add it to {folder / 'laws.yaml'}")
        for loose in _loose_ends(pack, rule):
            raise BadPack(f"{files[rule.id]}: {loose}", "see docs/rules.md")
        _check_exceptions(pack, rule, files[rule.id])
        for pattern in _patterns(pack, rule):
            if problem := _problem(pack, pattern):
                line = _line_of_text(files[rule.id], pattern)
                raise BadPack(f"{files[rule.id]}:{line}: {pattern}: {problem}", "see docs/rules.md")
        for term in [t for detector in rule.detect for t in detector.terms + detector.pinyin + detector.similar]:
            if not fold(term).text:
                raise BadPack(f"{files[rule.id]}: {term!r} is only padding", "give a term with words in it")
    for cue in pack.cues.values():
        _check_exceptions(pack, cue, folder / "pack.yaml")
    for pattern in pack.shared_patterns():
        if problem := _problem(pack, pattern):
            raise BadPack(f"{folder / 'pack.yaml'}: {pattern}: {problem}", "see docs/rules.md")


def _check_exceptions(pack: RulePack, owner: Rule | CueRule, path: Path) -> None:
    """Raises BadPack for the name of a shared exception that the pack does not have."""
    for entry in owner.unless:
        if _NAME.fullmatch(entry) and entry not in pack.exceptions:
            line = _line_of_text(path, entry)
            raise BadPack(f"{path}:{line}: {entry}: no shared exception of that name", "see docs/rules.md")


def _loose_ends(pack: RulePack, rule: Rule) -> Iterator[str]:
    """What the rule speaks of that is not in the pack."""
    rules = {other.id for other in pack.rules}
    for detector in rule.detect:
        if detector.rate and detector.rate not in pack.caps:
            yield f"no cap {detector.rate!r} in caps.yaml"
        if detector.beside and detector.beside.rule not in rules:
            yield f"no rule {detector.beside.rule!r} to be beside"


def _problem(pack: RulePack, pattern: str) -> str | None:
    """What is wrong with a pattern, or None."""
    if unknown := [name for name in _WORDS.findall(pattern) if name not in pack.words]:
        return f"no shared word list {unknown[0]!r}"
    return check_pattern(pack.expand(pattern))


def _patterns(pack: RulePack, rule: Rule) -> Iterable[str]:
    for detector in rule.detect:
        yield from (*detector.patterns, *detector.conditions())
    yield from (pattern for _, pattern in pack.exceptions_of(rule))


def _line_of_text(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if text in line), 1)
