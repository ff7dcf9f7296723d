"""The detector `terraform`."""

from relbot.detect.engine.file_patterns import FilePattern

READS = (FilePattern((".tf",)),)
