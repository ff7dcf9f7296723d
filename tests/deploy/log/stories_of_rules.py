"""Histories in one line each, by the rule that each is about, and what follows from them. `story.py` explains the words."""

STORIES_OF_RULES = {
    # What the end of a deploy says.
    "begin ab; end ab later=x#1; begin ba; back ba never=x#1:undo": "runs a; held b",
    "begin ab; end ab never=x#1+x#1:undo; begin ba; back ba never=x#1:undo": "runs a; never x#1, x#1:undo; held b",
    "begin ab; failed ab x#1; skip ab x#1; end ab never=x#1; begin ba; back ba never=x#1:undo": (
        "runs a; failed x#1; never x#1, x#1:undo; held b"
    ),
    "begin ab; end ab later=x#1+x#2; begin bc; end bc moot=x#2 never=x#1:undo": "runs c",
    "begin ab; end ab later=x#1:undo; begin bc; end bc moot=x#1:undo": "runs c; never x#1:undo",
    "begin ab; end ab; done ac y#1; begin bc; end bc": "runs c; stray done y#1",
    "begin ab; done cb x#1; done ab x#1; end ab": "runs b; ended with x#1 done",
    "begin ab; done ab x#1; done cb x#1; end ab": "runs b; ended with x#1 done",
    "begin ab; end ab later=x#1; done ab x#1; begin bc; end bc; done ab x#1": "runs c; stray done x#1",
    "begin ab; begin cb; end cb": "runs b",
    "begin ab; done ab x#1; done ab x#1; ~end ab": "runs b; ended with x#1 done",
    "begin ab; failed ab x#1; done ab x#1; ~end ab later=x#2": "runs b; ended with x#1 done; left x#2; never x#2; stray done x#1",
    "done cb x#1; begin ab; end ac": "to b; stray done x#1, ended",
    "begin ab; overrule ab phase:x#1>later; end ab later=x#1": "runs b; left x#1; never x#1; placed x#1 later",
    "begin ab; overrule ab phase:x#1>later; end ab later=y#1": "runs b; left y#1; never y#1",
    "begin ab; overrule ab phase:x#1>later; end ab later=x#1; begin bc; done bc x#1; end bc": "runs c; ended with x#1 done",
    "begin ab; turn ac instead=b": "to c; held b",
    "begin ab; turn aa": "to a",
    "begin ab; begin ac instead=b": "to c",
    "begin ab; end ab; begin bc; turn ba instead=c; back ba instead=c": "runs a; held c",
    "begin ab; done ab x#2; end ab later=x#2; failed ab x#2": "runs b; ended with x#2 failed; left x#2 failed",
    "begin ab; done ab x#2; end ab later=x:amended+x#2+y#1; done ab x:amended": (
        "runs b; ended with x#2 done, x:amended done; left y#1; never y#1"
    ),
    "begin ab; end ab later=x#1; begin bc; done bc x#1; failed ab x#1; ~end bc moot=x#1; slip bc x#1 !4": (
        "runs c; left x#1 failed; never x#1; stray failed x#1"
    ),
    # Changes that have other names by now.
    "begin ab renamed=xy; abort ab; begin bc; done bc x#1": "to c; has x#1 done",
    "begin ab renamed=xy; abort ab; begin ac; done ac x#1": "to c; has y#1 done",
    "begin ab; end ab later=x#1:undo; begin bc renamed=xy": "runs b; to c; left y#1:undo; never y#1:undo",
    "begin ab; end ab later=x#1; done ab x#1 on=v of=v+w; begin bc renamed=xy": (
        "runs b; to c; ended with x#1 done; left x#1; never x#1; done on x#1 v; open on x#1 w"
    ),
    "begin ab; end ab later=x#1:undo; done ab x#1:undo on=v of=v+w; begin bc renamed=xy": (
        "runs b; to c; ended with x#1:undo done; left y#1:undo; never y#1:undo; done on x#1:undo v; open on y#1:undo w"
    ),
    "begin ab; end ab later=x#1; done ab x#1 on=v of=v+w; begin bc; end bc renamed=xy": (
        "runs c; left y#1; never y#1; done on y#1 v; open on y#1 w"
    ),
    # Slips, and ends that believed them.
    "failed ab x#1; begin ac; slip ac x#1; ~end ac": "runs c; stray mistaken x#1",
    "begin ab; skip ab x#1; end ab later=x#1:undo; slip ab x#1": "runs b; left x#1:undo; never x#1:undo; stray mistaken x#1",
    "begin ab; skip ab x#1:undo; end ab never=x#1; slip ab x#1": "runs b; never x#1; stray mistaken x#1",
    "begin ab; done ab x#1; end ab later=x#2; slip ab x#1": "runs b; left x#2, x#1; never x#2, x#1",
    "failed ab y#1; slip ab y#1 on=v": "",
    "done ab x#1 on=v; slip ab x#1": "",
    "done ab x#1 on=v; slip ab x#1 on=w": "stray done x#1",
    # What belongs to no deploy that is known.
    "abort ab; begin ac": "to c; stray aborted",
    "begin ab; abort ac; glass ac": "to b; stray aborted, break-glass",
    "done ab y#1; abort ba": "stray done y#1, aborted",
    "begin ab; end cb; adopt c": "runs c",
    "begin ab; end cb; ~adopt c": "runs c; stray ended",
    "begin ab; failed ab x#1; overrule ab step:x#1; glass ac; abort ab": (
        "aborted b; stray break-glass, failed x#1; open break-glass"
    ),
    "begin ab; done ab x#1; failed ab x#1:undo; skip ab x#1; abort ab": "aborted b; stray done x#1, failed x#1:undo",
    "begin ab; skip ab x#1; done ab x#1:undo; begin ba": "to a; stray done x#1:undo",
    "begin ab; end ab never=x#1; done ab y#1:undo": "runs b; never x#1; stray done y#1:undo",
    # What is set aside, told and locked.
    "overrule ab step:x#1; overrule bc step:x#2; begin ab": "to b; set aside step:x#1",
    "overrule cb left:c; begin ac": "to c",
    "overrule ab step:x#1; begin ab; begin ac": "to c",
    "glass ab; begin cb": "to b",
    "glass ab; ~begin ac": "to c",
    "note -; note -": "notes by writer 0, writer 1",
    "note -; note -; lift - note !1": "notes by writer 1",
    "lock -; lock -": "locked by writer 0",
    "lock -; unlock -; lock -": "locked by writer 2",
    # What two did at once.
    "end ab; ~begin bc": "runs b; to c",
    "end ab; ~begin ac": "to c; stray ended",
    "end ab; ~begin ab": "runs b; to b",
    # Steps that are done on some of their hosts.
    "begin ab; end ab; failed ab x#1 on=v": "runs b; ended with x#1 failed; left x#1 failed; never x#1; open on x#1 v",
    "begin ab; end ab; failed ab x#1 on=v of=v+w": (
        "runs b; ended with x#1 failed; left x#1 failed; never x#1; done on x#1 v+w; open on x#1 v"
    ),
    "begin ab; end ab later=x#1; failed ab x#1 on=v": "runs b; ended with x#1 failed; left x#1 failed; never x#1",
    "begin ab; end ab later=x#1; failed cb x#1; done ab x#1 on=v of=v+w": (
        "runs b; ended with x#1 done; left x#1 failed; never x#1; done on x#1 v; open on x#1 w"
    ),
    "begin ab; end ab later=x#1; failed ab x#1 on=v of=v+w; done ab x#1 on=v of=v+w": (
        "runs b; ended with x#1 done; left x#1; never x#1; done on x#1 v; open on x#1 w"
    ),
    "begin ab; end ab later=x#1; failed ab x#1 on=v of=v+w; done ab x#1 on=w of=v+w": (
        "runs b; ended with x#1 failed; left x#1 failed; never x#1; done on x#1 w; open on x#1 v"
    ),
    "begin ab; end ab later=x#1; done ab x#1 on=v of=v+w; done ab x#1 on=w of=v+w": (
        "runs b; ended with x#1 done; done on x#1 v+w"
    ),
    "begin ab; end ab later=x#1; done ab x#1 on=v of=v+w; done ab x#1": "runs b; ended with x#1 done",
    "begin ab; end ab never=x#1; undone ab x#1 on=v": "runs b; ended with x#1:undo undone; left x#1; never x#1",
    "begin ab; done ab x#1 on=v of=v+w; end ab later=x#1": (
        "runs b; ended with x#1 done; left x#1; never x#1; done on x#1 v; open on x#1 w"
    ),
    "begin ab; done ab x#1 on=v of=v+w; done ab x#1 on=w of=v+w; end ab; undone ab x#1 on=v of=v+w": (
        "runs b; ended with x#1:undo undone; left x#1; never x#1; done on x#1 w; open on x#1 v"
    ),
    "begin ab; done ab x#1 on=v of=v+w; end ab later=x#1; undone ab x#1": (
        "runs b; ended with x#1:undo undone; left x#1; never x#1; open on x#1 v+w"
    ),
    "begin ab; done ab x#1; end ab; undone ab x#1 on=v of=v+w": (
        "runs b; ended with x#1:undo undone; left x#1; never x#1; done on x#1 w; open on x#1 v"
    ),
    "begin ab; done ab x#1 on=v of=v+w; end ab": "runs b; ended with x#1 done; done on x#1 v",
    "begin ab; failed ab x#1:undo on=v of=v+w; end ab": "runs b; ended with x#1:undo failed; done on x#1 v",
    "begin ab; start ab x#1 on=v of=v+w; end ab later=x#1": "runs b; left x#1; never x#1; open on x#1 v+w",
    "begin ab; done ab x#1 on=v of=v+w; skip ab x#1 on=w of=v+w; end ab": "runs b; ended with x#1 done; done on x#1 v",
    "begin ab; end ab later=y#1; begin bc; done bc x#1 on=v of=v+w": "runs b; to c; has x#1 done; left y#1; never y#1",
    "begin ab; done ab x#1 on=v of=v+w; done ab x#1; end ab": "runs b; ended with x#1 done",
    "begin ab; done ab x#1 on=v of=v+w; end ab later=x#1; failed ab x#1 on=w of=v+w": (
        "runs b; ended with x#1 failed; left x#1 failed; never x#1; done on x#1 v+w; open on x#1 w"
    ),
    "begin ab; end ab never=x#1; done ab x#1 on=v of=v+w": "runs b; ended with x#1 done; never x#1; done on x#1 v; open on x#1 w",
    "begin ab; failed ab x#1 on=v; done ab x#1 on=w; start ab x#1": "to b; has x#1 failed",
    "begin ab; done ab x#1 on=w; end ab; undone ab x#1 on=v": (
        "runs b; ended with x#1:undo undone; left x#1; never x#1; done on x#1 w; open on x#1 v"
    ),
}
