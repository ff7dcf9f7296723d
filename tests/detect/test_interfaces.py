"""What others use that is no longer there, per way to declare it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relbot.detect.interfaces.detector import DETECTOR
from relbot.detect.interfaces.kinds import LINE_DECLARATIONS, LineDeclaration
from tests.detect.changes import evidence, facts
from tests.tiers import examples

if TYPE_CHECKING:
    from relbot.detect.engine.facts import Table

# fmt: off
CASES: list[tuple[str, str, str, set[str]]] = [
    ("config/routes.rb", "get 'cars'\nresources :buses\n", "get 'cars'\n", {"route-removed"}),
    ("config/routes/api.rb", "get 'cars'\n", "get 'vehicles'\n", {"route-renamed"}),
    ("config/routes.rb", "  get 'cars' => 'car#index'\n", "get 'cars', to: 'car#index'\n", set()),
    ("shop/urls.py", 'p = [\n    url(r"^cars/$", cars),\n]\n', "p = []\n", {"route-removed"}),
    ("shop/urls.py", 'url(r"^cars/$", cars),\n', 'path("cars/", cars),\n', set()),
    ("shop/api.py", '@app.get("/cars")\ndef cars(): ...\n', "def cars(): ...\n", {"route-removed"}),
    ("shop/servlet.py", 'P = admin_patterns("/cars/x$")\n', 'P = admin_patterns("/cars/x")\n', set()),
    ("server/api.go", 'r.GET("/orgs/cars", x)\nr.POST("/b", y)\n', 'r.POST("/b", y)\n', {"route-removed"}),
    ("server/api.go", 'r.GET("/orgs/cars", x)\n', 'o := r.Group("/orgs")\no.GET("/cars", x)\n', set()),
    ("src/app.js", "app.get('/cars', x)\n", "x()\n", {"route-removed"}),
    ("shop/cli.py", "@click.command(help='x')\n@click.pass_obj\ndef pull(obj):\n    pass\n", "X = 1\n", {"command-removed",
     "export-removed"}),
    ("shop/cli.py", "@x.command(name='pull')\ndef a():\n    pass\n", "@x.command(name='fetch')\ndef a():\n    pass\n",
     {"command-renamed"}),
    ("A.java", '@GetMapping("/a")\n', "\n", {"route-removed"}),
    ("A.kt", 'class A {\n@GetMapping("/a")\nfun a() = 1\n}\n', "class A {\nfun a() = 1\n}\n", {"route-removed"}),
    ("Program.cs", 'app.MapGet("/a", A);\n', "\n", {"route-removed"}),
    ("Orders.cs", '[HttpGet("a")]\n', "\n", {"route-removed"}),
    ("routes/web.php", "<?php\nRoute::get('/a', A::class);\n", "<?php\n", {"route-removed"}),
    ("lib/router.ex", '  get "/a", A, :index\n', "\n", {"route-removed"}),
    ("src/main.rs", '.route("/a", get(a))\n', "\n", {"route-removed"}),
    ("shop/cli.py", "s.add_parser('pull')\n", "pass\n", {"command-removed"}),
    ("cmd/x.go", 'cobra.Command{\n\tUse:   "sync <a>",\n}\n', "x\n", {"command-removed"}),
    ("cmd/x.go", 'cli.Command{\n\tName:  "sync",\n}\n', "x\n", {"command-removed"}),
    ("setup.cfg", "[entry_points]\nconsole_scripts =\n    shop = shop.cli:main\n    shopd = shop.d:main\n",
     "[entry_points]\nconsole_scripts =\n    shop = shop.cli:main\n", {"program-removed"}),
    ("setup.cfg", "[entry_points]\nshop.drivers =\n    a = shop.a:A\n    b = shop.b:B\n",
     "[entry_points]\nshop.drivers =\n    a = shop.a:A\n", {"plugin-removed"}),
    ("pkg/m.go", 'prometheus.CounterOpts{\n\tName: "shop_sales_total",\n}\n', "prometheus.X\n", {"metric-removed"}),
    ("pkg/m.go", 'prometheus.CounterOpts{\n\tName: "shop_sales_total",\n}\n',
     'prometheus.CounterOpts{\n\tNamespace: "shop",\n\tName: "sales_total",\n}\n', set()),
    ("shop/m.py", 'Gauge("shop_queue_length", "x")\n', 'Gauge("shop_queue_size", "x")\n', {"metric-renamed"}),
    ("pkg/t.go", "type car struct {\n\tA string `json:\"a\"`\n\tB string `json:\"b\"`\n}\n",
     "type car struct {\n\tA string `json:\"a\"`\n}\n",
     {"json-field-removed"}),
    ("src/a.js", "hooks.callAll('carLoad', x)\n", "x()\n", {"hook-removed"}),
    ("shop/base.py", "class _A:\n    @abc.abstractmethod\n    def drive(self):\n        pass\n", "class _A:\n    pass\n",
     {"plugin-method-removed"}),
    ("shop/policies/car.py", "policy.DocumentedRuleDefault(\n    name='shop:get_car',\n    check_str=base.RULE_ADMIN)\n",
     "policy.DocumentedRuleDefault(\n    name='shop:get_car',\n    check_str=base.RULE_READER)\n", {"policy-default"}),
    ("shop/car.py", "def drive():\n    pass\n\n\ndef _a():\n    pass\n", "def _b():\n    pass\n", {"export-removed"}),
    ("pkg/internal/car.go", "func Drive() {}\n", "x\n", set()),
    ("docs/conf.py", "def drive():\n    pass\n", "x\n", set()),
]
# fmt: on


@pytest.mark.parametrize(("path", "before", "after", "expected"), CASES)
def test_what_is_gone(path: str, before: str, after: str, expected: set[str]) -> None:
    assert facts(DETECTOR, {path: (before, after)}) == expected


def test_what_moves_to_another_file_is_not_gone() -> None:
    route = 'url(r"^cars/$", cars),\n'
    assert facts(DETECTOR, {"a/urls.py": (route, "x = 1\n"), "b/urls.py": ("x = 1\n", route)}) == set()


def test_what_is_declared_twice_and_removed_once_is_not_gone() -> None:
    twice = 'Gauge("a_b", "x")\n' + "pass\n" * 30 + 'Gauge("a_b", "x")\n'
    assert facts(DETECTOR, {"shop/m.py": (twice, twice.replace('Gauge("a_b", "x")\n', "", 1))}) == set()


@pytest.mark.parametrize(("table", "expected"), [
    ({"shop/a.py": ("x = 1\n", None)}, {"file-deleted"}),
    ({f"shop/{name}.py": ("x = 1\n", None) for name in "abc"}, {"much-deleted"}),
    ({**{f"shop/{name}.py": ("x = 1\n", None) for name in "abc"}, "shop/d.py": (None, "x = 1\n" * 3)}, {"file-deleted"}),
    ({"tests/a.py": ("x = 1\n", None)}, set()),
])  # fmt: skip
def test_deleted_code(table: Table, expected: set[str]) -> None:
    assert facts(DETECTOR, table) == expected


def test_the_message_names_the_old_and_the_new_name() -> None:
    (found,) = evidence(DETECTOR, {"shop/m.py": ('Gauge("shop_queue_length", "x")\n', 'Gauge("shop_queue_size", "x")\n')})
    assert found.message.startswith("The metric `shop_queue_length` is no longer declared; new: `shop_queue_size`.")
    assert found.subjects == ("shop_queue_length",)


@pytest.mark.parametrize(
    "declared", [each for each in LINE_DECLARATIONS if each.marks], ids=lambda each: f"{each.kind.id} {each.paths.pattern}"
)
@settings(max_examples=examples(25, 400), deadline=None)
@given(st.data())
def test_every_match_holds_a_mark(declared: LineDeclaration, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(declared.pattern.pattern, declared.pattern.flags)))
    assert all(any(mark in match.group() for mark in declared.marks) for match in declared.pattern.finditer(text))
