"""The monthly report on compliance: 合规质检月报."""

from reports.monthly.document import monthly

__all__ = ["monthly"]
