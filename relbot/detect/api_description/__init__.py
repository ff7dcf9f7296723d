"""The detector `api-description`."""

from relbot.detect.engine.file_patterns import YAML, FilePattern

READS = (
    FilePattern((*YAML, ".json"), words=(b"openapi", b"swagger")),
    FilePattern(parts=("openapi", "swagger", ".schema.json", "schema/", "schemas/")),
    FilePattern((".avsc",)),
)
