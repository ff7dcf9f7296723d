"""The least that a job can cost, as programs of their own: what relbot's times are measured in."""

from __future__ import annotations

READ_AND_PARSE = """
import os, yaml
loader = yaml.CSafeLoader
for entry in os.scandir("changes"):
    with open(entry.path, encoding="utf-8") as file:
        yaml.load(file.read().split("---", 2)[1], Loader=loader)
"""
"""Reads all fragments and parses their front matter with libyaml."""

MOVE_AND_STAGE = """
import os, subprocess
os.makedirs("changes/released/1.0.0")
names = sorted(name for name in os.listdir("changes") if name.endswith(".md"))
for name in names:
    os.rename(f"changes/{name}", f"changes/released/1.0.0/{name}")
paths = [f"changes/{name}" for name in names] + [f"changes/released/1.0.0/{name}" for name in names]
listing = "".join(f"{path}\\0" for path in paths).encode()
subprocess.run(["git", "update-index", "--add", "--remove", "-z", "--stdin"], input=listing, check=True)
"""
"""Moves all fragments into a release and stages that in one git process."""
