"""The detector `tasks`."""

from relbot.detect.engine.file_patterns import CODE, FilePattern

READS = (
    FilePattern(parts=("rake", "management/commands", "bin/", "script", "contrib/", "tools/", "utils/", "hack/")),
    FilePattern((".go", ".rs"), parts=("/cmd/", "src/bin/")),
    FilePattern(parts=("upgrad", "migrate_from_", "migrate_to_")),
    FilePattern(CODE, words=(b"ommand", b"group(", b"add_parser(", b"$signature", b"Mix.Task", b"Thor", b"setName(", b"Verb")),
)
