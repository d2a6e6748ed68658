"""What the documentation lists is what there is."""

import re
from pathlib import Path

from audit.settings import Settings
from classifiers.taxonomy import NAMES, Kind

DOCS = Path(__file__).parents[2] / "docs"


def test_every_setting_is_listed_with_its_meaning() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    rows = {name.lower(): meaning for name, meaning in re.findall(r"\| `SHENGJIAN_(\w+)` \|.*\| (.+) \|", text)}
    assert set(rows) == set(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        assert rows[name].replace("`", "").startswith(str(field.description).replace("`", ""))


def test_every_kind_has_its_names() -> None:
    assert set(NAMES) == set(Kind)
    assert all(kind.names.zh and kind.names.en for kind in Kind)
