"""The detector `protobuf`."""

from relbot.detect.engine.file_patterns import FilePattern

READS = (FilePattern((".proto",)),)
