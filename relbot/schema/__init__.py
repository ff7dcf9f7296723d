"""Fields declared once: from the same table come reading, faults, JSON Schema and reference documentation."""
