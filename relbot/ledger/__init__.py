"""The ledger of an environment: what was done at its deploys, kept where every clone can read it."""
