"""The detector `literals`."""
