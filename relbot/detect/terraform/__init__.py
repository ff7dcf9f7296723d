"""The detector `terraform`."""
