"""From a complaint to the calls, messages and visits it is about, and what they say of each allegation."""
