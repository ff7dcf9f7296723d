"""The notes of a release through a template of the project's own.

Jinja2 in its sandbox (https://jinja.palletsprojects.com/en/stable/sandbox/). A template sees `notes`, plain data as in the
format `json`, and nothing else: it includes no files, and cannot run for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from relbot.errors import UsageError
from relbot.fragment.body import shift_headings
from relbot.fragment.code_marks import code_block
from relbot.render.notes import markdown_inline, references
from relbot.render.notes.context import TemplateTask
from relbot.render.notes.markdown_item import as_item
from relbot.render.notes.notes_data import notes_data
from relbot.schema.hidden_characters import find_hidden_character

if TYPE_CHECKING:
    from collections.abc import Callable

    from relbot.config.model import Links
    from relbot.release.notes import Notes
    from relbot.render.notes.context import NotesContext
    from relbot.render.notes.references import Reference

MOST_CHARACTERS_OF_TEMPLATE = 1_000_000
"""How long a text or list that a template multiplies may get, and how many numbers its `range`s may give together."""


def render(notes: Notes, context: NotesContext) -> str:
    """Returns the notes through the template that the context brings along. UsageError as `render_template`."""
    run = context.run_template or render_template
    return run(TemplateTask(context.template, context.template_path, notes_data(notes, context.links), context.links))


def render_template(task: TemplateTask) -> str:
    """Returns the text of a template. UsageError with file and line of what is wrong with it."""
    environment = _Environment(task.links)
    path = task.path
    try:
        code = environment.compile(task.source, name=path, filename=path)
        template = environment.template_class.from_code(environment, code, environment.make_globals(None))
        text = template.render(notes=task.notes)
    except TemplateSyntaxError as error:
        raise _template_error(path, error.lineno, str(error.message)) from error
    except MemoryError as error:
        raise _template_error(path, _error_line(error, path), "The template takes too much memory.") from error
    except Exception as error:  # a template can make Python raise anything
        raise _template_error(path, _error_line(error, path), str(error) or type(error).__name__) from error
    if hidden := find_hidden_character(text):
        raise _template_error(path, None, f"The template writes a control character (U+{ord(hidden[0]):04X}).")
    return text if text.endswith("\n") else text + "\n"


class _Environment(SandboxedEnvironment):
    """The sandbox, with filters, and with bounds on what takes time or memory without end."""

    intercepted_binops = frozenset(("*", "**", "%"))

    def __init__(self, links: Links) -> None:
        super().__init__(
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False
        )
        self._left = MOST_CHARACTERS_OF_TEMPLATE
        self.globals["range"] = self._range
        self.filters["shift_headings"] = shift_headings
        self.filters["bullet"] = as_item
        self.filters["fenced"] = _fence_command
        self.filters["link_issue"] = _link_filter(references.issue_reference, links)
        self.filters["link_pr"] = _link_filter(references.pull_request, links)
        self.filters["link_author"] = _link_filter(references.author_reference, links)
        del self.globals["lipsum"], self.filters["format"]
        for name in ("center", "indent"):
            self.filters[name] = _bound_width(self.filters[name])

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "*" and _product_length(left, right) > MOST_CHARACTERS_OF_TEMPLATE:
            raise OverflowError(f"A result longer than {MOST_CHARACTERS_OF_TEMPLATE} is not allowed.")
        if operator == "**" and isinstance(left, int) and isinstance(right, int) and left.bit_length() * abs(right) > 1000:
            raise OverflowError("A power of more than 1000 bits is not allowed.")
        if operator == "%" and isinstance(left, str):
            raise OverflowError("`%` on a text is not allowed; `~` puts texts together.")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Texts lose the methods that make them as long as a number says."""
        padding = isinstance(obj, str) and attr in ("center", "ljust", "rjust", "zfill", "expandtabs", "format", "format_map")
        return not padding and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """Nothing in place of `str.format`, so that `is_safe_attribute` is asked about it."""

    def _range(self, *bounds: int) -> range:
        numbers = range(*bounds)
        self._left -= len(numbers) if len(numbers) <= MOST_CHARACTERS_OF_TEMPLATE else MOST_CHARACTERS_OF_TEMPLATE + 1
        if self._left < 0:
            raise OverflowError(f"Ranges of more than {MOST_CHARACTERS_OF_TEMPLATE} numbers together are not allowed.")
        return numbers


def _product_length(left: Any, right: Any) -> int:
    """How long a product is: of a text or list and a number. A product of numbers has no length."""
    if isinstance(left, int):
        left, right = right, left
    return len(left) * right if isinstance(left, str | list | tuple) and isinstance(right, int) else 0


def _bound_width(filter_: Callable[..., str]) -> Callable[..., str]:
    def bounded(text: str, width: Any = 4, *args: Any, **kwargs: Any) -> str:
        if isinstance(width, int) and width > 1000:
            raise OverflowError("A width above 1000 is not allowed.")
        return filter_(text, width, *args, **kwargs)

    return bounded


def _fence_command(command: str, info: str = "sh") -> str:
    return code_block(command, info)


def _link_filter(resolve: Callable[[str, Links], Reference], links: Links) -> Callable[[Any], str]:
    """A filter that makes a Markdown link of an issue, a pull request or an author, as the data has it or as a text."""

    def link(value: Any) -> str:
        return markdown_inline.markdown_link(resolve(str(value["id"] if isinstance(value, dict) else value), links))

    return link


def _error_line(error: BaseException, path: str) -> int | None:
    """The line of the template on which an error arose."""
    line = None
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == path:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def _template_error(path: str, line: int | None, message: str) -> UsageError:
    where = f"{path}:{line}" if line else path
    tip = "A template sees `notes`; its keys are those of the format `json`."
    return UsageError(
        f"{where}: {message}", tip=tip, example="{% for group in notes.groups %}\n### {{ group.title }}\n{% endfor %}"
    )
