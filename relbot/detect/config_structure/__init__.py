"""The detector `config-structure`."""

from relbot.detect.engine.file_patterns import YAML, FilePattern

READS = (
    FilePattern(
        (*YAML, ".json", ".json5", ".jsonc", ".toml", ".xml", ".ini", ".conf", ".hocon", ".cfg", ".cnf", ".config", ".properties")
    ),
    FilePattern(
        parts=("/env", ".env", "example", "sample", "dist", "template", "tmpl", "skel", "default")  # what operators copy
    ),
    FilePattern((".j2", ".jinja", ".jinja2", ".erb", ".tpl", ".mustache", ".gotmpl")),
)
