"""The detector `runtime`."""

from relbot.detect.engine.file_patterns import ANY_FILE

READS = (ANY_FILE,)
