"""The valid choice that is most like a wrong word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Set

__all__ = ["LONG", "alike", "nearest", "nearest_id", "one_slip"]

LONG = 200
"""Characters of a word beyond which it is not compared."""


def nearest(word: str, choices: Iterable[str], cutoff: float = 0.5) -> str | None:
    """Return the choice most like `word`, or None when nothing is like it (1 is the same)."""
    if len(word) > LONG:
        return None
    options: Collection[str] = choices if isinstance(choices, (Set, Mapping)) else list(choices)
    if same := next((w for w in _same_looking(word) if w in options), None):
        return same
    if len(options) > _MANY:
        # comparing with every one of 200,000 ids takes seconds; one slip of the pen is found so
        options = [w for w in _one_slip(word) if w in options]
    found = difflib.get_close_matches(word, options, n=1, cutoff=cutoff)
    return found[0] if found else None


def nearest_id(word: str, ids: Collection[str]) -> str | None:
    """Return the id most like `word`: one of the same form (`T-01` for `T-99`, no `H-0799`), or
    one that is nearly the same."""
    if len(ids) > _MANY or len(word) > LONG:
        return nearest(word, ids)
    form = _DIGITS.sub("0", word)
    return nearest(word, [i for i in ids if _DIGITS.sub("0", i) == form]) or nearest(
        word, ids, 0.65
    )


def one_slip(word: str, choice: str) -> bool:
    """Whether two words differ by one character wrong, more or less, or by two swapped."""
    if min(len(word), len(choice)) < _SLIP:
        return False
    start = next((n for n, (a, b) in enumerate(zip(word, choice, strict=False)) if a != b), None)
    if start is None:
        return abs(len(word) - len(choice)) == 1
    a, b = word[start:], choice[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[1::-1] == b[:2] and a[2:] == b[2:])


_SLIP = 2
_DIGITS = re.compile(r"\d+")


def alike(word: str, choices: Collection[str]) -> str | None:
    """Return the only choice that looks the same as `word`: in other case, or with digits for the
    letters that they are taken for."""
    found = {w for w in _same_looking(word) if w in choices}
    return found.pop() if len(found) == 1 and len(word) <= LONG else None


_MANY = 1000
_LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def _same_looking(word: str) -> list[str]:
    """Return `word` in other case, and with the digits that its letters are taken for."""
    big = word.upper()
    return [big, word.lower(), big.translate(_LOOK_ALIKE), big[:1] + big[1:].translate(_LOOK_ALIKE)]


def _one_slip(word: str) -> set[str]:
    """Return what `word` becomes by dropping, adding, changing or swapping one character."""
    letters = sorted({*word, *"0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ"})
    cuts = [(word[:n], word[n:]) for n in range(min(len(word), 40) + 1)]
    near = {head + tail[1:] for head, tail in cuts if tail}
    near |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    near |= {head + c + tail for head, tail in cuts for c in letters}
    return near | {head + c + tail[1:] for head, tail in cuts if tail for c in letters}
