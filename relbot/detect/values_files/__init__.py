"""The detector `values-files`."""
