"""Calls and their recordings: intake, call records, decoding."""
