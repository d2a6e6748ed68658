"""The evidence pack of a complaint: `evidence export|verify`."""

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import col, select

from audit.cli.casework import Name, Number
from audit.cli.importing import ready
from audit.cli.output import busy, login, note
from audit.errors import EXIT_SAYS_NO
from audit.store import database
from audit.trail import AuditEvent
from classifiers.errors import BadInput, BadWorkspace


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    evidence = typer.Typer(help="Evidence packs that anybody can check offline.", no_args_is_help=True)
    evidence.command()(export)
    evidence.command()(verify)
    app.add_typer(evidence, name="evidence")


def export(
    number: Number,
    out: Annotated[Path, typer.Argument(help="the ZIP to write")],
    key: Annotated[Path | None, typer.Option(help="PEM of a private key (Ed25519 or RSA) to sign with")] = None,
    by: Name = None,
    *,
    proposed: Annotated[bool, typer.Option("--proposed", help="also what was proposed and not yet accepted")] = False,
    timestamp: Annotated[
        str | None,
        typer.Option(envvar="SHENGJIAN_TIMESTAMP_URL", help="address of a time stamping service (RFC 3161)"),
    ] = None,
) -> None:
    """Write all evidence of a complaint into one ZIP: originals, redacted copies, findings, registers, trail, and a
    program that checks it.

    Example: shengjian evidence export TS20261021-0001 pack.zip --key seal.pem --by 林一
    """
    from reports.evidence.service import export as write  # noqa: PLC0415

    ready()
    who = by if by is not None else login()
    with busy(f"packing the evidence of {number}"):
        written = write(number, out, by=who, key=key, timestamp_url=timestamp, proposed=proposed)
    for row in written.rows:
        if row.missing or row.not_redacted:
            note(f"{row.name}: {row.missing or f'没有脱敏件，{row.not_redacted}'}")
    typer.echo(f"{written.path}: {written.files} files, manifest {written.digest}")


def verify(
    file: Annotated[Path, typer.Argument(help="the ZIP, or the folder that it was unpacked to")],
    key: Annotated[Path | None, typer.Option(help="PEM of the public key that must have signed it")] = None,
) -> None:
    """Check an evidence pack, and compare it with what this workspace exported; exit code 1 when anything was changed.

    Example: shengjian evidence verify pack.zip
    """
    from reports.evidence.verify import check  # noqa: PLC0415

    if not file.exists():
        raise BadInput(f"{file}: No such file or directory", "give a pack or its folder")
    try:
        found = check(file, key.read_bytes() if key else None)
    except OSError as error:
        raise BadInput(f"{key}: {error.strerror}", "give a file that can be read") from error
    told = [problem.line(language=1) for problem in found.problems]
    told += _unlike_exported(found.digest, str(found.manifest.get("case", "")))
    for line in told:
        typer.echo(f"no: {line}", err=True)
    if told:
        raise typer.Exit(EXIT_SAYS_NO)
    signed = found.manifest["signed"] or "not signed"
    typer.echo(f"{file}: nothing was changed; {len(found.manifest['files'])} files, {signed}, manifest {found.digest}")


def _unlike_exported(digest: str, number: str) -> list[str]:
    """What is wrong where this workspace exported packs of that case, and this is none of them."""
    from reports.evidence.service import ACTION  # noqa: PLC0415

    try:
        database.check()
    except BadWorkspace:
        return []  # somebody else's machine
    with database.transaction() as session:
        subject = f"complaint:{number}"
        wanted = select(AuditEvent).where(AuditEvent.subject == subject, AuditEvent.action == ACTION)
        exported = session.exec(wanted.order_by(col(AuditEvent.seq))).all()
    if not exported:
        note("this workspace exported no pack of that case: compare the manifest's SHA-256 with who did")
        return []
    known = any(event.body["manifest"] == digest for event in exported)
    return [] if known else [f"{number}: the manifest is of none of the packs that this workspace exported"]
