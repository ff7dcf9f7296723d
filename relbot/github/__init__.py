"""GitHub: what its events ask for, what is decided, and who talks to it."""
