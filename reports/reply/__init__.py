"""The reply to a complaint."""

from reports.reply.letter import reply

__all__ = ["reply"]
