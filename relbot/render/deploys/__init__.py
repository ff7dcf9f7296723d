"""Where an environment stands, for people and for programs."""

DEPLOY_FORMATS = ("text", "json")
