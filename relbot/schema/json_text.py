"""Reads JSON that somebody else may have written."""

from __future__ import annotations

import json
from typing import Any


def load_json(text: str | bytes) -> Any:
    """Returns the value of a JSON text. ValueError if it is none, or if it nests too deep or has too long a number to be read."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("its values nest too deep to be read") from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise ValueError("it has a number with too many digits") from None
