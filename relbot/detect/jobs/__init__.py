"""The detector `jobs`."""
