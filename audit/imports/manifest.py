"""A manifest: which call record each recording belongs to, where the files' names do not tell."""

from pathlib import Path, PureWindowsPath

from audit.imports.sheets import read_sheet
from classifiers.errors import BadInput

_COLUMNS = ("recording", "call_id")


def read_manifest(path: Path | None) -> dict[str, str]:
    """The call record's number by the recording's file name. Raises BadInput naming file and line."""
    if path is None:
        return {}
    sheet = read_sheet(path, _COLUMNS)
    if missing := [column for column in _COLUMNS if column not in sheet.headings]:
        raise BadInput(f"{path}: no column {', '.join(missing)}", "give a file with the columns recording and call_id")
    named: dict[str, str] = {}
    for line, row in sheet.rows:
        recording, call_id = (str(row.get(column) or "").strip() for column in _COLUMNS)
        name = PureWindowsPath(recording).name
        if not name or not call_id or name in named:
            raise BadInput(f"{path}:{line}: {name or 'no recording'}: named twice or in half", "mend the row")
        named[name] = call_id
    return named
