"""Whether a rate changed: said by intervals alone, and never why."""

from enum import StrEnum

from reports.training.measured import Rate


class Change(StrEnum):
    """What two rates say of one another; `few` where no result of the later one could have shown a decrease."""

    fell = "下降"
    rose = "上升"
    same = "未见变化"
    few = "样本不足"
    running = "未到期"


def change(before: Rate, after: Rate, open_after: int = 0) -> Change:
    """A fall or rise only where the intervals do not overlap. `open_after` are later findings that nobody decided on:
    a fall must hold even if all of them are confirmed.
    """
    earlier, later = before.interval, after.interval
    at_most = Rate(after.count + open_after, after.base).interval
    if earlier is None or later is None or at_most is None:
        return Change.few
    if later.low > earlier.high:
        return Change.rose
    if at_most.high < earlier.low:
        return Change.fell
    none = Rate(0, after.base).interval
    return Change.few if none is None or none.high >= earlier.low else Change.same
