"""The order of ids as people expect it: H-2 before H-10."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice, takewhile
from operator import lt

__all__ = ["in_order", "natural"]

_NUMBERS = re.compile(r"([0-9]+)")


def natural(text: str) -> tuple[str, str]:
    """Sort key by which numbers in ids count as numbers, and stand before letters."""
    return "".join(_numbered(text)), text


def _numbered(text: str) -> list[str]:
    """Split `text` at its numbers, each written so that it sorts as a number."""
    parts = _NUMBERS.split(text)
    parts[1::2] = [f"\0{len(d):c}{d}" if d[0] != "0" else _padded(d) for d in parts[1::2]]
    return parts


def _padded(digits: str) -> str:
    digits = digits.lstrip("0") or "0"
    return f"\0{len(digits):c}{digits}"


def _by_number(items: list[str]) -> list[str] | None:
    """Return items that differ in one number at their end alone in its order; None if others."""
    if len(items) < 2:
        return None
    same = takewhile(lambda pair: pair[0] == pair[1], zip(min(items), max(items), strict=False))
    prefix = "".join(letter for letter, _ in same).rstrip("0123456789")
    start = len(prefix)
    ends = [text[start:] for text in items]
    if not (
        all(map(str.isdecimal, ends)) and "".join(ends).isascii() and len(max(ends, key=len)) < 20
    ):
        return None
    numbers = list(map(int, ends))
    if all(map(lt, numbers, islice(numbers, 1, None))):
        return items
    if len(set(numbers)) < len(items):
        return None
    return sorted(items, key=dict(zip(items, numbers, strict=True)).__getitem__)


def in_order(texts: Iterable[str]) -> list[str]:
    """Return `texts` sorted by `natural`; much faster for many, by one pass over all of them."""
    items = list(texts)
    if (found := _by_number(items)) is not None:
        return found
    whole = "\n".join(items)
    if whole.count("\n") != len(items) - 1:
        return sorted(items, key=natural)
    keys = "".join(_numbered(whole)).split("\n")
    if len(set(keys)) < len(keys):
        return sorted(items, key=natural)
    return [items[n] for n in sorted(range(len(items)), key=keys.__getitem__)]
