"""Pages in Debian's Chromium, without a network: `make test-browser`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

CHROMIUM = "/usr/bin/chromium"
_FLAGS = (
    "--no-sandbox",  # CI runs as root, and opens pages of its own alone
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # half a second, which `make test` does not need

    with sync_playwright() as playwright:
        env: dict[str, str | float | bool] = {"HOME": str(tmp_path_factory.mktemp("chromium")), "PATH": "/usr/bin:/bin"}
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS, env=env)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that is open, and what the browser itself says about it: its console, its requests, dialogs."""

    page: Page
    address: str
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


class Open(Protocol):
    def __call__(self, html: str, *, width: int = ..., dark: bool = ..., scripts: bool = ..., at: str = ...) -> Visit: ...


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a page from a file, as a reader does, in a context of its own."""
    closing: list[Callable[[], None]] = []

    def open_page(html: str, *, width: int = 1000, dark: bool = False, scripts: bool = True, at: str = "") -> Visit:
        file = tmp_path / "page.html"
        file.write_text(html, encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light", java_script_enabled=scripts
        )
        closing.append(context.close)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        opened = Visit(context.new_page(), f"file://{file}")
        opened.page.on("console", lambda message: opened.console.append(message.text))
        opened.page.on("pageerror", lambda error: opened.console.append(str(error)))
        opened.page.on("request", lambda request: opened.requests.append(request.url))
        opened.page.on("dialog", lambda dialog: opened.dialogs.append(dialog.message))
        opened.page.goto(opened.address + at)
        return opened

    yield open_page
    for close in closing:
        close()
