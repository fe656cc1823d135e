"""Zipped workbooks as inputs: one part is the input's, or the whole file is."""

from __future__ import annotations

import io
import zipfile

__all__ = ["pack", "parts", "seeds"]

RAW = 255
"""A first byte that says: the rest is the whole file."""


def parts(book: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(book)) as unpacked:
        return {n: unpacked.read(n) for n in unpacked.namelist()}


def seeds(good: dict[str, bytes], whole: bytes) -> list[bytes]:
    """Return one input for each part, and the file as a whole."""
    named = [bytes([n]) + content for n, content in enumerate(good.values())]
    return [*named, bytes([RAW]) + whole]


def pack(data: bytes, good: dict[str, bytes]) -> bytes:
    """Return the workbook that an input means."""
    if not data or data[0] == RAW:
        return data[1:]
    changed = list(good)[data[0] % len(good)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name, content in good.items():
            book.writestr(name, data[1:] if name == changed else content)
    return out.getvalue()
