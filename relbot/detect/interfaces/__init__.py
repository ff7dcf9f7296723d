"""The detector `interfaces`."""

from relbot.detect.engine.file_patterns import CODE, YAML, FilePattern

READS = (
    FilePattern((*CODE, *YAML, ".pl", ".pm", ".json", ".cfg", ".toml", ".sh", ".j2", ".gradle", "proj", "/pom.xml")),
    FilePattern(words=(b"case ",), parts=("/bin/", "/sbin/")),
)
