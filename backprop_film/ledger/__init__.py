"""The ledger of a film: every number that it shows, with what it is the value of; and the check of it."""
