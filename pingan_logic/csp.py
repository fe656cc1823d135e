"""What a Content-Security-Policy calls an inline element of a page."""

from __future__ import annotations

import base64
import hashlib

__all__ = ["inline_hash"]


def inline_hash(text: str) -> str:
    """Return the source expression, without quotes, that allows a style or script of this text."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
