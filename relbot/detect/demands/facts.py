"""The facts of the detector `demands`."""

from __future__ import annotations

from relbot.detect.engine.facts import ANY_PHASE, ASK, BEFORE_INSTALL, INTERFACE, REQUIRE, Fact, Subject, Table

_QUERY: Table = {
    "src/Orders.java": (
        'class Orders {\n  @GetMapping("/orders")\n  List all(@RequestParam(required = false) String state) { return a; }\n}\n',
        'class Orders {\n  @GetMapping("/orders")\n  List all(@RequestParam String state) { return a; }\n}\n',
    )
}
_OPTIONAL: Table = {
    "src/Orders.java": (
        'class Orders {\n  @GetMapping("/orders")\n  List all() { return a; }\n}\n',
        'class Orders {\n  @GetMapping("/orders")\n  List all(@RequestParam(required = false) String state) { return a; }\n}\n',
    )
}
_LOCALE: Table = {
    "app/controllers/prices_controller.rb": (
        "class PricesController < ApplicationController\n  def index; end\nend\n",
        "class PricesController < ApplicationController\n  before_action :set_locale\n  def index; end\nend\n",
    )
}

FACTS = (
    Fact(
        "parameter-required",
        "a request needs a parameter that was optional or not there",
        ASK,
        Subject.ROUTE,
        "Clients that do not send the parameter get an error.",
        scope=INTERFACE,
        phases=ANY_PHASE,
        wrong=_QUERY,
        right=_OPTIONAL,
    ),
    Fact(
        "argument-required",
        "a command needs an argument that was optional or not there",
        ASK,
        Subject.COMMAND,
        "Scripts and schedules that call the command without the argument fail.",
        phases=ANY_PHASE,
        wrong={
            "app/Console/Send.php": (
                "<?php\nclass Send extends Command {\n  protected $signature = 'mail:send {user?}';\n}\n",
                "<?php\nclass Send extends Command {\n  protected $signature = 'mail:send {user}';\n}\n",
            )
        },
        right={
            "app/Console/Send.php": (
                "<?php\nclass Send extends Command {\n  protected $signature = 'mail:send {user?}';\n}\n",
                "<?php\nclass Send extends Command {\n  protected $signature = 'mail:send {user?} {--queue}';\n}\n",
            )
        },
    ),
    Fact(
        "flag-required",
        "a program needs a flag that was optional or not there",
        REQUIRE,
        Subject.COMMAND,
        "The program does not start until units, scripts and containers pass the flag.",
        phases=(BEFORE_INSTALL,),
        wrong={
            "cmd/serve.go": (
                'package cmd\n\nfunc init() {\n\tserveCmd.Flags().String("dsn", "", "database")\n}\n',
                'package cmd\n\nfunc init() {\n\tserveCmd.Flags().String("dsn", "", "")\n\tserveCmd.MarkFlagRequired("dsn")\n}\n',
            )
        },
        right={
            "cmd/serve.go": (
                'package cmd\n\nfunc init() {\n\tserveCmd.Flags().String("dsn", "", "database")\n}\n',
                'package cmd\n\nfunc init() {\n\tserveCmd.Flags().StringP("dsn", "d", "", "database")\n}\n',
            )
        },
    ),
    Fact(
        "key-required",
        "the configuration needs a key that was optional",
        REQUIRE,
        Subject.SETTING,
        "Installations whose configuration has no such key fail to start, or fail where it is read.",
        phases=(BEFORE_INSTALL,),
        wrong={
            "shop/config.py": (
                'def load(data):\n    return Config(token=data.get("token"))\n',
                'def load(data):\n    return Config(token=data["token"])\n',
            )
        },
        right={
            "shop/config.py": (
                'def load(data):\n    return Config(token=data.get("token"))\n',
                'def load(data):\n    return Config(token=data.get("token", ""))\n',
            )
        },
    ),
    Fact(
        "file-required",
        "code reads a file of a secret that it did not need",
        REQUIRE,
        Subject.SECRET,
        "Installations that have no such file fail to start, or fail where it is read.",
        phases=(BEFORE_INSTALL,),
        wrong={
            "shop/mail.py": (
                "def password():\n    return ''\n",
                "def password():\n    return open('/run/secrets/mail_password').read()\n",
            )
        },
        right={
            "shop/mail.py": (
                "def password():\n    return ''\n",
                "FILE = Path('/run/secrets/mail')\ndef password():\n    return FILE.read_text() if FILE.exists() else ''\n",
            )
        },
    ),
    Fact(
        "host-required",
        "requests are refused that come for other names of hosts than those of a list",
        REQUIRE,
        Subject.POLICY,
        "Installations that answer under another name refuse all requests.",
        phases=ANY_PHASE,
        wrong={
            "shop/main.py": (
                "app = FastAPI()\n",
                "app = FastAPI()\napp.add_middleware(TrustedHostMiddleware, allowed_hosts=['shop.example.org'])\n",
            )
        },
        right={"shop/main.py": ("app = FastAPI()\n", "app = FastAPI()\napp.add_middleware(GZipMiddleware)\n")},
    ),
    Fact(
        "value-required",
        "records of a model need a value that was optional",
        ASK,
        Subject.COLUMN,
        "Records without the value can no longer be saved, by users or by other programs.",
        phases=ANY_PHASE,
        wrong={
            "app/models/car.rb": (
                "class Car < ApplicationRecord\nend\n",
                "class Car < ApplicationRecord\n  validates :colour, presence: true\nend\n",
            )
        },
        right={
            "app/models/car.rb": (
                "class Car < ApplicationRecord\nend\n",
                "class Car < ApplicationRecord\n  validates :colour, length: { maximum: 20 }\nend\n",
            )
        },
    ),
    Fact(
        "sign-in-required",
        "a route or a controller that was open needs a sign-in or a permission",
        REQUIRE,
        Subject.POLICY,
        "Clients without an account or the permission are refused.",
        scope=INTERFACE,
        phases=ANY_PHASE,
        wrong={
            "app/controllers/prices_controller.rb": (
                "class PricesController < ApplicationController\n  def index; end\nend\n",
                "class PricesController < ApplicationController\n  before_action :authenticate_user!\n  def index; end\nend\n",
            )
        },
        right=_LOCALE,
    ),
)
