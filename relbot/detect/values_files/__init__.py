"""The detector `values-files`."""

from relbot.detect.engine.file_patterns import YAML, FilePattern

READS = (
    FilePattern((*YAML, ".tpl", ".txt")),
    FilePattern(parts=("group_vars/", "host_vars/", "values.schema.json")),
)
