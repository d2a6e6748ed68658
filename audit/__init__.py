"""Contacts, transcripts, findings and the trail, and the application that puts the packages together."""
