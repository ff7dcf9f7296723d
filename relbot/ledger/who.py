"""Who uses relbot here."""

from __future__ import annotations

import os
import pwd
import re
from typing import TYPE_CHECKING

from relbot.deploy.log.record import Who

if TYPE_CHECKING:
    from relbot.git.process import Git

_IDENTITY = re.compile(r"(.*) <(.*)> \d+ [+-]\d{4}")


def identify_user(git: Git) -> Who:
    """The name and address that git would commit with, else the name of the account; and the name of the machine."""
    code, out, _ = git.answer("var", "GIT_COMMITTER_IDENT")
    match = _IDENTITY.fullmatch(out.decode("utf-8", "replace").strip()) if code == 0 else None
    host = os.uname().nodename
    return Who(match[1], match[2], host) if match else Who(_account_name(), "", host)


def _account_name() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"account {os.getuid()}"
