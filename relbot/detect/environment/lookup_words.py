"""The words by which code of each language asks for variables of the environment and keys of the configuration."""

from __future__ import annotations

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple


class LookupWords(NamedTuple):
    """How a language asks: calls that may find nothing, calls that fail then, and tables of variables or of keys.

    `hint` has a match in each file that asks; a match has one of `parts` and stands on one line. Each lookup has one of `places`
    or a match of CAPITALS on one of its lines, but for those that stand apart from the words by which they ask: what tells of
    these is `apart`.
    """

    parts: tuple[bytes, ...]
    hint: re.Pattern[bytes]
    places: tuple[bytes, ...]
    apart: re.Pattern[bytes]
    optional: re.Pattern[str]
    required: re.Pattern[str]
    tables: re.Pattern[str]
    keys: re.Pattern[str]
    key_tables: re.Pattern[str]

    def may_have_hint(self, source: bytes) -> bool:
        """Whether a file has a word by which its language asks: a look at its bytes."""
        return any(part in source for part in self.parts) and self.hint.search(source) is not None


NEVER = re.compile(r"(?!)")


CAPITALS = re.compile(b"[\"'`][A-Z][A-Z0-9]*_[A-Z0-9_]+[\"'`]")
"""A name in capitals, as a project's own function gets it."""


_HELPER = r"[eE]nv\w{0,40}(?:\.\w{1,40})?\(\s{0,40}[\"'`][A-Z]"
"""A function of the project's own, which another file may declare: `getEnv("SHOP_URL", "...")`."""


HELPER_CALL = re.compile(
    rb"(?i:get|int|number|bool|duration|string|float|parse|optional|default|setting)\w{0,30}\(\s{0,40}[\"'`][A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{1,80}[\"'`],"
    rb"\s{0,40}(?:[\"'`\d\[-]|[Tt]rue|[Ff]alse|time\.|Duration)"
)
"""A function of the project's own that gets a name in capitals and a default: `number("SHOP_WORKERS", 4)`."""


def _words(parts: str, hint: str, places: str, apart: str = "", **patterns: str) -> LookupWords:
    """The words of a language, each as a pattern that ends where the called name or the table ends."""
    parts, hint = f"{parts} Env env", rf"{hint}|{_HELPER}"
    found = {name: re.compile(rf"(?:{patterns[name]})$") if name in patterns else NEVER for name in LookupWords._fields[4:]}
    everywhere = (*places.encode().split(), b"_prefix")
    alone = re.compile(apart.encode()) if apart else re.compile_at_words(b"(?!)", "")
    return LookupWords(tuple(parts.encode().split()), re.compile(hint.encode()), everywhere, alone, **found)


_JVM = _words(
    "getenv getProperty getRequiredProperty @Value @Config @Property @ConditionalOnProperty onfig",
    r"getenv|getProperty|getRequiredProperty|@Value|@Config|@Property|@ConditionalOnProperty|[cC]onfig\w{0,40}\.(get|property)",
    "env Env property Property value Value .get",
    r"ConfigurationProperties|ConfigMapping|EachProperty",
    optional=r"System\.getenv(\(\)\.get(OrDefault)?)?",
    keys=r"\b\w+\.get(Required)?Property|ConfigProperty|^Property|ConditionalOnProperty"
    r"|\bconfig\.property(OrNull)?|\b(config|conf|configuration)\.get(String|Int|Long|Boolean|Value|OptionalValue|Duration)",
)
JAVASCRIPT = _words(
    "env onfig validationSchema oi.object(",
    r"\benv\b|[cC]onfig\w{0,40}\.get|validationSchema|[jJ]oi\.object\(",
    "env Env .get",
    r"\}\s*=\s*[\w.]*env\b|validationSchema|[eE]nv(safe)?\(|object\(",
    optional=r"^(env\.get|Deno\.env\.get)",
    required=r"^(env\.getOrThrow)",
    tables=r"^(process\.env|import\.meta\.env|env|Bun\.env)",
    keys=r"(^|\.)_?[cC]onfig(Service)?\.get(OrThrow)?(<[^<>]*>)?",
)
LOOKUPS = {
    "python": _words(
        "environ getenv decouple Env( env_prefix envvar_prefix from_prefixed_env starlette app.config onfigparser ConfigParser",
        r"environ|getenv|decouple|Env\(|env_prefix|envvar_prefix|from_prefixed_env|starlette|app\.config|[cC]onfigparser|ConfigParser",
        "env Env conf .get",
        optional=r"(os\.)?environ\.(get|pop|setdefault)|(os\.)?getenv|^env(\.\w+)?|^config",
        tables=r"(os\.)?environ",
        keys=r"app\.config\.get|\b(cp|parser|config|cfg|conf)\.get(int|float|boolean)?",
        key_tables=r"(current_app|\bapp)\.config",
    ),
    "ruby": _words(
        "ENV .credentials",
        r"\bENV\b|\.credentials\b",
        "ENV credentials",
        required=r"ENV\.fetch",
        tables=r"ENV",
        keys=r"\.credentials\.(dig|fetch|\w+!)",
    ),
    "go": _words(
        "os.Getenv os.LookupEnv SetEnvPrefix envconfig. viper. env.Provider",
        r"os\.(Getenv|LookupEnv)|SetEnvPrefix|envconfig\.|viper\.|env\.Provider",
        "env Env .Get IsSet",
        r"BindEnv",
        optional=r"os\.(Getenv|LookupEnv)",
        keys=r"(^|\.)(viper|v|vp)\.Get(String|Int|Int32|Int64|Bool|Duration|StringSlice|Float64)?|viper\.IsSet",
    ),
    "tsx": JAVASCRIPT,
    "typescript": JAVASCRIPT,
    "java": _JVM,
    "kotlin": _JVM,
    "c_sharp": _words(
        "GetEnvironmentVariable IConfig Options Settings Config GetValue< GetConnectionString GetSection BindConfiguration",
        r"GetEnvironmentVariable|Configuration|IConfig|(Options|Settings|Config)\b|GetValue<|GetConnectionString|GetSection|BindConfiguration",
        'Environment config Config GetValue GetConnectionString GetSection GetRequiredSection BindConfiguration ["',
        r"(class|record)\s+\w+(Options|Settings|Configuration|Config)\b",
        optional=r"Environment\.GetEnvironmentVariable",
        keys=r"\.(GetValue|GetValue<[^<>]*>|GetConnectionString|GetSection|GetRequiredSection|BindConfiguration)",
        key_tables=r"([cC]onfig|[cC]onfiguration|^c)",
    ),
    "php": _words(
        "env( _ENV _SERVER config( Config::get getParameter(",
        r"env\(|_ENV|_SERVER|config\(|Config::get|getParameter\(",
        "env _ENV _SERVER config Config getParameter",
        optional=r"^\\?(env|getenv)",
        tables=r"\$_(ENV|SERVER)",
        keys=r"^\\?config|Config::get|->getParameter",
    ),
    "rust": _words(
        "env::var dotenvy::var env! Env::prefixed env_prefix envy::prefixed with_prefix",
        r"env::var|dotenvy::var|env!|Env::prefixed|env_prefix|envy::prefixed|with_prefix",
        "env Env prefix",
        optional=r"\b(env|dotenvy|dotenv)::var(_os)?|option_env!",
        required=r"^env!",
    ),
    "elixir": _words(
        "System. Application.",
        r"System\.(get|fetch)_env|Application\.(get|fetch|compile)_env",
        "_env",
        optional=r"System\.(get_env|fetch_env)",
        required=r"System\.fetch_env!",
        keys=r"Application\.(get_env|fetch_env!?|compile_env!?)",
    ),
}
