"""The detector `migrations`."""
