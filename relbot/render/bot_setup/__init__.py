"""How the bot is set up in a repository, for people and programs."""
