"""The detector `services`."""
