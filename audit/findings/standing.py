"""What stands of judgements after review: as conditions that queries share, and as the verdict on a call or message."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, func, select, type_coerce
from sqlmodel import col

from audit.findings.models import STANDING, USUAL, Finding, Run
from audit.store.types import word
from classifiers.taxonomy import SIGNALS, Kind, Severity, Verdict


def verdict_of(kinds: Iterable[Kind], *, not_judgeable: bool = False) -> Verdict:
    """A violation if one of the kinds that stand is; signals do not change it."""
    if any(not kind.is_signal for kind in kinds):
        return Verdict.violation
    return Verdict.not_judgeable if not_judgeable else Verdict.clear


def verdict_now() -> ColumnElement[Any]:
    """The verdict of a run after review."""
    return func.coalesce(col(Run.reviewed_verdict), col(Run.verdict))


def kind_now() -> ColumnElement[Any]:
    """The kind that a finding counts as."""
    return func.coalesce(col(Finding.reviewed_kind), col(Finding.kind))


def stands() -> ColumnElement[bool]:
    """A finding that counts: neither a mere suggestion nor rejected by a person."""
    return col(Finding.state).in_(STANDING)


def violations() -> Subquery:
    """The findings against the collector that count, by run, kind and severity; signals of the other side are none."""
    usual = {kind.value: severity.value for kind, severity in USUAL.items()}
    severity = case(usual, value=col(Finding.reviewed_kind), else_=col(Finding.severity))
    told: list[Any] = [
        col(Finding.run_id).label("run"),
        kind_now().label("kind"),
        type_coerce(severity, word(Severity)).label("severity"),
    ]
    return select(*told).where(stands(), kind_now().not_in(SIGNALS)).subquery()
