"""The text of a notice in the folder of its policy: `notice.md`, each paragraph after its place."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["PARAGRAPH", "fold", "paragraphs_in", "places_in"]

PARAGRAPH = re.compile(r"\*\*\[(.+?)\]\*\* (.+)")
"""The place of a paragraph and its words."""

_MARKS = ",;:?!()"
_WIDE = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F) if chr(c - 0xFEE0) not in _MARKS}
_WIDE |= {ord(c): ord(c) + 0xFEE0 for c in _MARKS} | {0x3000: 0x20}


def fold(text: str) -> str:
    """Return text with full-width marks and half-width digits, as long as it was."""
    return text.translate(_WIDE)


def paragraphs_in(folder: Path) -> dict[str, str]:
    """Return the words at each place of the notice, in its order; none without a text."""
    path = folder / "notice.md"
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    text = fold(path.read_text(encoding="utf-8", errors="replace"))
    for place, words in PARAGRAPH.findall(text):
        found[place] = f"{found[place]}\n{words}" if place in found else words
    return found


def places_in(folder: Path) -> dict[str, int]:
    """Return which place of the notice is the first, the second and so on; none without a text."""
    return {place: n for n, place in enumerate(paragraphs_in(folder))}
