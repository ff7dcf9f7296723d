"""The detector `lone-changes`."""

from relbot.detect.engine.file_patterns import CODE, FilePattern

READS = (
    FilePattern((*CODE, ".scala", ".clj", ".erl", ".hrl", ".lua", ".swift", ".dart", ".pl", ".pm", ".groovy", ".cr", ".vue")),
    FilePattern(words=(b"#!/",), parts=("/bin/", "/scripts/", "/sbin/", "/libexec/")),
)
