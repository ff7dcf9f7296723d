"""Which revision runs somewhere. One file per kind of source, named like its id; `relbot.sources.resolve` is the entrance."""
