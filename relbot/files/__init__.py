"""The working tree: the configuration, the fragments, and writes that a crash cannot tear."""
