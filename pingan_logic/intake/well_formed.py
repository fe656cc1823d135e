"""Columns told to be in order as a whole: hundreds of thousands of ids at the cost of a few."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from string import ascii_letters, digits
from typing import Any

from pingan_logic.characters import hidden

__all__ = [
    "LONGEST",
    "QUOTES",
    "WellFormed",
    "joined",
    "some_blank",
    "well_formed",
    "well_formed_lines",
]

QUOTES = frozenset("\"'`\\")
"""Characters that no id holds."""
LONGEST = 200
"""Characters in an id or text at most."""

_EDGES = re.compile(r"^[^\S\n]|[^\S\n]$", re.MULTILINE)
_NO_START = re.compile(r"\n[\W_]")
_POWERS = re.compile(r"^\d(?:\.\d+)?[eE]\+\d{2,3}$", re.MULTILINE)


class WellFormed(list[Any]):
    """A column whose every value was found to be as expected."""


def joined(values: Sequence[Any]) -> str | None:
    """Return texts as the lines of one, None when some are no texts of one line. To go through a
    text takes a tenth of the time that it takes to go through its lines."""
    try:
        whole = "\n".join(values)
    except TypeError:
        return None
    return whole if whole.count("\n") == max(len(values) - 1, 0) else None


def some_blank(whole: str) -> bool:
    """Whether nothing, or nothing but spaces, stands in some line of a text."""
    if "\n\n" in f"\n{whole}\n":
        return True
    # where there is no space at all, which one look tells, no line is made of spaces; the letters
    # around it let those at its ends be seen
    solid = len(f"x{whole}x".replace("\n", "").split(None, 1)) == 1
    return not solid and not all(map(str.strip, whole.split("\n")))


def well_formed(values: Sequence[Any], kind: str, *, tidy: bool = False) -> bool:
    """Whether all of a column's ids or texts are as expected, None being no value; `tidy` asks
    too that reading would change none. When it is not sure it says no: then each is looked at."""
    filled = values if None not in values else [v for v in values if v is not None]
    whole = joined(filled)
    return not filled or (whole is not None and well_formed_lines(whole, kind, tidy=tidy))


def well_formed_lines(whole: str, kind: str, *, tidy: bool = False) -> bool:
    """Whether all lines of a text are `well_formed`."""
    if _some_long(whole):
        return False
    if whole.isascii():
        rest = set(whole.encode().translate(None, _LETTERS))
        if _NEVER.isdisjoint(rest):  # no spaces, no quotes, nothing that has no print
            if kind == "text":
                return True
            lines = f"\n{whole}\n"
            if "\n\n" in lines or any(f"\n{c:c}" in lines for c in rest):
                return False
            return not (tidy and ord("+") in rest and _POWERS.search(whole))
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


_LETTERS = f"{ascii_letters}{digits}\n".encode()
_NEVER = frozenset({*range(0x21), 0x7F, *map(ord, QUOTES)})
"""Characters of ASCII for which a text is looked at more closely."""


def _some_long(whole: str) -> bool:
    """Whether a line is longer than allowed: it would fill a piece of half that length."""
    size = LONGEST // 2
    pieces = (whole[n : n + size] for n in range(0, len(whole) - size, size))
    return not all("\n" in piece for piece in pieces) and max(map(len, whole.split("\n"))) > LONGEST
