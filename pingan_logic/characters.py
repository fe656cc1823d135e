"""Which characters of Unicode a text may hold, and how texts are compared."""

from __future__ import annotations

import unicodedata

__all__ = ["hidden", "is_han", "narrow"]

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def is_han(character: str) -> bool:
    """Whether a character is a Chinese one, also of a Unicode newer than Python's tables."""
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U000323af"


def hidden(character: str) -> bool:
    """Whether a character is a control, invisible, private or unassigned."""
    return unicodedata.category(character) in _HIDDEN and not is_han(character)


def narrow(text: str) -> str:
    """Return a text as names are compared: in its plain width, without case and white space."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
