"""Reads a complaint's text: when, who, which numbers, what is alleged and what is wanted, each with its place."""

from complaints.reading.reading import Reading, read

__all__ = ["Reading", "read"]
