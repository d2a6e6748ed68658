"""Reading a rule pack from its folder, and telling whoever wrote it the file and line of the first mistake."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from classifiers.errors import BadPack, first_mistake
from classifiers.folding import fold
from classifiers.patterns import check_pattern
from classifiers.rules import Rule, RulePack

PACKS = Path(__file__).parent / "packs"

_NAME = re.compile("[a-z_]+")
_WORDS = re.compile(r"\{([a-z_]+)\}")
T = TypeVar("T", bound=BaseModel)


def load_pack(source: str | Path = "cn") -> RulePack:
    """The pack of that name shipped with the product, or in that folder. Raises BadPack naming file and line."""
    folder = PACKS / source if (PACKS / source).is_dir() else Path(source)
    if not (folder / "pack.yaml").is_file():
        raise BadPack(f"{source} is no rule pack", "give the name of a shipped pack or a folder with a pack.yaml")
    shared = _read(folder / "pack.yaml")
    files = sorted(path for path in folder.rglob("*.yaml") if path.name not in {"pack.yaml", "laws.yaml"})
    rules = [_load_rule(path, f"{shared.get('name')}/{path.relative_to(folder).with_suffix('')}") for path in files]
    pack = _build(RulePack, {**shared, "laws": _read(folder / "laws.yaml"), "rules": rules}, folder / "pack.yaml")
    _check(pack, {rule.id: path for rule, path in zip(rules, files, strict=True)}, folder)
    return pack


def _load_rule(path: Path, name: str) -> Rule:
    return _build(Rule, {**_read(path), "id": name}, path)


def _read(path: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadPack(f"{path}: {error.strerror}", "put the file there") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadPack(f"{path}: {' '.join(str(error).split())}", "mend the YAML") from error
    if not isinstance(data, dict):
        raise BadPack(f"{path}: not a list of fields", "see docs/rules.md")
    return data


def _build(model: type[T], data: dict[str, Any], path: Path) -> T:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        mistake = first_mistake(error)
        raise BadPack(f"{path}:{_line(path, mistake.place)}: {mistake}", "see docs/rules.md") from error


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
        for pattern in _patterns(pack, rule):
            if problem := _problem(pack, pattern):
                line = _line_of_text(files[rule.id], pattern)
                raise BadPack(f"{files[rule.id]}:{line}: {pattern}: {problem}", "see docs/rules.md")
        for term in [t for detector in rule.detect for t in detector.terms + detector.pinyin]:
            if not fold(term).text:
                raise BadPack(f"{files[rule.id]}: {term!r} is only padding", "give a term with words in it")
    for pattern in pack.shared_patterns():
        if problem := _problem(pack, pattern):
            raise BadPack(f"{folder / 'pack.yaml'}: {pattern}: {problem}", "see docs/rules.md")


def _problem(pack: RulePack, pattern: str) -> str | None:
    """What is wrong with a pattern, or None."""
    if _NAME.fullmatch(pattern):
        return "no shared exception of that name"
    if unknown := [name for name in _WORDS.findall(pattern) if name not in pack.words]:
        return f"no shared word list {unknown[0]!r}"
    return check_pattern(pack.expand(pattern))


def _patterns(pack: RulePack, rule: Rule) -> Iterable[str]:
    for detector in rule.detect:
        yield from detector.patterns + detector.anchor + detector.after
        for patterns in detector.missing.values():
            yield from patterns
    yield from pack.exceptions_of(rule)


def _line_of_text(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((n for n, line in enumerate(lines, 1) if text in line), 1)
