"""The detector `lone-changes`."""

from relbot.detect.engine.file_patterns import CODE, SHELL, FilePattern

READS = (
    FilePattern(
        (*CODE, *SHELL, ".scala", ".clj", ".erl", ".hrl", ".lua", ".swift", ".dart", ".pl", ".pm", ".groovy", ".cr", ".vue")
    ),
    FilePattern(words=(b"#!/",), parts=("/bin/", "/scripts/", "/sbin/", "/libexec/")),
)
