"""The detector `interfaces`."""
