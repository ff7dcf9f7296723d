"""Fragments: what one is, where it lies, what makes it valid."""
