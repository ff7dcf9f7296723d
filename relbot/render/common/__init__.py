"""What several renderers share: escaping, wrapping, units."""
