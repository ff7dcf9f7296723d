"""The detector `environment`."""
