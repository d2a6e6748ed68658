"""Complaints out of a file: CSV, XLSX or JSON Lines, as a whole or not at all."""

from pathlib import Path
from typing import cast

from sqlmodel import Session

from audit import trail
from audit.imports.mapping import Mapping
from audit.imports.reading import RowReader, Shape
from audit.imports.service import Imported
from audit.store import blobs
from classifiers.errors import BadInput
from complaints.given import Given, GivenRow
from complaints.intake import channel_code, known, receive, refuse_new_text
from complaints.models import Complaint

NAME = "complaints"
SHAPE = Shape(GivenRow, ("channel", "id"), drop_nested=True)


def import_complaints(session: Session, path: Path, mapping: Mapping, *, partly: bool = False) -> Imported:
    """Puts the complaints of a file into the workspace; known ones are brought up to date. With a refused row nothing
    of the file is put in, unless `partly` is wished for. Raises BadInput when the file as a whole cannot be used.
    """
    reader = RowReader(NAME, path, mapping, SHAPE)
    rows = [(line, _with_reference(cast(GivenRow, row))) for line, row in reader.numbered()]
    held = []
    for line, given in rows:
        case = known(session, channel_code(given.channel, mapping), given.external_ref)
        if case and (why := _against_file(case, given)):
            reader.refuse(line, f"text: {why}")
        else:
            held.append((given, case is None))
    if reader.refused and not partly:
        return Imported(NAME, refused=reader.refused)
    for given, _ in held:
        receive(session, given, mapping)
    new = sum(fresh for _, fresh in held)
    body = {"sha256": blobs.digest(path), "rows": len(held), "new": new, "refused": len(reader.refused)}
    trail.append(session, "system", "register.imported", NAME, body)
    return Imported(NAME, len(held), new, refused=reader.refused)


def _with_reference(row: GivenRow) -> Given:
    return row if row.external_ref else row.model_copy(update={"external_ref": row.id})


def _against_file(case: Complaint, given: Given) -> str:
    """Why the row does not fit the case on file; empty where it does."""
    try:
        refuse_new_text(case, given.text)
    except BadInput as error:
        return error.message
    return ""
