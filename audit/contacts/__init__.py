"""Contacts that are no calls: messages and visits; and what was agreed about contact, or refused."""
