"""Work on one complaint: `complaints assign|note|contact|attach|correct|accept|drop|group|escalate|satisfaction`."""

from pathlib import Path
from typing import Annotated

import typer

from audit.cli.casework import At, Name, Number, Reason, Type, acting, day
from audit.imports.mapping import load_mapping
from classifiers.taxonomy import Kind
from complaints.cases import evidence, groups, handling
from complaints.cases.attachments import attach as keep
from complaints.vocabulary import Satisfaction

Subjects = Annotated[list[str], typer.Argument(help="call:CR001, message:MS001, finding:F12, ledger:L3")]


def register(complaints: typer.Typer) -> None:
    """Adds the commands to those of complaints."""
    for command in (assign, note, contact, attach, correct, accept, drop, group, escalate, satisfaction):
        complaints.command()(command)


def assign(
    number: Number,
    handler: Annotated[str, typer.Argument(help="staff number or name")],
    by: Name = None,
    at: At = None,
) -> None:
    """Give a complaint to a handler: nobody who is complained of, and nobody of their team.

    Example: shengjian complaints assign TS20261021-0001 林一 --by 合规主管
    """
    with acting(number, by, at) as act:
        handling.assign(act.session, act.case, act.by, handler)


def note(number: Number, text: Annotated[str, typer.Argument(help="the note")], by: Name = None, at: At = None) -> None:
    """Add a note.

    Example: shengjian complaints note TS20261021-0001 "已调取录音三通"
    """
    with acting(number, by, at) as act:
        handling.note(act.session, act.case, act.by, text)


def contact(
    number: Number,
    text: Annotated[str, typer.Argument(help="what was said")],
    how: Annotated[str, typer.Option(help="by which way: phone, letter, in person …")] = "phone",
    by: Name = None,
    at: At = None,
) -> None:
    """Take down a contact with the complainant.

    Example: shengjian complaints contact TS20261021-0001 "告知已受理及办理期限" --how phone --at 2026-10-22T10:05
    """
    with acting(number, by, at) as act:
        handling.contact(act.session, act.case, act.by, how, text)


def attach(
    number: Number,
    file: Annotated[Path, typer.Argument(help="a document, picture or recording, 50 MB at most")],
    note: Annotated[str, typer.Option(help="what it is")] = "",
    *,
    by: Name = None,
    at: At = None,
) -> None:
    """Keep a file with a complaint, under its SHA-256. Programs and scripts are refused.

    Example: shengjian complaints attach TS20261021-0001 authorisation.pdf --note 授权书
    """
    with acting(number, by, at) as act:
        keep(act.session, act.case, act.by, file, note)


def correct(
    number: Number,
    account: Annotated[str | None, typer.Option(help="the account that it is about")] = None,
    type_: Type = None,
    *,
    authority: Annotated[str | None, typer.Option(help="self, agent, relative, unknown")] = None,
    collector: Annotated[list[str] | None, typer.Option(help="who is complained of: staff number or name")] = None,
    kind: Annotated[list[Kind] | None, typer.Option(help="what is alleged")] = None,
    on: Annotated[list[str] | None, typer.Option(help="the day on which it is alleged to have happened")] = None,
    business: Annotated[str | None, typer.Option(help="业务类别 (JR/T 0169-2018)")] = None,
    cause: Annotated[str | None, typer.Option(help="投诉原因 (JR/T 0169-2018)")] = None,
    business_channel: Annotated[str | None, typer.Option(help="办理渠道 (JR/T 0169-2018)")] = None,
    assignment_notice: Annotated[str | None, typer.Option(help="when the debtor was told of the agency")] = None,
    repeat_of: Annotated[str | None, typer.Option(help="the first complaint of the same matter, or none")] = None,
    by: Name = None,
    at: At = None,
) -> None:
    """Set right what was read out of the text or proposed. It is not overwritten again.

    Example: shengjian complaints correct TS20261021-0001 --account AC90001 --collector GH8001 --kind threat
    """
    mapping = load_mapping()
    told = {
        "account_no": account,
        "type": mapping.code("type", type_, "complaints"),
        "authority": mapping.code("authority", authority, "complaints"),
        "collectors": collector or None,
        "kinds": kind or None,
        "days": [day(each, "--on") for each in on or ()] or None,
        "business": business,
        "cause": cause,
        "business_channel": business_channel,
        "assignment_notice_on": day(assignment_notice, "--assignment-notice") if assignment_notice else None,
        "repeat_of": repeat_of,
    }
    with acting(number, by, at) as act:
        handling.correct(act.session, act.case, act.by, handling.corrections_of(told))


def accept(
    number: Number,
    subjects: Subjects,
    kind: Annotated[Kind | None, typer.Option(help="the allegation that it belongs to")] = None,
    why: Annotated[str, typer.Option(help="why it belongs to the complaint")] = "",
    *,
    by: Name = None,
    at: At = None,
) -> None:
    """Take evidence for good, whether it was proposed or not.

    Example: shengjian complaints accept TS20261021-0001 call:CR90001 message:MS90002 --kind threat
    """
    with acting(number, by, at) as act:
        for subject in subjects:
            evidence.accept(act.session, act.case, act.by, subject, kind=kind, why=why)


def drop(number: Number, subjects: Subjects, reason: Reason = "", by: Name = None, at: At = None) -> None:
    """Say that evidence does not belong to the complaint.

    Example: shengjian complaints drop TS20261021-0001 call:CR90003 --reason 号码并非投诉人
    """
    with acting(number, by, at) as act:
        for subject in subjects:
            evidence.drop(act.session, act.case, act.by, subject, reason)


def group(
    number: Number,
    label: Annotated[str, typer.Argument(help="the name of the joint complaint")],
    representatives: Annotated[int | None, typer.Option(help="how many speak for all")] = None,
    people: Annotated[int | None, typer.Option(help="how many came in person")] = None,
    *,
    by: Name = None,
    at: At = None,
) -> None:
    """Put a complaint among those made together.

    Example: shengjian complaints group TS20261021-0001 橙帆十月联名 --representatives 3 --people 21
    """
    with acting(number, by, at) as act:
        groups.put_in_group(act.session, act.case, act.by, label, representatives=representatives, people=people)


def escalate(
    number: Number,
    to: Annotated[str, typer.Argument(help="whom it is brought before")],
    reason: Reason = "",
    by: Name = None,
    at: At = None,
) -> None:
    """Bring a complaint before somebody higher.

    Example: shengjian complaints escalate TS20261021-0001 总行消保部 --reason 涉嫌重大消费投诉
    """
    with acting(number, by, at) as act:
        handling.escalate(act.session, act.case, act.by, to, reason)


def satisfaction(
    number: Number,
    answer: Annotated[Satisfaction, typer.Argument(help="what the complainant says of the handling")],
    by: Name = None,
    at: At = None,
) -> None:
    """Take down whether the complainant is satisfied.

    Example: shengjian complaints satisfaction TS20261021-0001 neutral
    """
    with acting(number, by, at) as act:
        handling.satisfaction(act.session, act.case, act.by, answer)
