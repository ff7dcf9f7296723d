"""The ledger of an environment on GitHub: entries are comments on an issue, which Deployments point at."""
