"""The detector `documented-settings`."""
