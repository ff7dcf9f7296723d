"""The words of calls that share something, by which lines are told that may have one, before a file is parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHARED_CALLS = tuple(
    "Queue Bull Worker FlowProducer Listener basic_consume ubscribe sidekiq_options NewTopic queue_as Pattern"
    " Processor ReceiveEndpoint worker.New xreadgroup xadd XAdd LPush RPush lpush rpush lPush rPush LPop RPop lpop rpop lPop rPop"
    " queue_declare exchange_declare assertExchange xchangeDeclare root_path"
    " _push _pop subscription_path topic_path get_queue_by_name ucket HasColumnName ToTable mapped_column Entity("
    " Table( schema @Process( mongoose.model encrypts"
    " basePath relative_url_root APPLICATION_ROOT FORCE_SCRIPT_NAME assetPrefix DAG( RegisterTask nats.Durable Cors:: CorsLayer"
    " app.set( server.set( .enable( .disable( tracing_subscriber"
    " serialize coder cors( WithOrigins llowedOrigin AllowAnyOrigin IsOriginAllowed Enumerated anyRequest anyExchange"
    " Trigger ollection session_ cookie Cookie atchers winston"
    " isten uvicorn.run run_app waitress bind UseUrls app.run app.Run HandleFunc .Handle( SetConfig AddConfigPath"
    " setGlobalPrefix setBasePath UsePathBase asynq agenda Incoming Outgoing Queues"
    " KnownFields DisallowUnknownFields UnmarshalStrict SetStrict deny_unknown_fields strictObject"
    " pino( zap.New zerolog.New WriteTo. Handler Formatter Encoder Renderer".split()
)
"""A word of each of the calls that `kinds` knows."""


_CALLS_WITH_LITERALS = (
    "MsgSize",
    "MaxBytesReader",
    "perMinute",
    "perHour",
    "perSecond",
    "perDay",
    "imit",
    "hrottle",
    "slowDown",
    "Bandwidth",
    "NewLimiter",
    "Exit",
    "exit",
    "eature",
    "lipper",
    "efine_flag",
    "efineFlag",
    "efineflag",
    "X-",
    "with_name",
    "set :port",
    "set :bind",
    "limit",
    "crypt",
    "rgon2",
    "bkdf2",
    "sha1",
    "sha256",
    "sha512",
    "SHA",
    "md5",
    "MD5",
    *(
        f"{refused} {what}"
        for refused in ("nknown", "nexpected", "nrecognized", "nrecognised", "nsupported")
        for what in ("key", "option", "setting", "field", "propert", "config")
    ),
)
"""A word of each call that `read_plain_call` reads: what it gets stands on its own lines."""


_ALL_CALLS = (*_SHARED_CALLS, *_CALLS_WITH_LITERALS)


def names_shared_call(text: str) -> bool:
    """Whether a text may have a call that shares something, chooses the format of logs, or refuses unknown keys."""
    return any(word in text for word in _ALL_CALLS)


def lines_with_shared_calls(text: str) -> Iterator[str]:
    """The lines of a text that may have such a call; one with two of the words, twice."""
    for word in _SHARED_CALLS:
        at = text.find(word)
        while at >= 0:
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            yield text[text.rfind("\n", 0, at) + 1 : end]
            at = text.find(word, end)
