"""The ledger on a git ref of the repository."""
