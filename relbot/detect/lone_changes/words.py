"""What stands around a changed name: words for developers and readers, of messages that wait, of data that is there."""

from __future__ import annotations

from relbot.schema import lazy_re as re

HOLE = "▢"
"""What stands in a line for the name that changes."""
_BARE = re.compile(r"[\w.]* ?[\"'`]?▢[\"'`]? ?,? ?(//.*)?")
"""Nothing but the name: an import of Go, an element of a list."""
_QUOTED = re.compile(r"([\"'])(?:(?!\1)[^▢\\]|\\.)*\1(?!\s*(?::|=>))")
_FOR_READERS = re.compile(
    r"(?i)(?<![a-z])(\w{0,40}log(ger|ging|s)?|debug|info|warn(ing)?|error\w{0,40}|\w{0,40}err|exception|fatal|print\w{0,40}|puts|echo|raise|throw"
    r"|panic\w{0,40}|abort|assert\w{0,40}|test|context|expect|should|class(_?name)?|css|style|icon|img|href|src"
    r"|(?:t|_)(?=[( ]{1,2}[\"'▢])"
    r"|gettext\w{0,40}|i18n\w{0,40}|translat\w{0,40}|trans|render\w{0,40}|template\w{0,40}|view|partial|layout|component|selector|queryselector\w{0,40}"
    r"|getelementby\w{0,40}|addclass|removeclass|toggleclass|classlist|hasattr|getattr|setattr|isinstance|respond_to\?|public_send"
    r"|mock|stub|fake\w{0,40}|foreignkey|manytomany\w{0,40}|onetoone\w{0,40}|relationship|has_many|has_one|belongs_to|inverse_of|related_name"
    r"|redirect\w{0,40}|reverse|url_for|bean|qualifier|service|joinpath|readfile\w{0,40}|resource\w{0,40}"
    r"|axios\w{0,40}|fetch\w{0,40}|superagent|ky|requests|httpclient|webclient|resttemplate"
    r"|strftime|dateformat\w{0,40}|encoding|charset|deprecat\w{0,40}|todo|fixme|suppresswarnings|noinspection|nolint)(?![a-z])"
    r"|(?<![a-z])(label\w{0,40}|title|message|msg|text|caption|help(_text)?|placeholder|desc(ription)?|summary|doc\w{0,40}|alt|locale"
    r"|__version__|((app|package|pkg|program|lib)_?)?version|author\w{0,40}|maintainer|licen[cs]e|copyright)[\"']?\s?(=>|[=:(])\s?[\"'`]?▢"
    r"|\bpath\([^▢]{0,120}\bname=[\"']▢|\bupload_to=[\"']▢|->\s?[\"']▢"
)
"""Words of lines that speak to developers and readers, or call others; names of texts, right before one."""
_LOADS = re.compile(
    r"(import|require(_relative)?|from|include|use|using|describe|it|namespace|package|module|export)\b|.*\b(require|import)\("
)
"""How lines begin that load code."""
_LOOKED_UP = re.compile(r"(?i)env\b|env\w{0,40}\(|environ")
"""Another detector reads what asks for a variable, and its default."""
_OF_MESSAGES = re.compile(
    r"(?i)queue|topic|subject|exchange|routing_?key|consumer|group[._]?id|publish|enqueue|dequeue|perform_(in|at|later|async)"
    r"|subscri|kafka|\bnats\b|rabbit|amqp|\bsqs|\bsns|pubsub|mqtt|celery|sidekiq|temporal|apply_async|send_task|(register|execute)_?(workflow|activity)"
    r"|\bjob_?(name|type|class|id)\b"
)
"""Words of lines that are about messages which wait, or about those who take them."""
_FILE_OF_MESSAGES = re.compile(
    r"(?i)(^|/)\w*(queues?|workers?|jobs?|consumers?|producers?|publishers?|message_?bus|messaging|kafka|amqp|nats)[/.]"
)
_OF_STORES = re.compile(
    r"(?i)columns?\b|\btable_?(name)?\b|tablename|collection|bucket|keyspace|\bindex_?name|varchar|bigint|\btimestamptz?\(|@Column"
    r"|\b(db|bson|gorm|dynamodbav|firestore):\"|storage_?key|object_?key|blob|\bhset\b|\bhget\b|\bredis\.|\.(setex|incr|getset)\("
)
"""Words of lines that are about data which is there."""


def is_shared(fact: str, around: str) -> bool:
    """Whether what stands around says nothing of developers and readers; other texts of the line do not count."""
    if _BARE.fullmatch(around) is not None or _LOADS.match(around) is not None:
        return False
    return fact == "choice-changed" or _FOR_READERS.search(_QUOTED.sub('""', around)) is None


def fact_of_name(around: str, old: str, path: str) -> str:
    """The fact that a changed name is, by what its line, the function that gives it back, or its file is about."""
    if "rename_all" in around and _OF_CONFIGURATION.search(path):
        return "option-renamed"
    if old.startswith("/") or _LOOKED_UP.search(around):
        return "name-changed"
    if _OF_STORES.search(around) or old.startswith("column:"):
        return "stored-name-changed"
    return "message-renamed" if _OF_MESSAGES.search(around) or _FILE_OF_MESSAGES.search(path) else "name-changed"


_OF_CONFIGURATION = re.compile(r"(?i)(^|/)\w{0,40}(config|settings|options)\w{0,40}(/|\.rs$)")
_ALGORITHM = re.compile(
    r"(?i)(?<![a-z])((HS|RS|ES|PS)(256|384|512)|EdDSA|Ed25519|A(128|192|256)?(GCM|CBC|KW)\w{0,30}|SHA_?(1|224|256|384|512)|MD5|CBC|GCM|CTR|ECB"
    r"|(AES|DES|RSA)\w{0,30})$|SigningMethod\w{1,30}$"
)


def fact_of_choice(old: str, new: str) -> str:
    """The fact that another constant is, by what both choose."""
    both = all(_ALGORITHM.search(name) for name in (old, new))
    return "algorithm-changed" if both else "choice-changed"
