"""The detector `graphql-schema`."""
