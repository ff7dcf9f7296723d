"""The detector `settings-read`."""

from relbot.detect.engine.file_patterns import CODE, SHELL, FilePattern

READS = (
    FilePattern((*CODE, *SHELL, ".nix")),
    FilePattern(
        parts=("dockerfile", "containerfile", "compose", "entrypoint", "/bin/", ".env.sh", "/element", "/settings", "conf")
    ),
)
