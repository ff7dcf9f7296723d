"""Which literals installations share with the code, told by the name that they are given: queues, stores, addresses, cookies."""

from __future__ import annotations

from functools import lru_cache

from relbot.schema import lazy_re as re
from relbot.schema.named_tuples import NamedTuple

QUEUE = "queue"
STORE = "store"
ADDRESS = "address"
DEFAULTED = "defaulted"
"""An address that is another one, too, where it is newly said or no longer."""
SCOPE = "scope"
POLICY = "policy"
COOKIE = "cookie"
CACHE = "cache"
LOG = "log"
FILE = "file"
CONFIG = "config"
LIMIT = "limit"
SETTING = "setting"
CRYPTO = "crypto"
SENDER = "sender"
EXIT = "exit"
OTHER = "other"

_KINDS = (
    (SETTING, re.compile(r"(?i)cookie\w*\.(secure|same_?site|http_?only|domain|path)$")),
    (CACHE, re.compile(r"(?i)redis\w*\.(db|database)$")),
    (LOG, re.compile(r"(^|\.)handlers\.\w+\.class$")),
    (LIMIT, re.compile(r"(^|\.)Server\.(Read|Write|Idle|ReadHeader)Timeout$")),
    (QUEUE, re.compile(r"(^|[._])(Subject\w+|SUBJECT_\w+)$")),
    (
        QUEUE,
        re.compile(
            r"(?i)(^|[._])(\w*queues?(_?name)?|\w*topics?(_?name)?|\w*streams?(_?name)?|Queues\.\w+|(queue|topic|stream|channel)_\w+|exchange|routing_?key|group_?id|consumer_?group"
            r"|task_queue|(task|job)_?(name|type)|dag_id)$|\.(shared_)?task\.name$|Listener\.destination$|^\w*[tT]ask_routes\."
        ),
    ),
    (
        COOKIE,
        re.compile(
            r"(?i)cookie_?\.?name$|session_?(cookie_?)?(name|key)$|^cookie$|csrf_cookie|(^|\.)session(_\w+)?\.(key|name|signing_salt)$"
        ),
    ),
    (
        CRYPTO,
        re.compile(
            r"(?i)(^|[._])(password_)?hashers?$|(^|[._])(pass(word)?|key|token|secret)?_?(hash|digest|kdf|derivation)(ing)?_?(algo(rithm)?s?|functions?|method|class)$"
            r"|(^|[._])(cipher|(en|de)cryption_(algo(rithm)?|cipher|mode|key_id)|sign(ing|ature)_(algo(rithm)?|method|salt|header)|hmac_(algo(rithm)?|header)"
            r"|jwt_algorithms?|algorithms|pepper)$|CryptContext\.schemes$|(^|\.)encrypts\.deterministic$"
        ),
    ),
    (CACHE, re.compile(r"(?i)(cache|redis|memcache)\w*[._]?(prefix|version|namespace|key)$|key_?prefix$|cache_?version$")),
    (
        STORE,
        re.compile(
            r"(?i)(^|[._\\])(\w*bucket(_?name)?|\w*container_?name|media_root|upload_(dir|path|root)|data_?dir|storage_(root|path|dir)"
            r"|__tablename__|table_?name|db_table|db_column|table\.name|\w*(index|collection|keyspace)_?name|sqlite_?(file|path)"
            r"|result_backend|(\w+_)?collection|(\w+_)?search_index|(?-i:(\w+_)?INDEX)|disks\.\w+\.root"
            r"|(Join)?Column\.name|options\.location|(aws|gs|azure|minio)_location)$"
        ),
    ),
    (
        POLICY,
        re.compile(
            r"(?i)(permission|authentication)_classes$|(^|\.)default_(permission|policy|role)s?$"
            r"|(^|[._])(cors_)?allow(ed)?_(request_)?(origins|hosts)$|(^|\.)cors\.origins?$|(^|\.)auth_user_model$"
            r"|(^|[._])(force_(ssl|https)|secure_ssl_redirect|require_?https|https_?only)$|(^|[._])(authentication_backends|check_origin)$"
        ),
    ),
    (SENDER, re.compile(r"(?i)(^|[._])(mail_?|email_?|default_?|smtp_?)*(from|sender)(_?(e?mail|address|addr))?$")),
    (EXIT, re.compile(r"(?i)(^|[._])exit(_?(code|status))?(_\w+)?$")),
    (
        SCOPE,
        re.compile(
            r"(?i)(^|[._])\w*scopes?$|(^|[._])scope\w*$|(^|[._])\w*audience$|(^|[._])(\w+_)?(issuer|authority|algorithm)$"
        ),
    ),
    (CONFIG, re.compile(r"(?i)(^|[._])(\w+_)?(config|conf|settings)_?(file|path|filename|location|dir)$")),
    (FILE, re.compile(r"(?i)(^|[._])(\w+_)?(log|pid)_?(file|path|filename|location)$")),
    (
        LIMIT,
        re.compile(
            r"(?i)throttle_rates\.|rate_?limit\w*$|(requests|calls|messages|queries)_?per_?(second|minute|hour|day)$|(^|[._])burst$|max_?(upload|body|request|file)\w*size$|(json|urlencoded|raw|limits)\.(limit|fileSize)$|(^|\.)bodyLimit$"
        ),
    ),
    (
        LOG,
        re.compile(
            r"(?i)(^|_)log(ging|ger)?_?(format|encoding|formatter)$|(^|[._])(message|level|timestamp)_key$|(^|\.)(zap|log\w{0,9})\.(\w+\.)?(encoding|format|formatter)$"
        ),
    ),
    (
        ADDRESS,
        re.compile(
            r"(?i)(^|[._-])(\w*port|listen(_?addr(ess)?)?|bind(_?addr(ess)?)?|base_?path|context_?path|health_?(path|url)|metrics_?path|socket(_?path|_?file)?|(callback|redirect)_?(url|uri|path))$"
            r"|(^|\.)(listen|run|serve)\.host(name)?$"
        ),
    ),
)
_SETTINGS_FILE = re.compile(
    r"(^|/)config/(?!(dev|test|local|routes|packages/(dev|test))\b)[\w/-]{0,200}\.(php|exs)$|(^|/)(gunicorn(\.conf|_config)?|celeryconfig)\.py$"
    r"|(^|/)config/(environments/production|application|initializers/[\w-]+|puma|unicorn)\.rb$|(^|/)settings(/(base|common|prod\w*|__init__))?\.py$"
    r"|(^|/)(next|nuxt)\.config\.(m?js|ts)$"
)
_NO_SETTING = re.compile(
    r"(?i)(^|\.)_*((package_|app_|program_)?version|name|title|description|locale|class|label|help|usage|short|long|verbose_name|message)_*$"
)
"""The project's own version, and texts for people."""
_CACHE_FILE = re.compile(r"(?i)(^|/)\w{0,80}cache\w{0,80}[./]")
_QUEUE_CALLS = re.compile(
    r"(^|[.:>])(Queue|Bull|Worker|QueueEvents|FlowProducer|onQueue|allOnQueue|queue_as|RabbitListener|SqsListener|KafkaListener|JmsListener"
    r"|queue_declare|exchange_declare|ExchangeDeclare|basic_consume|assert(Queue|Exchange)|sendToQueue|QueueDeclare|subscribe_to|StreamListener|sidekiq_options|NewTopic"
    r"|Processor|MessagePattern|EventPattern|ReceiveEndpoint|(Queue|Pull)?Subscribe|worker\.New|(?<![.\w])Process|ServiceBusTrigger|QueueTrigger|(subscription|topic)_path|get_queue_by_name"
    r"|[lLrR]_?[pP]ush|[bB]?_?[lLrR]_?[pP]op|(?i:lpush|rpush|blpop|brpop|brpoplpush|xadd|xreadgroup)"
    r"|Incoming|Outgoing|asynq\.Queue|GetQueueURL|asynq\.NewTask|agenda\.define|nats\.Durable|RegisterTask|(?<![\w.])DAG"
    r"|(?<![^.\s])(client|mqtt|nc|nats|pubsub|redis|consumer|broker|bus|subscriber|channel)\.p?subscribe)$"
)
_TASK_CALLS = re.compile(r"\.(HandleFunc|Handle)$")
_TASK_NAME = re.compile(r"[a-z][\w.-]*:[\w:.-]+$")
_BASE_NAMES = re.compile(
    r"(^|\.)(basePath|assetPrefix|relative_url_root|APPLICATION_ROOT|FORCE_SCRIPT_NAME|(FastAPI|Starlette)\.root_path)$"
)
"""Names of the path before all others, which is none where nothing is said."""
_LISTENING_CALLS = re.compile(
    r"(^|[.:>])(ListenAndServe(TLS)?|(net|tls)\.Listen|listen|uvicorn\.run|web\.run_app|waitress\.serve|bind|UseUrls|Listen(AnyIP|Localhost)|app\.(run|Run))$"
)
_ANSWERED = re.compile(
    r"^(https?://[^/]{0,80})?[\w.*+\[\]-]{0,80}:\d{2,5}/?$|^\d{2,5}$|^(unix:(//)?)?/[\w./-]+\.sock$|^(0\.0\.0\.0|127\.0\.0\.1|localhost|\[?::1?\]?)$"
)
_STORE_CALLS = re.compile(
    r"(^|\.)(db|database|mongo|firestore)\w*\.[cC]ollection$|(^|[.>])(get_|Get)?[bB]ucket$|(^|\.)(HasColumnName|ToTable|mapped_column)$|^(Entity|Table|schema)$"
)
_COOKIE_CALLS = re.compile(r"(^|[.:>])(session_store|set_cookie|setcookie|cookieSession|session_name)$")
_FILE_CALLS = re.compile(r"(^|\.)(SetConfigName|SetConfigFile|AddConfigPath)$|(^|:)File::with_name$")
_BASE_CALLS = re.compile(r"(^|\.)(setGlobalPrefix|setBasePath|UsePathBase)$")
_LOG_CALLS = re.compile(
    r"(Text|JSON|Json|Console|Logfmt|Logstash)(Handler|Formatter|Encoder|Renderer)$|(^|\.)Formatter$|winston\.format\.\w+$|(^|\.)zap\.New(Production|Development|Example)(Config|EncoderConfig)?$"
)
_STRICT_CALLS = re.compile(
    r"(^|[.:>])(KnownFields|DisallowUnknownFields|UnmarshalStrict|SetStrict|deny_unknown_fields|strictObject)$"
)
_LAYOUT_NAME = re.compile(
    r"(?i)(^|_)(key|path|prefix|location|filename|object_name|blob_name|upload_to|store_dir|storage_key)$|[a-z](Key|Path|Prefix|Location)$|(^|_|[a-z])([kK]ey|[pP]ath)_?([fF]or|[oO]f)"
)
_LAYOUT_FILE = re.compile(r"(?i)storage|upload|bucket|blob|s3|attach|media|archive|object_?store")


_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_KEPT_FOR = re.compile(
    r"(?i)(^|[._])(\w*retention(_\w+)?|(\w+_)?(ttl|max_?age|life_?time|expires_(in|after)|expiry|expiration)(_\w+)?|(max_)?page_size)$"
)
"""For how long something is kept or valid, and how much of it is given at once."""
_USER_INTERFACE = re.compile(r"\.[jt]sx$|\.(vue|svelte)$")
_OF_PROGRAMS = frozenset((QUEUE, STORE, ADDRESS, LIMIT, EXIT, SENDER, FILE, CRYPTO))
"""Kinds that the code of a user interface hardly has: there, a port or a collection is something that is shown."""
_LONGEST = 100
"""Of a longer name, its end: what is looked for stands there, and no expression shall look at more."""


@lru_cache(8192)
def kind_of_name(name: str, path: str) -> str:
    """The kind of what a literal is named; `other` if it says nothing about who shares it."""
    name = name[-_LONGEST:]
    if _BASE_NAMES.search(name) is not None:
        return DEFAULTED
    words = _WORD_START.sub("_", name)
    for kind, pattern in _KINDS:
        if pattern.search(name) or (words != name and pattern.search(words)):
            return OTHER if kind in _OF_PROGRAMS and _USER_INTERFACE.search(path) else kind
    last = name.rpartition(".")[2].lower()
    if last == "matchifmissing":
        return SETTING
    if last == "root" and path.endswith(("filesystems.php", "storage.yml")):
        return STORE
    if last == "table" and path.endswith(".php") and "/Models/" in f"/{path}":
        return STORE
    if _SETTINGS_FILE.search(path) and not _NO_SETTING.search(name):
        return SETTING
    if _KEPT_FOR.search(words) and not _USER_INTERFACE.search(path):
        return LIMIT
    return CACHE if last in ("prefix", "version", "namespace") and _CACHE_FILE.search(path) else OTHER


class CallTraits(NamedTuple):
    """What a call says, told by what is called.

    `shares`: the kind of the first string that it gets, None for calls that share nothing; `logs`: it chooses how log lines are
    written; `is_strict`: it refuses keys that it does not know; `listens`: it makes the program answer at an address;
    `registers`: it may register what processes a task: `mux.HandleFunc("mail:send", ...)`.
    """

    shares: str | None
    logs: bool
    is_strict: bool
    listens: bool
    registers: bool


@lru_cache(8192)
def traits_of_call(callee: str) -> CallTraits:
    """What a call of that name says: a change set has few names and thousands of calls."""
    return CallTraits(
        _kind_of_call(callee),
        logs=_LOG_CALLS.search(callee) is not None,
        is_strict=_STRICT_CALLS.search(callee) is not None,
        listens=_LISTENING_CALLS.search(callee) is not None,
        registers=_TASK_CALLS.search(callee) is not None,
    )


def _kind_of_call(callee: str) -> str | None:
    if _QUEUE_CALLS.search(callee):
        return QUEUE
    if _STORE_CALLS.search(callee):
        return STORE
    if _BASE_CALLS.search(callee):
        return DEFAULTED
    if _FILE_CALLS.search(callee):
        return CONFIG
    return COOKIE if _COOKIE_CALLS.search(callee) else None


def says_nothing_of_settings(name: str) -> bool:
    """Whether the name is that of the project's own version or of a text, which no installation sets."""
    return _NO_SETTING.search(name) is not None


def is_task_name(text: str) -> bool:
    """Whether a text is the name of a task, and no path."""
    return _TASK_NAME.match(text) is not None


def is_answered_address(text: str) -> bool:
    """Whether a text is an address that a program may answer at: a port, a host with a port, a socket."""
    return _ANSWERED.match(text) is not None


_SWITCH = re.compile(
    r"(?i)(^|[._])(\w{0,60}(enable[sd]?|disable[sd]?|feature\w{0,40}|flags?|toggles?|beta|experimental|maintenance_mode)|(use|allow|require)_\w{1,80})$"
)
_SWITCH_FILE = re.compile(r"(?i)(^|/)\w{0,80}(features?|flags?|toggles?)\w{0,80}[./]")


def is_switch(name: str, path: str) -> bool:
    """Whether a name, or the file that it is in, says that it switches something on or off."""
    named = _SWITCH.search(_WORD_START.sub("_", name[-_LONGEST:])) is not None
    return (named or _SWITCH_FILE.search(path) is not None) and not _USER_INTERFACE.search(path)


_CONSTANT_NAME = re.compile(r"[A-Z][A-Z0-9_]{2,}|[A-Z]\w{3,}|default\w+")


def is_constant_name(name: str) -> bool:
    """Whether a name is written as those of constants are."""
    return _CONSTANT_NAME.fullmatch(name) is not None


_TELLING = 6
"""From so many letters on, a name that the documentation has is hardly there by chance."""


def is_telling_name(name: str) -> bool:
    """Whether a name is long enough to be looked up in the documentation."""
    return len(name) >= _TELLING


def is_layout_file(path: str) -> bool:
    """Whether the code of a file says where stored files lie."""
    return _LAYOUT_FILE.search(path) is not None


_KEY_NAME = re.compile(r"(?i)(^|_)key|key$|cache")


def is_cache_key(name: str, path: str) -> bool:
    """Whether a text with values in it, of that name, is a key under which something is kept for a while."""
    return _CACHE_FILE.search(path) is not None and _KEY_NAME.search(name) is not None


def is_cache_file(path: str) -> bool:
    """Whether the code of a file keeps something for a while."""
    return _CACHE_FILE.search(path) is not None


def is_layout(name: str, path: str) -> bool:
    """Whether a text with values in it, of that name, says where stored files lie."""
    return _LAYOUT_NAME.search(name) is not None and _LAYOUT_FILE.search(path) is not None
