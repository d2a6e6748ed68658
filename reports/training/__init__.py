"""Training feedback: sheets for collectors, packs for teams, what was kept of them, and points measured again."""

from reports.training.keeping import acknowledge, keep_feedback
from reports.training.records import training_records
from reports.training.remeasuring import remeasure
from reports.training.sheet import feedback
from reports.training.team import team_pack
from reports.training.whose import find_collector

__all__ = [
    "acknowledge",
    "feedback",
    "find_collector",
    "keep_feedback",
    "remeasure",
    "team_pack",
    "training_records",
]
