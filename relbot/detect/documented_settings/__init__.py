"""The detector `documented-settings`."""

from relbot.detect.engine.file_patterns import FilePattern

READS = (
    FilePattern((".md", ".mdx", ".markdown", ".rst", ".adoc", ".asciidoc", ".txt", ".inc", ".template", ".pod", ".html")),
    FilePattern((".1", ".2", ".3", ".4", ".5", ".6", ".7", ".8", "/readme", "/install")),
)
