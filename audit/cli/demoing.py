"""The demo: an invented agency with its registers, recordings and messages."""

from importlib.resources import files
from pathlib import Path

import typer
from sqlmodel import select

from audit.calls.models import Call
from audit.calls.service import DEMO
from audit.calls.today import moment
from audit.cli.auditing import audit_paths, judged
from audit.cli.case_tables import case_table
from audit.cli.demo_cases import play
from audit.cli.importing import ledger_rows, ledger_table, ready
from audit.cli.judging import Language
from audit.cli.output import finish, out
from audit.cli.reporting import write_report
from audit.imports.mapping import load_mapping
from audit.imports.registers import RegisterName
from audit.imports.service import import_file
from audit.settings import settings
from audit.store import database
from classifiers.errors import BadWorkspace
from complaints.cases.listing import cases

_DOCUMENTS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("reply", "docx,pdf", {"whose": "TS20261015-0001"}),
    ("audit", "pdf,xlsx", {"period": "2026-10"}),
    ("audit", "html", {}),
)


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("demo")(demo)


def demo() -> None:
    """Audit the bundled registers, recordings, messages and complaints of an invented agency, and report on them. Works
    in a workspace that holds nothing else.

    Example: SHENGJIAN_HOME=./demo shengjian demo
    """
    bundled = Path(str(files("audit") / "demo"))
    ready()
    with database.transaction() as session:
        foreign = session.exec(select(Call).where(Call.source != DEMO)).first()
    if foreign:
        raise BadWorkspace(f"{settings().workspace} holds other calls", "set SHENGJIAN_HOME to an empty folder")
    with database.transaction() as session:
        for name in RegisterName:
            import_file(session, name, bundled / f"{name}.csv", load_mapping(), source=DEMO)
    _, refused = audit_paths([bundled / "calls"])
    refused += audit_paths([])[1]
    rows = ledger_rows()
    with database.transaction() as session:
        play(session, bundled)
        complaints = case_table(cases(session, moment(session)))
    done = judged()
    out().print("An invented agency on 2026-11-02. Its eight recordings are synthetic voices over a telephone line.")
    out().print(done.call_table())
    out().print(done.message_table(only_violations=True))
    out().print(ledger_table(rows, Language.zh))
    out().print(complaints)
    for kind, forms, about in _DOCUMENTS:
        write_report(kind, forms, settings().workspace, "demo", **about)
    finish(refused)
