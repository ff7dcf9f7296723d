"""The words by which code of each language asks for variables of the environment and keys of the configuration."""

from __future__ import annotations

from typing import NamedTuple

from relbot.detect.engine import lazy_re as re


class LookupWords(NamedTuple):
    """How a language asks: calls that may find nothing, calls that fail then, and tables of variables or of keys.

    `hint` has a match in each file that asks. Each lookup has a match of `places` on one of its lines, but for those that stand
    apart from the words by which they ask: what tells of these is `apart`.
    """

    hint: re.Pattern[bytes]
    places: re.Pattern[bytes]
    apart: re.Pattern[bytes]
    optional: re.Pattern[str]
    required: re.Pattern[str]
    tables: re.Pattern[str]
    keys: re.Pattern[str]
    key_tables: re.Pattern[str]


_NEVER = re.compile(r"(?!)")


_CAPITALS = "[\"'`][A-Z][A-Z0-9]*_[A-Z0-9_]+[\"'`]"
"""A name in capitals, as a project's own function gets it."""


def _words(hint: str, places: str, apart: str = "(?!)", **patterns: str) -> LookupWords:
    """The words of a language, each as a pattern that ends where the called name or the table ends."""
    found = {name: re.compile(rf"(?:{patterns[name]})$") if name in patterns else _NEVER for name in LookupWords._fields[3:]}
    everywhere = re.compile(f"{places}|_prefix|{_CAPITALS}".encode())
    return LookupWords(re.compile(hint.encode()), everywhere, re.compile(apart.encode()), **found)


_JVM = _words(
    r"getenv|getProperty|getRequiredProperty|@Value|@Config|@Property|@ConditionalOnProperty|[cC]onfig\w*\.(get|property)",
    r"[eE]nv|[pP]roperty|[vV]alue|\.get",
    r"ConfigurationProperties|ConfigMapping|EachProperty",
    optional=r"System\.getenv(\(\)\.get(OrDefault)?)?",
    keys=r"\b(env|environment|System|\w*[pP]roperties|\w*[pP]rops)\.get(Required)?Property|ConfigProperty|^Property|ConditionalOnProperty"
    r"|\bconfig\.property(OrNull)?|\b(config|conf|configuration)\.get(String|Int|Long|Boolean|Value|OptionalValue|Duration)",
)
JAVASCRIPT = _words(
    r"\benv\b|[cC]onfig\w*\.get|validationSchema",
    r"[eE]nv|\.get",
    r"\}\s*=\s*[\w.]*env\b|validationSchema|[eE]nv(safe)?\(|object\(",
    optional=r"^(env\.get|Deno\.env\.get)",
    required=r"^(env\.getOrThrow)",
    tables=r"^(process\.env|import\.meta\.env|env|Bun\.env)",
    keys=r"(^|\.)_?[cC]onfig(Service)?\.get(OrThrow)?(<[^<>]*>)?",
)
LOOKUPS = {
    "python": _words(
        r"environ|getenv|decouple|Env\(|env_prefix|envvar_prefix|from_prefixed_env|starlette|app\.config|[cC]onfigparser|ConfigParser",
        r"[eE]nv|conf|\.get",
        optional=r"(os\.)?environ\.get|(os\.)?getenv|^env(\.\w+)?|^config",
        tables=r"(os\.)?environ",
        keys=r"app\.config\.get|\b(cp|parser|config|cfg|conf)\.get(int|float|boolean)?",
        key_tables=r"(current_app|\bapp)\.config",
    ),
    "ruby": _words(
        r"\bENV\b|\.credentials\b", r"ENV|credentials", required=r"ENV\.fetch", tables=r"ENV", keys=r"\.credentials\.(dig|fetch)"
    ),
    "go": _words(
        r"os\.(Getenv|LookupEnv)|SetEnvPrefix|envconfig\.|viper\.|env\.Provider",
        r"[eE]nv|\.Get|IsSet",
        r"BindEnv",
        optional=r"os\.(Getenv|LookupEnv)",
        keys=r"(^|\.)(viper|v|vp)\.Get(String|Int|Int32|Int64|Bool|Duration|StringSlice|Float64)?|viper\.IsSet",
    ),
    "tsx": JAVASCRIPT,
    "typescript": JAVASCRIPT,
    "java": _JVM,
    "kotlin": _JVM,
    "c_sharp": _words(
        r"GetEnvironmentVariable|Configuration|IConfig|(Options|Settings|Config)\b|GetValue<|GetConnectionString|GetSection",
        r"Environment|[cC]onfig|Get(Value|ConnectionString|Section|RequiredSection)|\[\"[A-Z]",
        r"(class|record)\s+\w+(Options|Settings|Configuration|Config)\b",
        optional=r"Environment\.GetEnvironmentVariable",
        keys=r"\.(GetValue|GetValue<[^<>]*>|GetConnectionString|GetSection|GetRequiredSection)",
        key_tables=r"([cC]onfig|[cC]onfiguration|^c)",
    ),
    "php": _words(
        r"env\(|_ENV|_SERVER|config\(|Config::get|getParameter\(",
        r"env|_ENV|_SERVER|[cC]onfig|getParameter",
        optional=r"^\\?(env|getenv)",
        tables=r"\$_(ENV|SERVER)",
        keys=r"^\\?config|Config::get|->getParameter",
    ),
    "rust": _words(
        r"env::var|dotenvy::var|env!|Env::prefixed|env_prefix|envy::prefixed|with_prefix",
        r"[eE]nv|prefix",
        optional=r"\b(env|dotenvy|dotenv)::var(_os)?|option_env!",
        required=r"^env!",
    ),
    "elixir": _words(
        r"System\.(get|fetch)_env|Application\.(get|fetch|compile)_env",
        r"_env",
        optional=r"System\.(get_env|fetch_env)",
        required=r"System\.fetch_env!",
        keys=r"Application\.(get_env|fetch_env!?|compile_env!?)",
    ),
}
