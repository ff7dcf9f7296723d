"""Where an environment stands, for people and for programs."""

FORMATS = ("text", "json")
