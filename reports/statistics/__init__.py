"""Complaint statistics of a period on the axes of JR/T 0169-2018."""

from reports.statistics.document import statistics

__all__ = ["statistics"]
