"""The detector `settings-read`."""
