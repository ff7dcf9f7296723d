"""Who uses relbot here."""

from __future__ import annotations

import os
import pwd
from typing import TYPE_CHECKING

from relbot.deploy.log.record import Who
from relbot.git.process import GitFailed
from relbot.schema import lazy_re as re

if TYPE_CHECKING:
    from relbot.git.process import Git

_IDENTITY = re.compile(r"(.*) <([^<>]*)> \d+ [+-]\d{4}")
_NO_IDENTITY = re.compile(r"tell me who you are|auto-detect|ident name|disallowed characters")
"""What git says where nobody told it a name, an address, or one that can be used."""


def identify_user(git: Git) -> Who:
    """The name and address that git would commit with, else the name of the account; and the name of the machine.

    GitFailed if git fails for another reason than that it knows nobody: one and the same person must not have two names.
    """
    words = ("var", "GIT_COMMITTER_IDENT")
    code, out, err = git.answer(*words)
    if code != 0 and not _NO_IDENTITY.search(err.decode("utf-8", "replace")):
        raise GitFailed(words, code, out, err)
    match = _IDENTITY.fullmatch(out.decode("utf-8", "replace").strip()) if code == 0 else None
    host = os.uname().nodename
    return Who(match[1], match[2], host) if match else Who(_account_name(), "", host)


def _account_name() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"account {os.getuid()}"
