"""Redaction: what tells who somebody is goes out of text and sound before either leaves the house."""
