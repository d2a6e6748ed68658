"""The scorecard of agencies: conduct, complaints, records and training, and nothing of what was recovered."""

from reports.scorecard.document import scorecard

__all__ = ["scorecard"]
