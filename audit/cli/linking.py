"""From complaints to evidence: `complaints link`."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from audit.cli.importing import ready
from audit.cli.output import ResultFormat, busy, finish, out
from audit.imports.mapping import load_mapping
from audit.ledger.service import bring_up_to_date
from audit.settings import settings
from audit.store import database
from classifiers import Classifier, Using, load_pack
from classifiers.errors import BadInput
from complaints.cases.events import find
from complaints.linking import link_case, proposals_of_file
from complaints.matching.proposal import Proposal
from complaints.matching.verdicts import Evidence

_VERDICTS = {
    Evidence.supported: "[red]supported[/]",
    Evidence.contradicted: "[green]contradicted[/]",
    Evidence.no_record: "[yellow]no record[/]",
    Evidence.not_judgeable: "[yellow]not judgeable[/]",
}
_CONCLUSIONS = {True: "substantiated", "partial": "partly substantiated", False: "not substantiated"}


def register(complaints: typer.Typer) -> None:
    """Adds the command."""
    complaints.command("link")(link)


def link(
    target: Annotated[str, typer.Argument(metavar="FILE|NUMBER", help="complaints in a file, or a case on file")],
    mapping: Annotated[Path | None, typer.Option(help="YAML: other headings and codes")] = None,
    form: Annotated[ResultFormat, typer.Option("--format", help="how to print it")] = ResultFormat.table,
) -> None:
    """Propose whose a complaint is, the calls and messages it is about, and what they say of each allegation. A case's
    proposal is kept with it; of a file nothing is kept.

    Example: shengjian complaints link TS20261021-0001
    """
    ready()
    with busy("keeping the ledger"):
        bring_up_to_date()
    proposals, refused = _file(Path(target), mapping) if Path(target).exists() else (_case(target), [])
    if form is ResultFormat.json:
        typer.echo(json.dumps([proposal.as_json() for proposal in proposals], ensure_ascii=False, indent=1))
    else:
        for proposal in proposals:
            _print(proposal)
    finish([*refused])


def _file(path: Path, mapping: Path | None) -> tuple[list[Proposal], list[BadInput]]:
    with busy("linking"), database.transaction() as session:
        return proposals_of_file(session, path, load_mapping(mapping), _classifier())


def _case(number: str) -> list[Proposal]:
    with busy("linking"), database.transaction() as session:
        return [link_case(session, find(session, number), _classifier())]


def _classifier() -> Classifier:
    return Classifier.using(Using.both, load_pack(settings().pack), settings().text_model)


def _print(proposal: Proposal) -> None:
    account = proposal.account.account_no or "account not certain"
    known = proposal.account.debtor_id is not None or proposal.picks
    conclusion = f"{_CONCLUSIONS[proposal.substantiated]} by what is on file" if known else "nothing to judge it by"
    words = f"{proposal.statement.id}: {account}, {conclusion}"
    out().print(escape(words), soft_wrap=True)
    for candidate in proposal.account.candidates[:2]:
        out().print(escape(f"  {candidate.account_no}: {'；'.join(candidate.reasons)}"), soft_wrap=True)
    out().print(_contacts(proposal))
    table = Table("allegation", Column("claim", max_width=36), "verdict", Column("why", min_width=50))
    for each in proposal.allegations:
        why = "\n".join(each.judged.why)
        table.add_row(each.kind.names.zh, escape(each.claim), _VERDICTS[each.judged.verdict], escape(why))
    out().print(table)


def _contacts(proposal: Proposal) -> Table:
    """The contacts that it is about, and why they were taken for those."""
    table = Table("contact", "channel", "time", "collector", "why")
    whys = {pick.contact.subject: pick.why for pick in sorted(proposal.picks, key=lambda pick: pick.score)}
    for contact in proposal.contacts:
        who = [contact.number, contact.channel, f"{contact.at:%Y-%m-%d %H:%M}", contact.collector]
        table.add_row(*map(escape, [*who, whys[contact.subject]]))
    return table
