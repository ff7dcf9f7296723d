"""The facts of the detector `lone-changes`."""

from __future__ import annotations

from relbot.detect.engine.facts import ANY_PHASE, ASK, REQUIRE, Fact, Subject

FACTS = (
    Fact(
        "message-renamed",
        "a name that messages or jobs have changes, and nothing else in its line",
        REQUIRE,
        Subject.QUEUE,
        "Messages that wait under the old name are never processed.",
        phases=ANY_PHASE,
        wrong={"src/queue.js": ("mails.add('send', m);\n", "mails.add('deliver', m);\n")},
        right={"src/queue.js": ("mails.add('send', m);\n", "mails.add('send', mail);\n")},
    ),
    Fact(
        "stored-name-changed",
        "a name under which data is stored changes, and nothing else in its line",
        REQUIRE,
        Subject.STORE,
        "The program looks for its data under the new name. Move the data there.",
        phases=ANY_PHASE,
        wrong={"src/Tickets.kt": ('val title = varchar("title", 200)\n', 'val title = varchar("subject", 200)\n')},
        right={"src/Tickets.kt": ('val title = varchar("title", 200)\n', 'val subject = varchar("title", 200)\n')},
    ),
    Fact(
        "name-changed",
        "a name that code gives to something changes, and nothing else in its line",
        ASK,
        Subject.CODE,
        "What else uses the old name, such as clients, stored data or waiting messages, does not reach it.",
        phases=ANY_PHASE,
        wrong={
            "src/socket.js": ("socket.on('message', (m) => store(m));\n", "socket.on('chat:message', (m) => store(m));\n"),
        },
        right={
            "src/socket.js": ("socket.on('message', (m) => store(m));\n", "socket.on('message', onMessage);\n"),
        },
    ),
    Fact(
        "choice-changed",
        "code chooses another constant of the same kind, and nothing else in its line changes",
        ASK,
        Subject.CODE,
        "The program does the same thing in another way, such as another status, mode or format.",
        phases=ANY_PHASE,
        wrong={
            "api/orders.go": (
                "package api\n\nfunc f(w http.ResponseWriter) {\n\tw.WriteHeader(http.StatusOK)\n}\n",
                "package api\n\nfunc f(w http.ResponseWriter) {\n\tw.WriteHeader(http.StatusAccepted)\n}\n",
            ),
        },
        right={
            "api/orders.go": (
                "package api\n\nfunc f(w http.ResponseWriter) {\n\tw.WriteHeader(http.StatusOK)\n}\n",
                "package api\n\nfunc f(w http.ResponseWriter) {\n\tw.WriteHeader(statusOf(http.StatusOK))\n}\n",
            ),
        },
    ),
)
