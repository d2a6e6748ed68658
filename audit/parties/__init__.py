"""Who takes part: agencies, collectors, debtors, their accounts, and the persons around them."""
