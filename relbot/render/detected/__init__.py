"""What the diff between two revisions shows, as text and JSON."""
