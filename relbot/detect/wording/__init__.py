"""The detector `wording`."""
