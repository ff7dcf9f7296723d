"""The detector `graphql-schema`."""

from relbot.detect.engine.file_patterns import FilePattern

READS = (FilePattern((".graphql", ".graphqls", ".gql")),)
