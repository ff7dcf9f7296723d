"""The detector `runtime`."""
