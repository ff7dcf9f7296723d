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
        "an environment variable or a configuration key is renamed",
        REQUIRE,
        Subject.SETTING,
        "Installations that set the old name get the default, or do not start.",
        phases=(BEFORE_INSTALL,),
        wrong=_READ,
        right=_LITERAL,
        answers=(FactAnswer("environment/old-name-read", "the old name is still read"),),
    ),
    Fact(
        "removed",
        "an environment variable or a configuration key is no longer read",
        REQUIRE,
        Subject.SETTING,
        "The value that an installation sets has no effect.",
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
            FactAnswer("config-structure/old-key-read", "the code reads it beside the new name"),
        ),
    ),
    Fact(
        "newly-required",
        "an environment variable or a key that was optional must be set",
        REQUIRE,
        Subject.SETTING,
        "Installations that do not set it fail to start, or fail where the code reads it.",
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
        "Until the variable is set, the program fails to start, or fails where it reads the variable.",
        phases=(BEFORE_INSTALL,),
        wrong={"config/runtime.exs": ("", 'import Config\n\nconfig :shop, key: System.fetch_env!("TOKEN_KEY")\n')},
        right={"config/runtime.exs": ("", 'import Config\n\nconfig :shop, key: System.get_env("TOKEN_KEY", "")\n')},
        answers=(FactAnswer("environment/read-elsewhere", "another file of the change set reads it"),),
    ),
    Fact(
        "switch-narrowed",
        "fewer values of an environment variable switch something on",
        REQUIRE,
        Subject.SETTING,
        "Installations that have another value, which switched it on, lose what it does.",
        phases=(BEFORE_INSTALL,),
        wrong={
            "shop/settings.py": (
                'SEARCH = bool(os.environ.get("SHOP_SEARCH"))\n',
                'SEARCH = os.environ.get("SHOP_SEARCH") == "true"\n',
            )
        },
        right={
            "shop/settings.py": (
                'SEARCH = os.environ.get("SHOP_SEARCH") == "true"\n',
                'SEARCH = os.environ.get("SHOP_SEARCH") in ("1", "true")\n',
            )
        },
    ),
    Fact(
        "checked",
        "the value of an environment variable or a key must be of a certain form",
        REQUIRE,
        Subject.SETTING,
        "Installations whose value is of another form, which was accepted, fail to start.",
        phases=(BEFORE_INSTALL,),
        wrong={
            "src/env.ts": (
                "export const env = z.object({\n  TOKEN_KEY: z.string(),\n}).parse(process.env);\n",
                "export const env = z.object({\n  TOKEN_KEY: z.string().min(32),\n}).parse(process.env);\n",
            )
        },
        right={
            "src/env.ts": (
                "export const env = z.object({\n  TOKEN_KEY: z.string().min(32),\n}).parse(process.env);\n",
                "export const env = z.object({\n  TOKEN_KEY: z.string().min(16),\n}).parse(process.env);\n",
            )
        },
    ),
    Fact(
        "prefix-changed",
        "the prefix of a group of environment variables or keys changes",
        REQUIRE,
        Subject.SETTING,
        "Values that an installation sets under the old prefix have no effect.",
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
        "the default of an address, a path or a store changes",
        REQUIRE,
        Subject.ADDRESS,
        "Installations that use the default are no longer reachable at their old address, or no longer find their data.",
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
        "retention-lowered",
        "by default, data is kept for a shorter time",
        REQUIRE,
        Subject.STORE,
        "Where nothing is set, data that is older is deleted for good.",
        phases=(BEFORE_INSTALL,),
        wrong={
            "shop/settings.py": (
                'import os\n\nRETENTION_DAYS = int(os.environ.get("RETENTION_DAYS", "365"))\n',
                'import os\n\nRETENTION_DAYS = int(os.environ.get("RETENTION_DAYS", "90"))\n',
            )
        },
        right={
            "shop/settings.py": (
                'import os\n\nRETENTION_DAYS = int(os.environ.get("RETENTION_DAYS", "365"))\n',
                'import os\n\nRETENTION_DAYS = int(os.getenv("RETENTION_DAYS", "365"))\n',
            )
        },
    ),
    Fact(
        "default-changed",
        "the default of an environment variable or a key changes",
        ASK,
        Subject.SETTING,
        "Installations that do not set it behave differently after the deploy.",
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
        "the default of an environment variable or a key is computed differently",
        NOTE,
        Subject.SETTING,
        "Installations that do not set it may behave differently after the deploy.",
    ),
    Fact(
        "old-name-read",
        "the old name of a renamed variable or key is still read",
        NOTE,
        Subject.SETTING,
        "The old name still works. Rename it when convenient.",
        phases=(LATER,),
    ),
    Fact(
        "read-elsewhere",
        "another file reads a variable that this file reads no longer, or reads now",
        NOTE,
        Subject.SETTING,
        "The variable works as before.",
    ),
    Fact(
        "default-kept",
        "a variable that is no longer read leaves its old default as a literal",
        NOTE,
        Subject.SETTING,
        "Installations that did not set it do not change.",
    ),
    Fact(
        "added",
        "an optional environment variable or key is new",
        NOTE,
        Subject.SETTING,
        "Setting it is optional. Installations that do not set it do not change.",
    ),
)
