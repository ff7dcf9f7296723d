"""How facts in combination are scored."""
