"""Columns told to be in order as a whole: hundreds of thousands of ids at the cost of a few."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from pingan_logic.characters import hidden

__all__ = ["LONGEST", "QUOTES", "Sound", "sound"]

QUOTES = frozenset("\"'`\\")
"""Characters that no id holds."""
LONGEST = 200
"""Characters in an id or text at most."""

_EDGES = re.compile(r"^[^\S\n]|[^\S\n]$", re.MULTILINE)
_NO_START = re.compile(r"\n[\W_]")
_POWERS = re.compile(r"^\d(?:\.\d+)?[eE]\+\d{2,3}$", re.MULTILINE)


class Sound(list[Any]):
    """A column whose every value was found to be as expected."""


def sound(values: Sequence[Any], kind: str, *, tidy: bool = False) -> bool:
    """Whether all of a column's ids or texts are as expected, None being no value; `tidy` asks
    too that reading would change none. When it is not sure it says no: then each is looked at."""
    filled = values if None not in values else [v for v in values if v is not None]
    if not filled:
        return True
    try:
        whole = "\n".join(filled)
    except TypeError:
        return False
    if whole.count("\n") != len(filled) - 1 or max(map(len, filled)) > LONGEST:
        return False
    solid = whole.replace("\n", "")
    # of what has no print, spaces other than the common one alone are allowed
    printable = solid.isprintable()
    if not printable and any(map(hidden, set(solid))):
        return False
    spaced = (not printable or " " in solid) and _EDGES.search(whole) is not None
    if kind == "text":
        return not (tidy and spaced)
    if spaced or any(quote in solid for quote in QUOTES) or _NO_START.search(f"\n{whole}\n"):
        return False
    if not tidy:
        return True
    normal = whole.isascii() or unicodedata.is_normalized("NFKC", whole)
    return normal and not ("+" in solid and _POWERS.search(whole))
