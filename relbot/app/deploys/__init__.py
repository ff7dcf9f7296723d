"""The use cases about deploys."""
