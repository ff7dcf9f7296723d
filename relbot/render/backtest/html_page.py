"""A backtest as one page of HTML that needs nothing else: no script, no font, no picture, light and dark."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from relbot._version import __version__
from relbot.render.backtest.report_sections import report_sections, report_title
from relbot.render.common.invisible_characters import make_visible, one_line

if TYPE_CHECKING:
    from jinja2 import Template

    from relbot.review.backtest.report import BacktestReport

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{ title | line }}</title>
<style>
:root { color-scheme: light dark;
  --line: #c9ced6; --soft: #f3f5f8; --ink: #1b1f24; --paper: #fff; --link: #0b57d0; --dim: #57606a; }
@media (prefers-color-scheme: dark) {
  :root { --line: #3d444d; --soft: #1c2128; --ink: #e6edf3; --paper: #0d1117; --link: #79b8ff; --dim: #9da7b3; }
}
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 0 auto; max-width: 70rem;
  padding: 1rem 1.25rem 4rem; overflow-wrap: anywhere; }
a { color: var(--link); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: right; white-space: nowrap; }
thead th { background: var(--soft); }
th:first-child { text-align: left; white-space: normal; }
tbody th { font-weight: 400; }
summary { cursor: pointer; padding: .2rem 0; }
li { margin: .3rem 0; }
.said { display: block; color: var(--dim); }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { background: var(--soft); border: 1px solid var(--line); padding: .75rem; overflow-x: auto; }
</style>
</head>
<body>
<main>
<h1>{{ title | line }}</h1>
{% if sections | length > 1 %}
<nav aria-label="Sections">
<ul>
{% for section in sections %}
<li><a href="#s{{ loop.index }}">{{ section.title | line }}</a></li>
{% endfor %}
</ul>
</nav>
{% endif %}
{% for section in sections %}
<section aria-labelledby="s{{ loop.index }}">
<h2 id="s{{ loop.index }}">{{ section.title | line }}</h2>
{% for sentence in section.sentences %}
<p>{{ sentence | line }}</p>
{% endfor %}
{% for table in section.tables %}
<div class="scroll" tabindex="0" role="region" aria-label="{{ table.caption | line }}">
<table>
<caption>{{ table.caption | line }}</caption>
<thead><tr>{% for column in table.columns %}<th scope="col">{{ column | line }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in table.rows %}
<tr><th scope="row">{{ row[0] | line }}</th>{% for cell in row[1:] %}<td>{{ cell | line }}</td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
</div>
{% endfor %}
{% for examples in section.examples %}
<details>
<summary>{{ examples.title | line }} ({{ examples.lines | length }})</summary>
<ul>
{% for commit, date, subject, said in examples.lines %}
<li><code>{{ commit | line }}</code> {{ date | line }} {{ subject | line }}
{%- if said %} <span class="said">{{ said | line }}</span>{% endif %}</li>
{% endfor %}
</ul>
</details>
{% endfor %}
{% if section.code %}
<pre tabindex="0"><code>{{ section.code | text }}</code></pre>
{% endif %}
</section>
{% endfor %}
</main>
<footer><p>Made by relbot {{ version }}.</p></footer>
</body>
</html>
"""


def render(report: BacktestReport) -> str:
    """The page. What comes from the repository is escaped, and what cannot be seen is written out."""
    return _page_template().render(title=report_title(report), sections=list(report_sections(report)), version=__version__)


@cache
def _page_template() -> Template:
    from jinja2 import Environment  # 56 ms, for this format alone

    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    environment.filters["line"] = lambda text: one_line(text, 1000)
    environment.filters["text"] = make_visible
    return environment.from_string(_PAGE)
