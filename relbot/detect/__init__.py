"""What the diff of a change set shows: one detector per file, evidence as data. Nothing is executed, nothing read from disk."""
