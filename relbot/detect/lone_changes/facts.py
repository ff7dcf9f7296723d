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
        "algorithm-changed",
        "code chooses another algorithm for signing, hashing or encryption, and nothing else in its line changes",
        REQUIRE,
        Subject.POLICY,
        "The program cannot verify or decrypt what it stored or issued before.",
        phases=ANY_PHASE,
        wrong={
            "auth/token.go": (
                "package auth\n\nvar method = jwt.SigningMethodHS256\n",
                "package auth\n\nvar method = jwt.SigningMethodES256\n",
            ),
        },
        right={
            "auth/token.go": (
                "package auth\n\nvar method = jwt.SigningMethodHS256\n",
                "package auth\n\nvar signing = jwt.SigningMethodHS256\n",
            ),
        },
    ),
    Fact(
        "option-renamed",
        "the spelling of all keys or values of a configuration changes, and nothing else in its line",
        REQUIRE,
        Subject.SETTING,
        "Configurations of installations have the old spelling, which the program refuses or ignores.",
        phases=ANY_PHASE,
        wrong={"src/config.rs": ('#[serde(rename_all = "kebab-case")]\n', '#[serde(rename_all = "snake_case")]\n')},
        right={"src/config.rs": ('#[serde(rename_all = "kebab-case")]\n', '#[serde( rename_all = "kebab-case" )]\n')},
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
