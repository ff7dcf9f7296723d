"""An announcement as the payload of a Slack incoming webhook, within the limits of Block Kit.

Limits and escapes: https://docs.slack.dev/reference/block-kit/blocks and https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from relbot.render.announcement.sections import announcement_sections, announcement_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relbot.deploy.announcement import Announcement

LONGEST_HEADER = 150
LONGEST_SECTION = 3000
MOST_BLOCKS = 50
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""What Slack gives a meaning: `<!channel>`, `<@U1>` and links all begin with `<`."""


def slack_payload(said: Announcement) -> dict[str, Any]:
    """Makes the payload: a text for notifications, and blocks. Nothing in it mentions anybody, links, or unfolds a preview."""
    title = announcement_title(said)
    texts = (
        text
        for heading, lines in announcement_sections(said)
        for text in _texts(f"*{heading}*", (line.translate(_ESCAPES) for line in lines))
    )
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": _cut(title, LONGEST_HEADER)}},
        *({"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}} for text in texts),
    ]
    if len(blocks) > MOST_BLOCKS:
        more = f"… and {len(blocks) - MOST_BLOCKS + 1} more parts. Run `relbot announce` to read all."
        blocks = [*blocks[: MOST_BLOCKS - 1], {"type": "context", "elements": [{"type": "mrkdwn", "text": more}]}]
    return {"text": title.translate(_ESCAPES), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def slack_json(said: Announcement) -> str:
    """Writes the payload as JSON."""
    return json.dumps(slack_payload(said), indent=2) + "\n"


def _texts(heading: str, lines: Iterable[str]) -> Iterator[str]:
    """The lines below a heading, in texts that are each short enough for a section."""
    text = heading
    for line in lines:
        item = f"\n• {line}"
        if len(text) + len(item) > LONGEST_SECTION:
            yield text
            text = heading
        text += item
    yield text


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
