"""What a collector did well, as far as it was measured."""

from collections.abc import Iterator

from audit.findings.models import State
from classifiers.taxonomy import Kind
from reports.training.changes import Change, change
from reports.training.measured import Measured, Share


def strengths(own: Measured, before: Measured, others: Measured | None, enough: int) -> list[str]:
    """Each a sentence with its numbers, none where fewer than `enough` calls were judged; `others` are the rest of the
    team, None where they are too few to show.
    """
    if own.judged < enough:
        return []
    return [*_shares(own, others), *_unbroken(own, others), *_fallen(own, before)]


def _shares(own: Measured, others: Measured | None) -> Iterator[str]:
    told = (
        ("表明身份", "未发现遗漏身份告知的通话", own.identified, others.identified if others else None),
        ("通话无问题", "未发现任何违规的通话", own.clean, others.clean if others else None),
    )
    for name, what, share, theirs in told:
        if share.count and (share.count == share.base or _is_above(share, theirs)):
            yield f"{name}：{what} {share.text}{_beside(theirs)}。"


def _is_above(share: Share, theirs: Share | None) -> bool:
    return theirs is not None and share.count * theirs.base > theirs.count * share.base


def _beside(theirs: Share | None) -> str:
    return f"；同组其他人员 {theirs.count / theirs.base:.1%}" if theirs and theirs.base else ""


def _unbroken(own: Measured, others: Measured | None) -> Iterator[str]:
    """Kinds that others were confirmed to break, and of which nothing stands against the collector."""
    for kind in others.kinds if others else ():
        theirs = others.rate(kind).count if others else 0
        if theirs and not own.standing(kind):
            yield f"{kind.names.zh}：判定的 {own.judged:,} 通通话中未发现；同组其他人员已确认 {theirs:,} 处。"


def _fallen(own: Measured, before: Measured) -> Iterator[str]:
    """What was confirmed less often than in the period before, beyond chance."""
    wanted: list[Kind | None] = [None, *before.kinds]
    for kind in wanted:
        now, then = own.rate(kind), before.rate(kind)
        if change(then, now, own.rate(kind, State.open).count) is Change.fell:
            yield f"较上期下降：{kind.names.zh if kind else '全部违规'}每千通由 {then.text} 降至 {now.text}。"
