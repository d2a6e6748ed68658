"""Whose complaint it is: debtor and account, by all that a complaint tells of them."""
