"""Amounts, times and sizes, which configurations write in several ways: `1024Mi` and `1Gi`, `90s` and `1m30s`."""

from __future__ import annotations

from relbot.schema import lazy_re as re

_QUANTITY = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)(m|[KMGT]i|[kMGT])?")
_UNITS = {
    "": 1.0,
    "m": 0.001,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "Ki": 2.0**10,
    "Mi": 2.0**20,
    "Gi": 2.0**30,
    "Ti": 2.0**40,
}
"""Of Kubernetes."""
_TIME = re.compile(
    r"PT?(?=\d)(?:\d{1,9}(?:\.\d{1,6})?[DHMS]T?){1,4}|(?:\d{1,12}(?:\.\d{1,6})?\s?(?:ns|us|ms|s|min|m|h|d|w)\s?){1,4}", re.I
)
_PART_OF_TIME = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s?(ns|us|ms|s|min|m|h|d|w)", re.I)
_SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)\s?([KMGT]?)i?B", re.I)
_SIZES = " KMGT"
_ALMOST = 1e-9


def is_same_quantity(old: str, new: str) -> bool:
    """Whether two values are one amount of Kubernetes, one time or one size in bytes, in different units."""
    was, now = (value.strip("\"' ") for value in (old, new))
    return any(
        None not in both and abs(both[0] - both[1]) <= _ALMOST * max(both)  # type: ignore[operator, type-var]  # both are numbers
        for both in ((read(was), read(now)) for read in (_read_amount, _read_time, _read_size))
    )


def _read_amount(text: str) -> float | None:
    found = _QUANTITY.fullmatch(text)
    return None if found is None else float(found[1]) * _UNITS[found[2] or ""]


def _read_time(text: str) -> float | None:
    if _TIME.fullmatch(text) is None:
        return None
    return sum(float(number) * _SECONDS[unit.lower()] for number, unit in _PART_OF_TIME.findall(text))


def _read_size(text: str) -> float | None:
    found = _SIZE.fullmatch(text)
    return None if found is None else float(found[1]) * 1024.0 ** _SIZES.index(found[2].upper() or " ")
