"""Which revision runs somewhere. One file per kind of source; `relbot.deployed.ask` is the entrance."""
