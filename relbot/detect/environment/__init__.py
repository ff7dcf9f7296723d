"""The detector `environment`."""

from relbot.detect.engine.file_patterns import CODE, SHELL, FilePattern

READS = (
    FilePattern(
        CODE,
        words=(
            *(b"env", b"ENV", b"Env", b"decouple", b"@Value", b"Property", b"Properties", b"Config"),
            *(b"GetValue<", b"GetSection", b"GetConnectionString", b"_SERVER"),
        ),
    ),
    FilePattern(SHELL),
    FilePattern(parts=("entrypoint", "/bin/", "application", "bootstrap", "compose")),
)
