"""The facts of the detector `literals` about data that the program keeps."""

from __future__ import annotations

from relbot.detect.engine.facts import ASK, REQUIRE, FactLevel, Subject, Table

Declared = tuple[str, str, FactLevel, Subject, str, str, Table]
"""A fact's id, what the diff shows, its level, its subject, what it means, the sentence about names, an example."""
DATA_FACTS: tuple[Declared, ...] = (
    (
        "retention-lowered",
        "data is kept for a shorter time",
        REQUIRE,
        Subject.STORE,
        "Data that is older is deleted for good.",
        "Data is kept for a shorter time: {names}",
        {"shop/clean.rb": ("KEEP_DAYS = 365\n", "KEEP_DAYS = 90\n")},
    ),
    (
        "layout-changed",
        "the naming of stored files changes",
        REQUIRE,
        Subject.STORE,
        "The program does not find existing files until you move them to their new names.",
        "The layout of stored files changes: {names}",
        {
            "shop/storage.py": (
                'def key(order):\n    return f"orders/{order.id}.pdf"\n',
                'def key(order):\n    return f"{order.shop}/{order.id}.pdf"\n',
            )
        },
    ),
    (
        "stored-value-changed",
        "a member of an enum that rows store has another value, or is gone",
        REQUIRE,
        Subject.COLUMN,
        "Rows still have the old value: they mean something else, or cannot be read.",
        "A stored value changes: {names}",
        {
            "app/models/order.rb": (
                "class Order\n  enum state: { open: 0, paid: 1 }\nend\n",
                "class Order\n  enum state: { open: 1, paid: 0 }\nend\n",
            )
        },
    ),
    (
        "encoding-changed",
        "what the program keeps is written and read in another form",
        REQUIRE,
        Subject.STORE,
        "The program cannot read what it kept before, and the code that runs until the restart cannot read what it writes.",
        "Data is kept in another form: {names}",
        {
            "shop/state.py": (
                "import pickle\n\n\ndef load(file):\n    return pickle.load(file)\n",
                "import json\n\n\ndef load(file):\n    return json.load(file)\n",
            )
        },
    ),
    (
        "cache-encoding-changed",
        "what is in a cache is written and read in another form",
        ASK,
        Subject.STORE,
        "The program cannot read what is in the cache. Clear it, or use other keys.",
        "A cache keeps its entries in another form: {names}",
        {
            "shop/cache.rb": (
                "def read(key)\n  Marshal.load(store.get(key))\nend\n",
                "def read(key)\n  JSON.parse(store.get(key))\nend\n",
            )
        },
    ),
)
