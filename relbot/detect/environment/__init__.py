"""The detector `environment`."""

from relbot.detect.engine.file_patterns import CODE, SHELL, YAML, FilePattern

READS = (
    FilePattern(
        CODE,
        words=(
            *(b"env", b"ENV", b"Env", b"decouple", b"@Value", b"Propert", b"onfig", b"viper", b"Options", b"Settings"),
            *(b'("', b"('"),  # a function of the project's own, which gets a name in capitals
            *(
                b"oi.object(",
                b"GetValue<",
                b"GetSection",
                b"GetConnectionString",
                b"_SERVER",
                b"getParameter",
                b"credentials",
                b"property(",
            ),
        ),
    ),
    FilePattern((*SHELL, ".sh.eex")),
    FilePattern((*YAML, ".erb", ".conf", ".hocon"), words=(b"env(", b"ENV", b"${")),
    FilePattern(
        (".scala", ".sc", ".groovy", ".dart", ".lua", ".swift", ".clj", ".cljs", ".c", ".cc", ".cpp", ".cxx", ".h", ".hpp")
    ),
    FilePattern((".hs", ".erl", ".pl", ".pm", ".jl", ".r", ".nim", ".cr", ".ml", ".zig")),
    FilePattern(parts=("entrypoint", "/bin/", "application", "bootstrap", "compose", "custom-env")),
)
