"""The detector `tasks`."""
