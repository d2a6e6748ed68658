"""Time limits and the end of a complaint: `complaints extend|pause|resume|due|decide|withdraw|reopen|appeal`."""

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from audit.cli.casework import At, Clock, Name, Number, Reason, acting, day
from classifiers.errors import BadInput
from complaints.cases import deciding, timing
from complaints.cases.deciding import Decision
from complaints.due import parse_due
from complaints.vocabulary import Redress, Remedy, Substantiated


def register(complaints: typer.Typer) -> None:
    """Adds the commands to those of complaints."""
    for command in (extend, pause, resume, due, decide, withdraw, reopen, appeal):
        complaints.command()(command)


def extend(
    number: Number,
    approver: Annotated[str, typer.Option(help="who approved it")] = "",
    notice_on: Annotated[str, typer.Option(help="the day on which the complainant was told")] = "",
    reason: Reason = "",
    *,
    clock: Clock = None,
    by: Name = None,
    at: At = None,
) -> None:
    """Let a clock run on, as far as its rule allows: approved, and the complainant told before the due day.

    Example: shengjian complaints extend TS20261021-0001 --approver 周主管 --notice-on 2026-11-02 --reason 案情复杂
    """
    with acting(number, by, at) as act:
        told = day(notice_on, "--notice-on")
        timing.lengthen(act.session, act.case, act.by, approver=approver, notice_on=told, reason=reason, rule=clock)


def pause(
    number: Number,
    reason: Reason = "",
    told_on: Annotated[str | None, typer.Option(help="the day on which the complainant was told; today")] = None,
    on: Annotated[str | None, typer.Option(help="the last day that counts; today")] = None,
    *,
    clock: Clock = None,
    by: Name = None,
    at: At = None,
) -> None:
    """Stop a clock, for a reason that its rule names (docs/clocks.md).

    Example: shengjian complaints pause TS20261021-0001 --reason external-appraisal --told-on 2026-10-26
    """
    with acting(number, by, at) as act:
        start = day(on, "--on") if on else act.today
        told = day(told_on, "--told-on") if told_on else start
        timing.stop(act.session, act.case, act.by, reason=reason, told_on=told, start=start, rule=clock)


def resume(
    number: Number,
    on: Annotated[str | None, typer.Option(help="the last day that does not count; today")] = None,
    clock: Clock = None,
    *,
    by: Name = None,
    at: At = None,
) -> None:
    """Let a stopped clock run again.

    Example: shengjian complaints resume TS20261021-0001 --on 2026-11-05
    """
    with acting(number, by, at) as act:
        timing.go_on(act.session, act.case, act.by, on=day(on, "--on") if on else act.today, rule=clock)


def due(
    number: Number,
    date: Annotated[str, typer.Argument(help="2026-11-05, 5d (calendar days), 5w (working days), or none")],
    by: Name = None,
    at: At = None,
) -> None:
    """Put down the regulator's own due date, or take it away. The earlier of it and the statutory one binds.

    Example: shengjian complaints due TS20261021-0001 5w
    """
    with acting(number, by, at) as act:
        timing.set_due(act.session, act.case, act.by, parse_due(date))


def decide(
    number: Number,
    substantiated: Annotated[Substantiated, typer.Argument(help="what was found of it")],
    reason: Reason = "",
    redress: Annotated[list[Redress] | None, typer.Option(help="where the complainant may turn, as told")] = None,
    *,
    remedy: Annotated[list[Remedy] | None, typer.Option(help="what is done")] = None,
    compensation: Annotated[str | None, typer.Option(help="yuan")] = None,
    by: Name = None,
    at: At = None,
) -> None:
    """Decide a complaint, or the re-check of one, and close it.

    Example: shengjian complaints decide TS20261021-0001 true --reason 录音证实 --remedy apology --redress recheck
    """
    with acting(number, by, at) as act:
        decision = Decision(substantiated, reason, redress or (), remedy or (), _yuan(compensation))
        deciding.decide(act.session, act.case, act.by, decision)


def withdraw(number: Number, reason: Reason = "", by: Name = None, at: At = None) -> None:
    """Close a complaint that the complainant takes back.

    Example: shengjian complaints withdraw TS20261021-0001 --reason 来电申请撤诉
    """
    with acting(number, by, at) as act:
        deciding.withdraw(act.session, act.case, act.by, reason)


def reopen(number: Number, reason: Reason = "", by: Name = None, at: At = None) -> None:
    """Begin a closed complaint again; its clocks start anew.

    Example: shengjian complaints reopen TS20261021-0001 --reason 发现新录音
    """
    with acting(number, by, at) as act:
        deciding.reopen(act.session, act.case, act.by, reason)


def appeal(number: Number, reason: Reason = "", by: Name = None, at: At = None) -> None:
    """Take down that the complainant asks for a re-check (核查) of the decision.

    Example: shengjian complaints appeal TS20261021-0001 --reason 对赔偿金额不服
    """
    with acting(number, by, at) as act:
        deciding.appeal(act.session, act.case, act.by, reason)


def _yuan(text: str | None) -> Decimal | None:
    try:
        amount = Decimal(text) if text else None
    except InvalidOperation as error:
        raise BadInput(f"--compensation {text} is no sum", "give yuan, like 200 or 99.50") from error
    if amount is not None and not amount.is_finite():
        raise BadInput(f"--compensation {text} is no sum", "give yuan, like 200 or 99.50")
    return amount
