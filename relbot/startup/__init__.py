"""Stand-ins for parts of the standard library that would lengthen start-up."""
