"""Evidence and fragments to findings: what the project wants done about what the diff shows."""
