"""The facts of the detector `literals`."""

from __future__ import annotations

from relbot.detect.engine.facts import ANY_PHASE, ASK, BEFORE_INSTALL, NOTE, REQUIRE, Fact, Subject, Table
from relbot.detect.literals.data_facts import DATA_FACTS, Declared

_DECLARED: tuple[Declared, ...] = (
    *DATA_FACTS,
    (
        "queue-renamed",
        "a queue, a topic or a consumer group is renamed",
        REQUIRE,
        Subject.QUEUE,
        "Messages under the old name are never processed, and workers started for the old name get none.",
        "A queue, topic or consumer group is renamed: {names}",
        {"src/queue.js": ("const mails = new Queue('mails');\n", "const mails = new Queue('letters');\n")},
    ),
    (
        "store-moved",
        "a bucket, a directory, a table or an index changes",
        REQUIRE,
        Subject.STORE,
        "The program looks for its data in the new location. Move the data there.",
        "The location of data changes: {names}",
        {"shop/files.py": ("BUCKET_NAME = 'a'\n", "BUCKET_NAME = 'b'\n")},
    ),
    (
        "address-changed",
        "a port or a path of the program changes",
        REQUIRE,
        Subject.ADDRESS,
        "Proxies, health checks and clients still use the old address.",
        "An address changes: {names}",
        {"src/main/resources/application.properties": ("server.port=8080\n", "server.port=9090\n")},
    ),
    (
        "scope-renamed",
        "a scope, an audience or an issuer of tokens changes",
        REQUIRE,
        Subject.POLICY,
        "Tokens and clients with the old name are refused.",
        "A scope changes: {names}",
        {"auth/scope.go": ('package auth\n\nconst ScopeRead = "a.read"\n', 'package auth\n\nconst ScopeRead = "a:read"\n')},
    ),
    (
        "policy-changed",
        "default access changes",
        REQUIRE,
        Subject.POLICY,
        "Clients may lose access, or gain it.",
        "The default access changes: {names}",
        {
            "api/settings.py": (
                "REST_FRAMEWORK = {\n    'DEFAULT_PERMISSION_CLASSES': ['AllowAny'],\n}\n",
                "REST_FRAMEWORK = {\n    'DEFAULT_PERMISSION_CLASSES': ['IsAuthenticated'],\n}\n",
            )
        },
    ),
    (
        "stricter",
        "the program now refuses unknown keys",
        REQUIRE,
        Subject.SETTING,
        "A configuration file with an unknown or misspelt key, accepted until now, stops the program.",
        "Unknown keys are now refused: {names}",
        {
            "load.go": (
                "package a\n\nfunc Load() {\n\tdec.Decode(&c)\n}\n",
                "package a\n\nfunc Load() {\n\tdec.KnownFields(true)\n\tdec.Decode(&c)\n}\n",
            )
        },
    ),
    (
        "cookie-renamed",
        "a cookie or a session is renamed",
        ASK,
        Subject.SETTING,
        "The deploy logs all users out.",
        "A cookie is renamed: {names}",
        {"shop/settings.py": ("SESSION_COOKIE_NAME = 'a'\n", "SESSION_COOKIE_NAME = 'b'\n")},
    ),
    (
        "cache-key-changed",
        "the prefix of cache keys changes",
        ASK,
        Subject.STORE,
        "The cache starts empty, and the old keys stay until you clear them.",
        "The cache keys change: {names}",
        {"cache.go": ('package cache\n\nconst prefix = "v2:"\n', 'package cache\n\nconst prefix = "v3:"\n')},
    ),
    (
        "log-format-changed",
        "the format of log lines changes",
        ASK,
        Subject.SETTING,
        "Log collectors and parsers expect the old format.",
        "The log format changes: {names}",
        {
            "log.go": (
                "package log\n\nfunc New() *slog.Logger {\n\treturn slog.New(slog.NewTextHandler(os.Stderr, nil))\n}\n",
                "package log\n\nfunc New() *slog.Logger {\n\treturn slog.New(slog.NewJSONHandler(os.Stderr, nil))\n}\n",
            )
        },
    ),
    (
        "switched",
        "code switches something on or off",
        ASK,
        Subject.SETTING,
        "Installations behave differently after the deploy.",
        "A switch has the other value: {names}",
        {"src/Features.kt": ("const val RECOUNT_ENABLED = false\n", "const val RECOUNT_ENABLED = true\n")},
    ),
    (
        "config-moved",
        "the path of the configuration changes",
        REQUIRE,
        Subject.FILE,
        "The program no longer reads the file at the old path.",
        "The configuration moves: {names}",
        {"shop/config.py": ("CONFIG_FILE = '/etc/shop.ini'\n", "CONFIG_FILE = '/etc/shop/shop.ini'\n")},
    ),
    (
        "log-directory-changed",
        "the directory of a log or a PID file changes",
        REQUIRE,
        Subject.ADDRESS,
        "The program does not start where the directory is missing, and what rotates or ships the log still reads the old file.",
        "The directory of a log or PID file changes: {names}",
        {"shop/log.py": ("LOG_FILE = '/var/log/shop.log'\n", "LOG_FILE = '/var/log/shop/app.log'\n")},
    ),
    (
        "file-moved",
        "the path of a log or a PID file changes",
        ASK,
        Subject.FILE,
        "Collectors, rotation and units still use the old path.",
        "A file path changes: {names}",
        {"shop/log.py": ("LOG_FILE = '/var/log/shop.log'\n", "LOG_FILE = '/var/log/shopd.log'\n")},
    ),
    (
        "crypto-changed",
        "the way in which passwords, tokens or data are hashed, signed or encrypted changes",
        REQUIRE,
        Subject.SECRET,
        "The program cannot verify or decrypt what it stored or issued before.",
        "Hashing, signing or encryption changes: {names}",
        {"auth/token.ts": ("const o = { algorithms: ['HS256'] };\n", "const o = { algorithms: ['RS256'] };\n")},
    ),
    (
        "header-renamed",
        "the program reads another request header",
        ASK,
        Subject.ROUTE,
        "Proxies and clients still send the old header.",
        "A request header is renamed: {names}",
        {
            "web/tenant.py": (
                "def tenant(r):\n    return r.headers['X-Tenant']\n",
                "def tenant(r):\n    return r.headers['X-Shop']\n",
            )
        },
    ),
    (
        "exit-code-changed",
        "a program ends with another exit code",
        ASK,
        Subject.COMMAND,
        "Scripts, units and monitoring that look at the exit code act differently.",
        "An exit code changes: {names}",
        {"cli/codes.py": ("EXIT_DRIFT = 2\n", "EXIT_DRIFT = 4\n")},
    ),
    (
        "sender-changed",
        "the program sends mail from another address",
        ASK,
        Subject.SETTING,
        "Mail servers must allow the new sender (SPF, DKIM), and filters of users know the old one.",
        "The sender of mail changes: {names}",
        {
            "app/mailers/mailer.rb": (
                "class Mailer < Base\n  default from: 'a@b.org'\nend\n",
                "class Mailer < Base\n  default from: 'c@b.org'\nend\n",
            )
        },
    ),
    (
        "limit-changed",
        "a limit on requests or their size is lowered",
        ASK,
        Subject.SETTING,
        "Requests that were accepted until now may be refused.",
        "A limit is lowered: {names}",
        {"web/limits.go": ("package web\n\nconst RateLimit = 100\n", "package web\n\nconst RateLimit = 10\n")},
    ),
    (
        "setting-changed",
        "a setting of the framework changes",
        ASK,
        Subject.SETTING,
        "Every installation runs with the new value: load, time or behaviour change.",
        "A setting of the framework changes: {names}",
        {"config/session.php": ("<?php\nreturn ['lifetime' => 120];\n", "<?php\nreturn ['lifetime' => 30];\n")},
    ),
    (
        "list-reordered",
        "the entries of a list in a settings file have another order",
        NOTE,
        Subject.SETTING,
        "The list has the same entries.",
        "A list has another order: {names}",
        {"shop/settings.py": ("APPS = ['a', 'b']\n", "APPS = ['b', 'a']\n")},
    ),
    (
        "literal-changed",
        "the value of a named literal changes",
        NOTE,
        Subject.SETTING,
        "Where the documentation states this default, installations that use it behave differently.",
        "A value changes: {names}",
        {"src/limits.scala": ("val maxUploads = 5\n", "val maxUploads = 9\n")},
    ),
)
SENTENCES = {name: sentence for name, *_, sentence, _example in _DECLARED}
PHASES = {name: BEFORE_INSTALL for name, _, level, *_rest in _DECLARED if level is not NOTE}
_RIGHT: Table = {"src/queue.js": ("const mails = new Queue('mails');\n", "const M = 'mails';\nconst mails = new Queue(M);\n")}
FACTS = tuple(
    Fact(
        name,
        summary,
        level,
        subject,
        meaning,
        phases=ANY_PHASE,
        wrong=example,
        right=_RIGHT,
        known=ASK if name == "literal-changed" else None,
    )
    for name, summary, level, subject, meaning, _, example in _DECLARED
)
