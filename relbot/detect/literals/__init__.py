"""The detector `literals`."""

from relbot.detect.engine.file_patterns import CODE, SHELL, FilePattern

READS = (
    FilePattern(
        (
            *CODE,
            *SHELL,
            ".c",
            ".cc",
            ".cpp",
            ".cxx",
            ".h",
            ".hpp",
            ".hs",
            ".scala",
            ".clj",
            ".cljs",
            ".erl",
            ".hrl",
            ".lua",
            ".swift",
        )
    ),
    FilePattern((".dart", ".pl", ".pm", ".r", ".jl", ".ml", ".nim", ".zig", ".vb", ".fs", ".groovy", ".cr", ".d", ".tf")),
    FilePattern(parts=("application", "bootstrap", "appsettings", "logback", "/fly.", "config/packages")),
)
