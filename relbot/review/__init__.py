"""For the author of a change: what is wrong with it, and what it lacks."""
