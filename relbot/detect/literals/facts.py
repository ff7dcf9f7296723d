"""The facts of the detector `literals`."""

from __future__ import annotations

from relbot.detect.engine.facts import ANY_PHASE, ASK, BEFORE_INSTALL, NOTE, REQUIRE, Fact, FactLevel, Subject, Table

_DECLARED: tuple[tuple[str, str, FactLevel, Subject, str, str, Table], ...] = (
    (
        "queue-renamed",
        "a queue, a topic or a group of consumers has another name",
        REQUIRE,
        Subject.QUEUE,
        "What waits under the old name is never worked off, and workers that were started for it get nothing.",
        "Another queue, topic or group: {names}",
        {"src/queue.js": ("const mails = new Queue('mails');\n", "const mails = new Queue('letters');\n")},
    ),
    (
        "store-moved",
        "a bucket, a directory, a table or an index of data is another one",
        REQUIRE,
        Subject.STORE,
        "Data is looked for at another place: move what is there.",
        "Another place of data: {names}",
        {"shop/files.py": ("BUCKET_NAME = 'a'\n", "BUCKET_NAME = 'b'\n")},
    ),
    (
        "layout-changed",
        "stored files get their names in another way",
        REQUIRE,
        Subject.STORE,
        "Files that are there lie under other names and are not found until they are moved.",
        "Another layout of stored files: {names}",
        {
            "shop/storage.py": (
                'def key(order):\n    return f"orders/{order.id}.pdf"\n',
                'def key(order):\n    return f"{order.shop}/{order.id}.pdf"\n',
            )
        },
    ),
    (
        "address-changed",
        "a port or a path at which the program is reached is another one",
        REQUIRE,
        Subject.ADDRESS,
        "Proxies, health checks and clients point to the old address.",
        "Another address: {names}",
        {"src/main/resources/application.properties": ("server.port=8080\n", "server.port=9090\n")},
    ),
    (
        "scope-renamed",
        "a scope, an audience or an issuer of tokens has another name",
        REQUIRE,
        Subject.POLICY,
        "Tokens and clients that were given the old name are refused.",
        "Another scope: {names}",
        {"auth/scope.go": ('package auth\n\nconst ScopeRead = "a.read"\n', 'package auth\n\nconst ScopeRead = "a:read"\n')},
    ),
    (
        "policy-changed",
        "who is let in by default changes",
        REQUIRE,
        Subject.POLICY,
        "Clients that were let in are refused, or the other way round.",
        "Another default of who is let in: {names}",
        {
            "api/settings.py": (
                "REST_FRAMEWORK = {\n    'DEFAULT_PERMISSION_CLASSES': ['AllowAny'],\n}\n",
                "REST_FRAMEWORK = {\n    'DEFAULT_PERMISSION_CLASSES': ['IsAuthenticated'],\n}\n",
            )
        },
    ),
    (
        "stricter",
        "keys that the program does not know are refused now",
        REQUIRE,
        Subject.SETTING,
        "A configuration file with an unknown or misspelt key, which was accepted, stops the program.",
        "Unknown keys are refused now: {names}",
        {
            "load.go": (
                "package a\n\nfunc Load() {\n\tdec.Decode(&c)\n}\n",
                "package a\n\nfunc Load() {\n\tdec.KnownFields(true)\n\tdec.Decode(&c)\n}\n",
            )
        },
    ),
    (
        "cookie-renamed",
        "a cookie or a session has another name",
        ASK,
        Subject.SETTING,
        "Everybody is logged out by the deploy.",
        "Another cookie: {names}",
        {"shop/settings.py": ("SESSION_COOKIE_NAME = 'a'\n", "SESSION_COOKIE_NAME = 'b'\n")},
    ),
    (
        "cache-key-changed",
        "keys of the cache begin in another way",
        ASK,
        Subject.STORE,
        "The cache starts empty, and the old keys stay until you clear them.",
        "Other keys of the cache: {names}",
        {"cache.go": ('package cache\n\nconst prefix = "v2:"\n', 'package cache\n\nconst prefix = "v3:"\n')},
    ),
    (
        "log-format-changed",
        "log lines are written in another format",
        ASK,
        Subject.SETTING,
        "What collects and reads the logs expects the old format.",
        "Another format of the logs: {names}",
        {
            "log.go": (
                "package log\n\nfunc New() *slog.Logger {\n\treturn slog.New(slog.NewTextHandler(os.Stderr, nil))\n}\n",
                "package log\n\nfunc New() *slog.Logger {\n\treturn slog.New(slog.NewJSONHandler(os.Stderr, nil))\n}\n",
            )
        },
    ),
    (
        "file-moved",
        "the program looks for its configuration, or writes its log, at another place",
        ASK,
        Subject.FILE,
        "The file at the old place is no longer read or written.",
        "Another file: {names}",
        {"shop/config.py": ("CONFIG_FILE = '/etc/shop.ini'\n", "CONFIG_FILE = '/etc/shop/shop.ini'\n")},
    ),
    (
        "limit-changed",
        "a limit of requests or of their size is tighter",
        ASK,
        Subject.SETTING,
        "Requests that were served are refused.",
        "A tighter limit: {names}",
        {"web/limits.go": ("package web\n\nconst RateLimit = 100\n", "package web\n\nconst RateLimit = 10\n")},
    ),
    (
        "literal-changed",
        "a named literal has another value",
        NOTE,
        Subject.SETTING,
        "Where the documentation tells of it, an installation on the default behaves differently.",
        "Another value: {names}",
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
