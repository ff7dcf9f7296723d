"""The detector `config-structure`."""
