"""Lines for a terminal: how wide a text is, where it may be broken, what stands at both edges."""

from __future__ import annotations

from unicodedata import east_asian_width

__all__ = ["WIDTH", "broken", "edges", "pad", "width"]

WIDTH = 80
"""Columns of a terminal."""


def width(text: str) -> int:
    """Return the columns that `text` takes; Chinese characters take two."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Pad to `columns` terminal columns; Chinese characters take two."""
    space = " " * max(0, columns - width(text))
    return space + text if right else text + space


def broken(text: str, columns: int = WIDTH, indent: str = "", hang: str | None = None) -> list[str]:
    """Break a line between Chinese characters and after spaces, never before a closing mark;
    `indent` stands before every line, or `hang` before all but the first."""
    lines: list[str] = []
    start = at = 0
    hang = indent if hang is None else hang
    room = columns - width(indent)
    for n, c in enumerate(text):
        room -= width(c)
        if room < 0 and at > start:
            lines.append((hang if lines else indent) + text[start:at].rstrip())
            start = at + (text[at] == " ")
            room = columns - width(hang) - width(text[start : n + 1])
        after = text[n + 1 : n + 2]
        wide = east_asian_width(c) in "WF" and c not in "（“‘《〔" and after != "("
        if (c == " " or wide) and after not in "，。；：、）”’》〕！？":
            at = n + 1
    return [*lines, (hang if lines else indent) + text[start:]] if text[start:] else lines


def edges(left: str, right: str) -> str:
    """Return a line with `left` at its left and `right` at its right edge."""
    return left + " " * max(2, WIDTH - width(left) - width(right)) + right
