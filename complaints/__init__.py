"""Complaints, their clocks and their evidence. Builds on `audit`; nothing below knows it."""
