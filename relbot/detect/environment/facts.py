"""The facts of the detector `environment`."""

from __future__ import annotations

from relbot.detect.engine.facts import ASK, BEFORE_INSTALL, LATER, NOTE, REQUIRE, Fact, FactAnswer, Subject, Table

_READ = {
    "lib/mail.rb": (
        'def host\n  ENV.fetch("MAIL_HOST", "localhost")\nend\n',
        'def host\n  ENV.fetch("SMTP_HOST", "localhost")\nend\n',
    )
}
_BOTH: Table = {
    "lib/mail.rb": (
        'def host\n  ENV.fetch("MAIL_HOST", "localhost")\nend\n',
        'def host\n  ENV.fetch("SMTP_HOST") { ENV.fetch("MAIL_HOST", "localhost") }\nend\n',
    )
}
_LITERAL: Table = {
    "src/config.ts": (
        "export const config = {\n  limit: Number(process.env.LIMIT || 5),\n};\n",
        "export const config = {\n  limit: 5,\n};\n",
    )
}

FACTS = (
    Fact(
        "renamed",
        "an environment variable or a key of the configuration has another name",
        REQUIRE,
        Subject.SETTING,
        "An installation that sets the old name falls back to the default, or does not start.",
        phases=(BEFORE_INSTALL,),
        wrong=_READ,
        right=_LITERAL,
        answers=(FactAnswer("environment/old-name-read", "the old name is still read"),),
    ),
    Fact(
        "removed",
        "an environment variable or a key of the configuration is no longer read",
        REQUIRE,
        Subject.SETTING,
        "What an installation sets has no effect any more.",
        phases=(BEFORE_INSTALL,),
        wrong={
            "config.go": (
                'package config\n\nimport "os"\n\nfunc Proxy() string {\n\treturn os.Getenv("HTTP_UPSTREAM")\n}\n',
                "package config\n",
            )
        },
        right=_BOTH,
        answers=(
            FactAnswer("environment/default-kept", "its old default is kept as a literal", ASK),
            FactAnswer("environment/read-elsewhere", "another file of the change set reads it"),
        ),
    ),
    Fact(
        "newly-required",
        "an environment variable or a key that was optional must be set",
        REQUIRE,
        Subject.SETTING,
        "An installation that does not set it does not start, or fails where it is read.",
        phases=(BEFORE_INSTALL,),
        wrong={
            "src/Config.kt": (
                'val key = System.getenv("API_KEY") ?: "none"\n',
                'val key = System.getenv("API_KEY") ?: error("API_KEY must be set")\n',
            )
        },
        right=_LITERAL,
    ),
    Fact(
        "added-required",
        "a new environment variable or key has no default and must be set",
        REQUIRE,
        Subject.SETTING,
        "The program does not start, or fails where it is read, before the variable is set.",
        phases=(BEFORE_INSTALL,),
        wrong={"config/runtime.exs": ("", 'import Config\n\nconfig :shop, key: System.fetch_env!("TOKEN_KEY")\n')},
        right={"config/runtime.exs": ("", 'import Config\n\nconfig :shop, key: System.get_env("TOKEN_KEY", "")\n')},
        answers=(FactAnswer("environment/read-elsewhere", "another file of the change set reads it"),),
    ),
    Fact(
        "prefix-changed",
        "all environment variables or keys of a group have another prefix",
        REQUIRE,
        Subject.SETTING,
        "What an installation sets under the old prefix has no effect any more.",
        phases=(BEFORE_INSTALL,),
        wrong={
            "src/config.rs": (
                'pub fn load() -> Config {\n    Figment::new().merge(Env::prefixed("VAULT_")).extract().unwrap()\n}\n',
                'pub fn load() -> Config {\n    Figment::new().merge(Env::prefixed("KEEP_")).extract().unwrap()\n}\n',
            )
        },
        right=_LITERAL,
    ),
    Fact(
        "address-default-changed",
        "an address, a path or a store has another default",
        REQUIRE,
        Subject.ADDRESS,
        "An installation on the default is not reachable, or looks for its data, at the place where it was.",
        phases=(BEFORE_INSTALL,),
        wrong={
            "shop/storage.py": (
                'import os\n\nBUCKET = os.environ.get("UPLOAD_BUCKET", "shop-uploads")\n',
                'import os\n\nBUCKET = os.environ.get("UPLOAD_BUCKET", "shop-files")\n',
            )
        },
        right={
            "shop/storage.py": (
                'import os\n\nBUCKET = os.environ.get("UPLOAD_BUCKET", "shop-uploads")\n',
                'import os\n\nNAME = "shop-uploads"\nBUCKET = os.getenv("UPLOAD_BUCKET", NAME)\n',
            )
        },
    ),
    Fact(
        "default-changed",
        "an environment variable or a key has another default",
        ASK,
        Subject.SETTING,
        "An installation that does not set it behaves differently after the deploy.",
        phases=(BEFORE_INSTALL,),
        wrong={
            "config/cache.php": (
                "<?php\nreturn ['ttl' => env('CACHE_TTL', 60)];\n",
                "<?php\nreturn ['ttl' => env('CACHE_TTL', 600)];\n",
            )
        },
        right={
            "config/cache.php": (
                "<?php\nreturn ['ttl' => env('CACHE_TTL', 60)];\n",
                "<?php\nreturn ['ttl' => (int) env('CACHE_TTL', '60')];\n",
            )
        },
    ),
    Fact(
        "default-reworked",
        "an environment variable or a key has a default that is computed in another way",
        NOTE,
        Subject.SETTING,
        "An installation that does not set it may behave differently after the deploy.",
    ),
    Fact(
        "old-name-read",
        "the old name of a renamed variable or key is still read",
        NOTE,
        Subject.SETTING,
        "The old name still works; it can be renamed when convenient.",
        phases=(LATER,),
    ),
    Fact(
        "read-elsewhere",
        "a variable that one file no longer reads, or reads now, is read in another one",
        NOTE,
        Subject.SETTING,
        "It counts as before.",
    ),
    Fact(
        "default-kept",
        "a variable that is no longer read leaves its old default as a literal",
        NOTE,
        Subject.SETTING,
        "An installation that did not set it notices nothing.",
    ),
    Fact(
        "added",
        "an optional environment variable or key is new",
        NOTE,
        Subject.SETTING,
        "It can be set; an installation that does not set it goes on as before.",
    ),
)
