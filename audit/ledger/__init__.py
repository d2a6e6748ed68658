"""The contact ledger: when, how often, whom, by whom. Dated limits, what was counted against them, what came of it."""
