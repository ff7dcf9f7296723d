"""An announcement in every format: text, Markdown, and the blocks of Slack."""
