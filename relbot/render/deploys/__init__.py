"""What an environment runs, how far its deploy is, and what was recorded, for people and for programs."""
