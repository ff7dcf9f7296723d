"""Stories of `tests/deploy/log` that a further issue of a ledger on GitHub could not carry on."""

STAYS = {
    "begin ab; done ab x#1 on=v of=v+w; end ab later=x#1; undone ab x#1",
    "begin ab; done ab x#1; end ab renamed=xy; failed ab x#1",
    "begin ab; done ab x#1; end ab renamed=xy; undone ab x#1",
    "begin ab; done ab x#1; end ab; begin bc; end bc; failed bc x#1",
    "begin ab; done ab x#1; end ab; failed ab x#1",
    "begin ab; done ab x#1; end ab; undone ab x#1; done ab x#1",
    "begin ab; end ab later=x#1; done ab x#1 on=v of=v+w; begin bc; end bc renamed=xy",
    "begin ab; end ab later=x#1; done ab x#1 on=v of=v+w; done ab x#1 on=w of=v+w",
    "begin ab; end ab later=x#2; begin bc; end bc renamed=xy; done ab y#2",
    "begin ab; end ab later=x#2; done ab x#2 later=restart:web; done ab restart:web",
    "begin ab; end ab later=x#2; done ab x#2 later=restart:web; skip ab restart:web",
    "begin ab; end ab later=x#2; failed ab x#2; skip ab x#2",
    "begin ab; end ab never=x#1+x#1:undo; begin ba; back ba never=x#1:undo",
    "begin ab; end ab never=x#1+x#2; failed ab x#1",
    "begin ab; end ab never=x#1; done ab x#1 on=v of=v+w",
    "begin ab; end ab never=x#1; undone ab x#1 on=v",
    "begin ab; end ab; failed ab x#1 on=v of=v+w",
    "begin ab; end ab; failed ab x#1 on=v",
    "begin ab; end ab; undone ab x#1 later=restart:web; done ab restart:web; done ab x#1 later=restart:web",
    "begin ab; turn ac instead=b",
    "begin ab renamed=xy; abort ab; begin ac; done ac x#1",
}
"""Stories after which the issue goes on: more follows from their records than from those that would be carried."""
