"""Which revision runs somewhere. One file per kind of source; `relbot.sources.resolve` is the entrance."""
